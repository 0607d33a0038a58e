/** What a bundle takes of a Redis database: keys that carry an id, or all. Nothing is written to it. */
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import type { PortionSink, PortionSource, PortionWork } from '../../portion.ts';
import { bytesOf, nameOf } from '../bytes.ts';
import { scanKeys } from '../keys/scan-wire.ts';
import { type Argv, asNumber, asText, RedisLink, refusal } from '../link.ts';
import { verify } from '../verify.ts';
import { carriesId, entryOf, prefixOf, readCommand } from './entry.ts';
import { filteredEntry } from './filtered.ts';

/** Larger values are asked for one at a time. */
const small = 256 * 1024;
/** Prefixes that are counted apart. */
const prefixesMost = 200;

/** @throws NoodleError wrong-password, service-unreachable */
export async function openPortionSource(connection: Connection, { signal }: { readonly signal: AbortSignal }): Promise<PortionSource> {
  const { version } = await verify(connection, signal);
  const link = new RedisLink(connection, { name: 'noodlebox-bundle' });
  return {
    version,
    outline: async () => [],
    async read(ids, to, work) {
      const keys = await keysFor(connection, ids, work);
      const reading = new Reading(link, to, work, keys.length);
      const part = await to.part('keys.ndjson');
      for (let at = 0; at < keys.length; at += limits.cacheBulkKeys) {
        const lines = await reading.batch(keys.slice(at, at + limits.cacheBulkKeys));
        if (lines !== '') await part.write(lines);
      }
      await part.end();
      reading.notices();
      const prefixes = [...reading.counts].sort(([a], [b]) => (a < b ? -1 : 1));
      return {
        index: { format: 1, part: 'keys.ndjson', prefixes: prefixes.map(([prefix]) => prefix) },
        counts: prefixes.map(([prefix, rows]) => ({ name: shownPrefix(prefix), rows })),
      };
    },
    close: async () => link.close(),
  };
}

export function shownPrefix(prefix: string): string {
  return prefix === '' ? 'other keys' : `${prefix}*`;
}

async function keysFor(connection: Connection, ids: ReadonlySet<string> | undefined, work: PortionWork): Promise<string[]> {
  // A key may come twice while others change.
  const found = new Set<string>();
  let scanned = 0;
  await scanKeys(
    connection,
    {},
    '0',
    (buffer, from, to) => {
      // One byte a character: much quicker than text, and most keys are not wanted.
      if (ids && !carriesId(buffer.toString('latin1', from, to), ids) && !carriesId(buffer.toString('utf8', from, to), ids)) return;
      found.add(nameOf(buffer.subarray(from, to)));
    },
    ({ keys }) => {
      scanned += keys;
      work.progress(scanned, 0, 'keys looked through');
      return true;
    },
    work.signal,
  );
  return [...found].sort();
}

class Reading {
  readonly counts = new Map<string, number>();
  readonly #link: RedisLink;
  readonly #to: PortionSink;
  readonly #work: PortionWork;
  readonly #total: number;
  readonly #large: string[] = [];
  #hidden = 0;
  #done = 0;

  constructor(link: RedisLink, to: PortionSink, work: PortionWork, total: number) {
    this.#link = link;
    this.#to = to;
    this.#work = work;
    this.#total = total;
  }

  /** @returns lines */
  async batch(names: readonly string[]): Promise<string> {
    const { signal } = this.#work;
    const keys = names.map(bytesOf);
    const facts = await this.#link.pipeline(
      keys.flatMap((key): Argv[] => [['TYPE', key], ['PTTL', key], ['MEMORY', 'USAGE', key, 'SAMPLES', 5]]), // biome-ignore format: one key a line
      signal,
    );
    const wanted = keys.map((key, at) => {
      const [type, ttl, bytes] = facts.slice(at * 3, at * 3 + 3);
      return { key, type: asText(type) ?? 'none', ttl: asNumber(ttl) ?? -1, bytes: asNumber(bytes) ?? 0 };
    });
    const there = wanted.filter(({ key, type, bytes }) => {
      if (bytes > limits.bundleValueBytes) this.#large.push(nameOf(key));
      return type !== 'none' && bytes <= limits.bundleValueBytes;
    });
    const [little, big] = [there.filter(({ bytes }) => bytes <= small), there.filter(({ bytes }) => bytes > small)];
    let lines = '';
    for (const group of [little, ...big.map((each) => [each])]) {
      const replies = await this.#link.pipeline(
        group.map(({ type, key }) => readCommand(type, key)),
        signal,
      );
      for (const [at, { key, type, ttl }] of group.entries()) {
        const reply = replies[at]!;
        if (reply instanceof Error) throw refusal(reply, this.#link.connection);
        lines += this.#line(key, type, ttl, reply);
      }
    }
    this.#done += names.length;
    this.#work.progress(this.#done, this.#total, 'keys');
    return lines;
  }

  #line(key: Buffer, type: string, ttl: number, reply: Parameters<typeof entryOf>[3]): string {
    const read = entryOf(key, type, ttl > 0 ? ttl : null, reply);
    if (!read) return '';
    const entry = filteredEntry(read, this.#to.filter);
    if (!entry) {
      this.#hidden++;
      return '';
    }
    const prefix = prefixOf(entry.key);
    const counted = this.counts.has(prefix) || this.counts.size < prefixesMost ? prefix : '';
    this.counts.set(counted, (this.counts.get(counted) ?? 0) + 1);
    return `${JSON.stringify(entry)}\n`;
  }

  notices(): void {
    if (this.#hidden > 0) {
      this.#to.notice(`${this.#hidden} keys of Redis were left out: they are to be masked, and what is in them is no text (or a stream).`);
    }
    if (this.#large.length > 0)
      this.#to.notice(`${this.#large.length} keys of Redis were left out for their size, such as ${this.#large[0]}.`);
  }
}
