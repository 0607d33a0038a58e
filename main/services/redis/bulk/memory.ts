/** What keys that begin alike take together: all are counted, some of each step are measured, the rest is reckoned. */
import type { MemoryReport, PrefixMemory } from '../../../../preload/contract/cache-models.ts';
import { limits } from '../../../limits.ts';
import { globOf, nameOf } from '../bytes.ts';
import { scanKeys } from '../keys/scan-wire.ts';
import { type Argv, asNumber, asText, type RedisLink } from '../link.ts';
import { parseInfo } from '../verify.ts';

interface Tally {
  keys: number;
  sampled: number;
  bytes: number;
  largest: number;
  largestKey: string;
  lasting: number;
  readonly types: Set<string>;
}

export interface MemoryOptions {
  readonly pattern: string;
  readonly delimiter: string;
  /** So many parts of a key make its prefix. */
  readonly depth: number;
}

/** Reports while it goes through the keys; the last one is `done`. Reading the iterator no further ends it. */
export async function* analyseMemory(link: RedisLink, options: MemoryOptions, signal: AbortSignal): AsyncGenerator<MemoryReport> {
  const ended = new AbortController();
  const stop = AbortSignal.any([signal, ended.signal]);
  const [info, size] = await link.pipeline([['INFO', 'memory'], ['DBSIZE']]);
  const dataset = Number(parseInfo(asText(info) ?? '').used_memory_dataset ?? 0);
  const total = asNumber(size) ?? 0;
  const tallies = new Map<string, Tally>();
  const rest = newTally();
  const delimiter = Buffer.from(options.delimiter);
  let scanned = 0;
  let cursor = '0';
  const report = (done: boolean): MemoryReport => ({
    done,
    scanned: done ? total : Math.min(scanned, total),
    total,
    prefixes: rowsOf(tallies, rest),
    dataset,
  });
  let told = performance.now();
  try {
    do {
      const found: Buffer[] = [];
      // One step at a time: what is measured must not pile up behind what is counted.
      await scanKeys(
        link.connection,
        { match: options.pattern === '' ? undefined : globOf(options.pattern) },
        cursor,
        (buffer, from, to) => found.push(Buffer.from(buffer.subarray(from, to))),
        (step) => {
          cursor = step.cursor;
          scanned += limits.scanCount;
          return found.length < 10 * limits.scanCount && step.cursor !== '0';
        },
        stop,
      );
      await take(link, found, delimiter, options.depth, tallies, rest, stop);
      if (performance.now() - told > 250) {
        told = performance.now();
        yield report(false);
      }
    } while (cursor !== '0');
    yield report(true);
  } finally {
    ended.abort();
  }
}

async function take(
  link: RedisLink,
  keys: readonly Buffer[],
  delimiter: Buffer,
  depth: number,
  tallies: Map<string, Tally>,
  rest: Tally,
  signal: AbortSignal,
) {
  const owners = keys.map((key) => {
    const name = prefixOf(key, delimiter, depth).toString('latin1');
    const known = tallies.get(name);
    if (known) return known;
    if (tallies.size >= limits.cachePrefixes) return rest;
    const fresh = newTally();
    tallies.set(name, fresh);
    return fresh;
  });
  for (const owner of owners) owner.keys++;
  // The first ones of every prefix, then every so manieth: a rare prefix is measured too.
  const step = Math.max(1, Math.floor(keys.length / (limits.cacheMeasured * 10)));
  const chosen = keys.flatMap((_, at) => (at % step === 0 || owners[at]!.sampled < 3 ? [at] : []));
  for (let from = 0; from < chosen.length; from += limits.cacheBulkKeys) {
    const some = chosen.slice(from, from + limits.cacheBulkKeys);
    const asked = some.flatMap((at): Argv[] => [['MEMORY', 'USAGE', keys[at]!, 'SAMPLES', 5], ['PTTL', keys[at]!], ['TYPE', keys[at]!]]); // biome-ignore format: one key a line
    const replies = await link.pipeline(asked, signal);
    for (const [index, at] of some.entries()) {
      const [memory, ttl, type] = replies.slice(index * 3, index * 3 + 3);
      const bytes = asNumber(memory);
      if (bytes === null) continue;
      const owner = owners[at]!;
      owner.sampled++;
      owner.bytes += bytes;
      if (asNumber(ttl) === -1) owner.lasting++;
      owner.types.add(type instanceof Error ? '' : (asText(type) ?? ''));
      if (bytes <= owner.largest) continue;
      owner.largest = bytes;
      owner.largestKey = nameOf(keys[at]!);
    }
  }
}

/** The first parts of a key with their delimiters; a key with fewer stands for itself as a whole group of such keys. */
export function prefixOf(key: Buffer, delimiter: Buffer, depth: number): Buffer {
  let end = 0;
  for (let part = 0; part < depth; part++) {
    const at = key.indexOf(delimiter, end);
    if (at === -1) break;
    end = at + delimiter.length;
  }
  return key.subarray(0, end);
}

function newTally(): Tally {
  return { keys: 0, sampled: 0, bytes: 0, largest: 0, largestKey: '', lasting: 0, types: new Set() };
}

function rowsOf(tallies: ReadonlyMap<string, Tally>, rest: Tally): PrefixMemory[] {
  const rows = [...tallies]
    .map(([prefix, tally]) => rowOf(nameOf(Buffer.from(prefix, 'latin1')), tally))
    .sort((a, b) => b.memory - a.memory);
  const shown = rows.slice(0, limits.cachePrefixRows);
  return rest.keys > 0 ? [...shown, rowOf('…', rest)] : shown;
}

function rowOf(prefix: string, { keys, sampled, bytes, largest, largestKey, lasting, types }: Tally): PrefixMemory {
  return {
    prefix,
    keys,
    sampled,
    memory: sampled === 0 ? 0 : Math.round((bytes / sampled) * keys),
    largest,
    largestKey,
    lasting: sampled === 0 ? 0 : lasting / sampled,
    types: [...types],
  };
}
