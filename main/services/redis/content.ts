/** Keys of database 0 with their values and the time they go. */
import { createHash } from 'node:crypto';
import { limits } from '../../limits.ts';
import { type ContentItem, type StoreContent, shownText } from '../content.ts';
import type { Connection } from '../kind.ts';
import { type Argv, asArray, asBytes, asNumber, asText, RedisLink, type Reply } from './link.ts';

const database = 'database 0';

/** How a value of each type is read, and how large it is: its elements, or its bytes for a string. */
const readers: Readonly<Record<string, { readonly size: string; readonly read: (key: Buffer) => Argv; readonly unordered?: 1 | 2 }>> = {
  string: { size: 'STRLEN', read: (key) => ['GET', key] },
  list: { size: 'LLEN', read: (key) => ['LRANGE', key, 0, -1] },
  hash: { size: 'HLEN', read: (key) => ['HGETALL', key], unordered: 2 },
  set: { size: 'SCARD', read: (key) => ['SMEMBERS', key], unordered: 1 },
  zset: { size: 'ZCARD', read: (key) => ['ZRANGE', key, 0, -1, 'WITHSCORES'] },
  stream: { size: 'XLEN', read: (key) => ['XRANGE', key, '-', '+'] },
};

/** @throws NoodleError wrong-password, service-unreachable */
export async function openContent(connection: Connection): Promise<StoreContent> {
  const link = new RedisLink(connection, { name: 'noodlebox-diff' });
  await link.call('PING');
  return {
    item: 'key',
    notes: [
      'Keys whose time has run out since a snapshot was taken are gone as soon as it is opened.',
      `Values of more than ${limits.diffElements.toLocaleString('en')} elements or ${limits.diffValueBytes / 2 ** 20} MiB are compared by type and size only; consumer groups of streams are not compared.`,
    ],
    parts: async () => [{ name: database, items: asNumber(await link.call('DBSIZE')) ?? 0, digest: null }],
    async *items(_part, signal) {
      let cursor = '0';
      do {
        signal.throwIfAborted();
        const [next, keys] = asArray(await link.call('SCAN', cursor, 'COUNT', limits.scanCount));
        cursor = asText(next) ?? '0';
        yield await read(link, asArray(keys).map(asBytes), signal);
      } while (cursor !== '0');
    },
    close: async () => link.close(),
  };
}

async function read(link: RedisLink, keys: readonly Buffer[], signal: AbortSignal): Promise<ContentItem[]> {
  const heads = await link.pipeline(
    keys.flatMap((key): Argv[] => [
      ['TYPE', key],
      ['PEXPIRETIME', key],
    ]),
    signal,
  );
  const types = keys.map((_, at) => asText(heads[2 * at]) ?? 'none');
  const sizes = await link.pipeline(
    keys.map((key, at): Argv => [readers[types[at]!]?.size ?? 'EXISTS', key]),
    signal,
  );
  const small = (at: number) => {
    const most = types[at] === 'string' ? limits.diffValueBytes : limits.diffElements;
    return readers[types[at]!] !== undefined && (asNumber(sizes[at]) ?? 0) <= most;
  };
  const values = await link.pipeline(
    keys.map((key, at): Argv => (small(at) ? readers[types[at]!]!.read(key) : ['EXISTS', key])),
    signal,
  );
  return keys.flatMap((key, at) => {
    // Gone since it was listed.
    if (types[at] === 'none') return [];
    const until = asNumber(heads[2 * at + 1]);
    const leaves = small(at) ? ordered(values[at]!, readers[types[at]!]!.unordered) : [Buffer.from(`${types[at]} ${asText(sizes[at])}`)];
    const hash = createHash('sha256').update(`${types[at]} ${until}\n`);
    for (const leaf of leaves) hash.update(`${leaf.length}:`).update(leaf);
    const words = leaves.map((leaf) => leaf.toString('utf8')).join(' ');
    const expires = until !== null && until > 0 ? ` until ${new Date(until).toISOString()}` : '';
    return [{ key: textOf(key), digest: hash.digest('hex'), text: shownText(`${types[at]}${expires} ${words}`, limits.diffText) }];
  });
}

/** The bytes of a reply, one after the other; hashes and sets in the order of their names. @param unordered replies that belong together */
function ordered(reply: Reply, unordered: 1 | 2 | undefined): Buffer[] {
  const leaves = flat(reply);
  if (unordered === undefined) return leaves;
  const groups = Array.from({ length: leaves.length / unordered }, (_, at) => leaves.slice(at * unordered, (at + 1) * unordered));
  return groups.sort(([a], [b]) => Buffer.compare(a!, b!)).flat();
}

function flat(reply: Reply): Buffer[] {
  return Array.isArray(reply) ? reply.flatMap(flat) : [asBytes(reply as Reply)];
}

/** A key that is no UTF-8 keeps its bytes, written as hex. */
function textOf(key: Buffer): string {
  const text = key.toString('utf8');
  return Buffer.from(text, 'utf8').equals(key) ? text : `0x${key.toString('hex')}`;
}
