/** One real Redis and a session on it, for the tests of the cache panel. */
import { afterAll, afterEach, beforeAll, type TestContext } from 'vitest';
import type { Connection } from '../../../main/services/kind.ts';
import { type Argv, RedisLink } from '../../../main/services/redis/link.ts';
import { openSession, type RedisSession } from '../../../main/services/redis/session.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';

export interface RedisBed {
  readonly connection: Connection;
  readonly session: RedisSession;
  /** A connection of the test's own. */
  readonly link: RedisLink;
  run(...commands: Argv[]): Promise<void>;
}

/** @returns what gives the bed to a test, or skips it with the reason */
export function redisBed(): (test: Pick<TestContext, 'skip'>) => RedisBed {
  let servers: Servers;
  let bed: RedisBed | undefined;
  beforeAll(async () => {
    servers = await withServers(['redis']);
    const connection = servers.connections.redis;
    if (!connection) return;
    const link = new RedisLink(connection, { name: 'test' });
    const session = await openSession(connection, { spool: () => Promise.reject(new Error('nothing is spooled')) });
    bed = {
      connection,
      session,
      link,
      async run(...commands) {
        for (const reply of await link.pipeline(commands)) if (reply instanceof Error) throw reply;
      },
    };
  });
  afterEach(async () => {
    for await (const keys of bed?.session.scan({ by: 'pattern', pattern: '', type: null }, new AbortController().signal) ?? []) {
      await bed?.link.call('UNLINK', ...keys);
    }
  });
  afterAll(async () => {
    await bed?.session.close();
    bed?.link.close();
    await servers?.close();
  });
  return (test) => {
    connectionOf(servers, 'redis', test);
    return bed!;
  };
}

/** Text and binary names that break what is careless. */
export const hostileNames = (texts: readonly string[]): readonly Buffer[] => [
  ...texts.map((text) => Buffer.from(text)),
  Buffer.from('with\nnewline\r\nand\ttab'),
  Buffer.from('emoji 👩‍💻🍜'),
  Buffer.from([0xff, 0xfe, 0x00, 0x3a, 0x80, 0x0a]),
  Buffer.from('back\\slash\\x41'),
  Buffer.from(''),
  Buffer.from(' '),
  Buffer.from('__proto__'),
];

/** Collects a stream to its end. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}
