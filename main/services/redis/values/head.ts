/** All that can be known of a key before its value is read. */
import type { KeyHead } from '../../../../preload/contract/cache-models.ts';
import { bytesOf } from '../bytes.ts';
import { type Argv, asBytes, asNumber, asText, type RedisLink } from '../link.ts';

const lengths: Readonly<Record<string, string>> = {
  string: 'STRLEN',
  hash: 'HLEN',
  list: 'LLEN',
  set: 'SCARD',
  zset: 'ZCARD',
  stream: 'XLEN',
};
export const jsonType = 'ReJSON-RL';
const hyperloglog = Buffer.from('HYLL');

export async function readHead(link: RedisLink, key: string): Promise<KeyHead> {
  const bytes = bytesOf(key);
  // First the idle time: the others would count as use. None of these changes what it tells.
  const [idle, frequency, type, ttl, encoding, memory] = await link.pipeline([
    ['OBJECT', 'IDLETIME', bytes],
    ['OBJECT', 'FREQ', bytes],
    ['TYPE', bytes],
    ['PTTL', bytes],
    ['OBJECT', 'ENCODING', bytes],
    ['MEMORY', 'USAGE', bytes],
  ]);
  const kind = asText(type) ?? 'none';
  const left = asNumber(ttl);
  const { length, cardinality } = await measured(link, bytes, kind);
  return {
    key,
    type: kind === jsonType ? 'json' : kind,
    ttl: left !== null && left >= 0 ? left : null,
    length,
    memory: asNumber(memory),
    encoding: encoding instanceof Error ? null : asText(encoding),
    idle: asNumber(idle),
    frequency: asNumber(frequency),
    cardinality,
  };
}

async function measured(link: RedisLink, key: Buffer, type: string): Promise<{ length: number | null; cardinality: number | null }> {
  const command = lengths[type];
  if (command === undefined) return { length: null, cardinality: null };
  const asked: Argv[] = [[command, key]];
  if (type === 'string') asked.push(['GETRANGE', key, 0, 3]);
  const [length, magic] = await link.pipeline(asked);
  if (type !== 'string' || magic instanceof Error || !asBytes(magic).equals(hyperloglog))
    return { length: asNumber(length), cardinality: null };
  const [cardinality] = await link.pipeline([['PFCOUNT', key]]);
  return { length: asNumber(length), cardinality: asNumber(cardinality) };
}
