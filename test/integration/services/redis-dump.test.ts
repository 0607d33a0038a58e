import { afterAll, beforeAll, expect, it } from 'vitest';
import { limits } from '../../../main/limits.ts';
import { onDatabase } from '../../../main/services/redis/dump/databases.ts';
import type { KeyRecord } from '../../../main/services/redis/dump/record.ts';
import { recordsOf } from '../../../main/services/redis/dump/values.ts';
import type { RedisLink } from '../../../main/services/redis/link.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';

const database = 7;
const later = Date.now() + 3_600_000;

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(['redis']);
});
afterAll(() => servers?.close());

it('reads every key with its value, also those too large to come with others, with scripts and without', async (test) => {
  const connection = connectionOf(servers, 'redis', test);
  const large = ['large:1', 'large:2'];
  const many = Array.from({ length: limits.dumpKeys * 3 }, (_, at) => `many:${at}`);
  await onDatabase(connection, database, async (link) => {
    for (const key of large) await link.call('SET', key, Buffer.alloc(limits.dumpValuesBytes, key));
    await link.pipeline(many.map((key, at) => ['SET', key, `value ${at}`, ...(at % 2 ? ['PXAT', later] : [])]));
    await link.call('HSET', Buffer.from([0, 255, 10]), 'field', Buffer.from([1, 0, 2]));
    await link.call('ACL', 'SETUSER', 'plain', 'on', '>plain', '~*', '+@all', '-@scripting');
  });

  const withScripts = await onDatabase(connection, database, all);
  const parts = { ...connection.parts, user: 'plain', password: 'plain' };
  const without = await onDatabase({ ...connection, parts }, database, all);

  expect(withScripts.size).toBe(large.length + many.length + 1);
  expect(withScripts).toEqual(without);
  expect(withScripts.get(hex('many:1'))?.expires).toBe(later);
  expect(withScripts.get(hex('many:2'))?.expires).toBe(0);
  expect(withScripts.get(hex(Buffer.from([0, 255, 10])))?.payload.includes(Buffer.from([1, 0, 2]))).toBe(true);
});

function hex(key: string | Buffer): string {
  return Buffer.from(key).toString('hex');
}

async function all(link: RedisLink): Promise<ReadonlyMap<string, KeyRecord>> {
  const found = new Map<string, KeyRecord>();
  for await (const records of recordsOf(link, new AbortController().signal)) {
    for (const record of records) found.set(hex(record.key), record);
  }
  return found;
}
