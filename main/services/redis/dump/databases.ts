/** The numbered databases of a server, each by a connection of its own. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { DumpCount, DumpPlace } from '../../dumper.ts';
import type { Connection } from '../../kind.ts';
import { asArray, asNumber, asText, RedisLink } from '../link.ts';
import { parseInfo } from '../verify.ts';

export async function onDatabase<T>(connection: Connection, database: number, act: (link: RedisLink) => Promise<T>): Promise<T> {
  const link = new RedisLink(connection, {
    name: 'noodlebox-backup',
    onOpen: async (redis) => {
      await redis.select(database);
    },
  });
  try {
    return await act(link);
  } finally {
    link.close();
  }
}

export interface Keyspace {
  readonly database: number;
  readonly keys: number;
  readonly expiring: number;
}

/** Databases that have keys, and the first one in any case. */
export async function keyspaces(link: RedisLink): Promise<Keyspace[]> {
  const info = parseInfo((await link.text('INFO', 'keyspace')) ?? '');
  const found = Object.entries(info).flatMap(([name, text]) => {
    const [, database] = /^db(\d+)$/.exec(name) ?? [];
    const [, keys, expires] = /keys=(\d+),expires=(\d+)/.exec(text) ?? [];
    return database === undefined ? [] : [{ database: Number(database), keys: Number(keys), expiring: Number(expires) }];
  });
  return found.some(({ database }) => database === 0) ? found : [{ database: 0, keys: 0, expiring: 0 }, ...found];
}

export async function counts({ connection }: DumpPlace): Promise<readonly DumpCount[]> {
  const found = await onDatabase(connection, 0, keyspaces);
  return found.flatMap(({ database, keys, expiring }) => countsOf(database, keys - expiring, expiring, null));
}

export function countsOf(database: number, kept: number, expiring: number, checksum: string | null): DumpCount[] {
  return [
    { name: `keys of database ${database}`, count: kept, checksum },
    { name: `keys of database ${database} that expire`, count: expiring, checksum: null, fleeting: true },
  ];
}

/** How many databases the server has; Redis's own default where it does not tell. */
export async function databaseCount(link: RedisLink): Promise<number> {
  const told = await link.call('CONFIG', 'GET', 'databases').catch(() => null);
  return Number(told === null ? 16 : (asText(asArray(told)[1]) ?? 16));
}

/** All keys, in batches; one may come twice while others change. */
export async function* keysOf(link: RedisLink, signal: AbortSignal): AsyncGenerator<Buffer[]> {
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const [next, keys] = asArray(await link.call('SCAN', cursor, 'COUNT', limits.dumpKeys));
    cursor = asText(next) ?? '0';
    const found = asArray(keys).filter((key) => Buffer.isBuffer(key));
    if (found.length > 0) yield found;
  } while (cursor !== '0');
}

/** Deletes all keys of a database: FLUSHDB may be renamed away. */
export async function empty(link: RedisLink, signal: AbortSignal): Promise<void> {
  // A database whose keys change may need another round.
  while ((asNumber(await link.call('DBSIZE')) ?? 0) > 0) {
    for await (const keys of keysOf(link, signal)) must(await link.call('UNLINK', ...keys));
  }
}

export function must<T>(reply: T | Error): T {
  if (reply instanceof Error) throw reply;
  return reply;
}

export async function evicted(link: RedisLink): Promise<number> {
  return Number(parseInfo((await link.text('INFO', 'stats')) ?? '').evicted_keys ?? 0);
}

export function noRoom(): NoodleError {
  return new NoodleError({
    code: 'too-large',
    what: 'Redis has no room for a second copy of its keys: it began to evict some.',
    why: 'What is restored is made ready beside what is there, and swapped in one step.',
    todo: 'Raise maxmemory, or delete keys that nobody needs, then try again.',
  });
}
