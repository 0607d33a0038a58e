/** All keys of a database with what DUMP gives of them, many at once and never more bytes than are allowed. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Argv, asArray, asNumber, asText, type RedisLink, type Reply } from '../link.ts';
import { keysOf, must } from './databases.ts';
import type { KeyRecord } from './record.ts';

/**
 * A step of SCAN with all that is asked of the keys it finds: to be asked three times for each takes the server and us
 * far longer than to answer. ARGV: the cursor, COUNT, and how many bytes the values may have together, by MEMORY USAGE.
 * Replies with the next cursor and three items a key: its name, when it expires, and its value; none when it has gone,
 * 0 when it is too large to come with the others.
 */
const step = `
local found = redis.call('SCAN', ARGV[1], 'COUNT', ARGV[2])
local most, bytes, told = tonumber(ARGV[3]), 0, { found[1] }
for _, key in ipairs(found[2]) do
  local size = redis.call('MEMORY', 'USAGE', key, 'SAMPLES', 5) or 0
  told[#told + 1] = key
  if bytes + size > most then
    told[#told + 1] = 0
    told[#told + 1] = 0
  else
    bytes = bytes + size
    told[#told + 1] = redis.call('PEXPIRETIME', key)
    told[#told + 1] = redis.call('DUMP', key)
  end
end
return told`;

/** One may come twice while others change. */
export async function* recordsOf(link: RedisLink, signal: AbortSignal): AsyncGenerator<readonly KeyRecord[]> {
  let cursor = '0';
  do {
    signal.throwIfAborted();
    const told = await scanned(link, cursor);
    if (!told) return yield* withoutScripts(link, signal);
    if (told.records.length > 0) yield told.records;
    yield* oneByOne(link, told.large, signal);
    cursor = told.cursor;
  } while (cursor !== '0');
}

interface Scanned {
  readonly cursor: string;
  readonly records: readonly KeyRecord[];
  /** To be asked for one by one. */
  readonly large: readonly Buffer[];
}

/** @returns undefined where no scripts run */
async function scanned(link: RedisLink, cursor: string): Promise<Scanned | undefined> {
  let reply: readonly Reply[];
  try {
    reply = asArray(await link.call('EVAL_RO', step, 0, cursor, limits.dumpKeys, limits.dumpValuesBytes));
  } catch (error) {
    if (error instanceof NoodleError && error.code === 'not-supported-by-server') return undefined;
    throw error;
  }
  const records: KeyRecord[] = [];
  const large: Buffer[] = [];
  for (let at = 1; at + 2 < reply.length; at += 3) {
    const [key, expires, payload] = [reply[at]!, reply[at + 1]!, reply[at + 2]!];
    if (!Buffer.isBuffer(key)) continue;
    if (Buffer.isBuffer(payload)) records.push(recordOf(key, expires, payload));
    else if (payload !== null) large.push(key);
  }
  return { cursor: asText(reply[0]) ?? '0', records, large };
}

async function* withoutScripts(link: RedisLink, signal: AbortSignal): AsyncGenerator<readonly KeyRecord[]> {
  for await (const keys of keysOf(link, signal)) yield* oneByOne(link, keys, signal);
}

async function* oneByOne(link: RedisLink, keys: readonly Buffer[], signal: AbortSignal): AsyncGenerator<readonly KeyRecord[]> {
  for (const key of keys) {
    const asked: readonly Argv[] = [['PEXPIRETIME', key], ['DUMP', key]]; // biome-ignore format: one command after the other
    const [expires, payload] = await link.pipeline(asked, signal);
    const value = must(payload!);
    if (Buffer.isBuffer(value)) yield [recordOf(key, must(expires!), value)];
  }
}

function recordOf(key: Buffer, expires: Reply, payload: Buffer): KeyRecord {
  return { key, expires: Math.max(0, asNumber(expires) ?? 0), payload };
}
