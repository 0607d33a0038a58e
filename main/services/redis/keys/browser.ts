/** One view of the keys: scanned into the core, shown as a tree or list, asked for by the row. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { BrowseState, KeyRow, RedisType } from '../../../../preload/contract/cache-models.ts';
import type { ProblemData } from '../../../../preload/contract/models.ts';
import { asNoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, escapedGlob, globOf } from '../bytes.ts';
import { type Argv, asNumber, asText, type RedisLink } from '../link.ts';
import { KeyStore } from './key-store.ts';
import { KeyTree, type TreeEntry } from './key-tree.ts';
import { type ScanFilter, scanKeys } from './scan-wire.ts';

export interface BrowseOptions {
  readonly pattern: string;
  readonly type: RedisType | null;
  readonly delimiter: string;
  readonly open: readonly string[];
}

/** The names of types as SCAN takes them. */
export const scanType = (type: RedisType | null): string | undefined => (type === 'json' ? 'ReJSON-RL' : (type ?? undefined));

export class KeyBrowser {
  readonly #link: RedisLink;
  readonly #filter: ScanFilter;
  readonly #options: BrowseOptions;
  readonly #store = new KeyStore();
  readonly #tree: KeyTree;
  readonly #ended = new AbortController();
  readonly #listeners = new Set<() => void>();
  #scan: AbortController | undefined;
  #cursor = '0';
  #state: BrowseState['state'] = 'scanning';
  #scanned = 0;
  #total = 0;
  #unlisted = 0;
  #sorting = false;
  #changes = 0;
  #problem: ProblemData | null = null;
  #again: NodeJS.Timeout | undefined;
  /** Folders that were open, and are opened as soon as they are there. */
  readonly #toOpen: Set<string>;

  constructor(link: RedisLink, options: BrowseOptions) {
    this.#link = link;
    this.#options = options;
    this.#filter = { match: options.pattern === '' ? undefined : globOf(options.pattern), type: scanType(options.type) };
    this.#tree = new KeyTree(this.#store, options.delimiter);
    this.#toOpen = new Set(options.open);
  }

  /** Scans, and tells how far it is, at most every `limits.streamBatchInterval`; ends with the signal. */
  async *progress(signal: AbortSignal): AsyncGenerator<BrowseState> {
    const stop = () => this.close();
    signal.addEventListener('abort', stop, { once: true });
    try {
      void this.run();
      for (let told = ''; !this.#ended.signal.aborted; ) {
        const changes = this.#changes;
        const state = this.state();
        const mark = JSON.stringify(state);
        if (mark !== told) yield state;
        told = mark;
        await this.#changed(changes);
      }
    } finally {
      signal.removeEventListener('abort', stop);
      this.close();
    }
  }

  state(): BrowseState {
    return {
      state: this.#state,
      scanned: this.#state === 'done' ? this.#total : Math.min(this.#scanned, this.#total),
      total: this.#total,
      matched: this.#tree.count,
      rows: this.#tree.rows,
      version: this.#tree.version,
      unlisted: this.#unlisted,
      problem: this.#problem,
    };
  }

  /** Scans on from where it stands, to the end or to the next pause. What goes wrong stands in the state. */
  async run(): Promise<void> {
    clearTimeout(this.#again);
    if (this.#scan || this.#state === 'done' || this.#ended.signal.aborted) return;
    const scan = new AbortController();
    this.#scan = scan;
    this.#state = 'scanning';
    this.#problem = null;
    this.#tell();
    let found = 0;
    try {
      this.#total = asNumber(await this.#link.call('DBSIZE')) ?? 0;
      await scanKeys(
        this.#link.connection,
        this.#filter,
        this.#cursor,
        (buffer, from, to) => {
          found++;
          this.#take(buffer, from, to);
        },
        ({ cursor, keys }) => {
          this.#cursor = cursor;
          this.#scanned += this.#filter.match || this.#filter.type ? limits.scanCount : keys;
          this.#tell();
          return found < limits.cacheScanPause;
        },
        AbortSignal.any([scan.signal, this.#ended.signal]),
      );
      this.#state = this.#cursor === '0' ? 'done' : 'stopped';
    } catch (error) {
      this.#state = 'stopped';
      if (!scan.signal.aborted && !this.#ended.signal.aborted) this.#failed(asNoodleError(error).problem);
    } finally {
      this.#scan = undefined;
      this.#tell();
    }
    await this.#sort();
  }

  stop(): void {
    clearTimeout(this.#again);
    this.#scan?.abort();
  }

  /** A server that is away is scanned as soon as it is back; from the beginning, because its cursors may mean others now. */
  #failed(problem: ProblemData): void {
    this.#problem = problem;
    if (problem.code !== 'service-unreachable') return;
    this.#cursor = '0';
    this.#scanned = 0;
    this.#again = setTimeout(() => void this.run(), limits.cacheScanAgain);
    this.#again.unref();
  }

  /** Opens or closes a folder; while not all is scanned, what is in it is scanned for by itself. */
  async toggle(prefix: string, open: boolean): Promise<BrowseState> {
    const bytes = bytesOf(prefix);
    if (!open) this.#toOpen.delete(prefix);
    // Where a million keys are cut into children, the window sees them come.
    const toggling = this.#tree.toggle(bytes, open).finally(() => this.#tell());
    const there = await Promise.race([toggling, sleep(80, true)]);
    if (open && !there) this.#toOpen.add(prefix);
    if (open && this.#state !== 'done') void this.#scanFolder(bytes);
    else void this.#sort();
    this.#tell();
    return this.state();
  }

  /** Rows by their place. Types and times to live are asked for these alone. */
  async rows(from: number, count: number): Promise<{ version: number; rows: KeyRow[] }> {
    await this.#openThoseThatWere();
    const version = this.#tree.version;
    const entries = this.#tree.entries(from, from + count);
    const keys = entries.filter(({ kind }) => kind === 'key').map(({ number }) => this.#store.bytes(number));
    const replies = await this.#link.pipeline(keys.flatMap((key): Argv[] => [['TYPE', key], ['PTTL', key]])); // biome-ignore format: one key a line
    let at = 0;
    const rows = entries.map((entry): KeyRow => {
      if (entry.kind === 'folder') return rowOf(entry, null, null);
      const type = replies[at++];
      const ttl = asNumber(replies[at++]);
      return rowOf(entry, type instanceof Error ? null : asText(type), ttl !== null && ttl >= 0 ? ttl : null);
    });
    return { version, rows };
  }

  /** Takes keys out that are known to have gone. */
  forget(keys: readonly Buffer[]): void {
    const few = keys.length <= 20;
    for (const key of keys) {
      const number = this.#store.find(key);
      if (number < 0) continue;
      if (few) this.#tree.remove(number);
      this.#store.remove(number);
    }
    if (!few) this.#tree.sweep();
    this.#tell();
  }

  /** Takes in a key that has come. */
  learn(key: Buffer): void {
    this.#take(key, 0, key.length);
    this.#tell();
  }

  close(): void {
    clearTimeout(this.#again);
    this.#ended.abort();
    this.#tell();
  }

  #take(buffer: Buffer, from: number, to: number): void {
    if (to - from > limits.cacheKeyBytes) {
      this.#unlisted++;
      return;
    }
    const number = this.#store.add(buffer, from, to);
    if (number >= 0) this.#tree.add(number);
  }

  async #scanFolder(prefix: Buffer): Promise<void> {
    const below = Buffer.concat([escapedGlob(prefix), Buffer.from('*')]);
    // The server matches one pattern: with another at work, what comes is narrowed by the main scan only.
    if (this.#options.pattern !== '' && this.#filter.match) return;
    this.#tree.setLoading(prefix, true);
    let found = 0;
    try {
      await scanKeys(
        this.#link.connection,
        { match: below, type: this.#filter.type },
        '0',
        (buffer, from, to) => {
          found++;
          this.#take(buffer, from, to);
        },
        () => {
          this.#tell();
          return found < limits.cacheScanPause;
        },
        this.#ended.signal,
      );
    } catch (error) {
      if (!this.#ended.signal.aborted) this.#problem = asNoodleError(error).problem;
    }
    this.#tree.setLoading(prefix, false);
    this.#tell();
    await this.#sort();
  }

  async #openThoseThatWere(): Promise<void> {
    for (const prefix of [...this.#toOpen].sort((a, b) => a.length - b.length)) {
      if (await this.#tree.toggle(bytesOf(prefix), true)) this.#toOpen.delete(prefix);
    }
  }

  async #sort(): Promise<void> {
    if (this.#sorting || this.#state === 'scanning') return;
    this.#sorting = true;
    try {
      await this.#tree.sortAll(this.#ended.signal);
    } catch {
      // Closed meanwhile.
    }
    this.#sorting = false;
    this.#tell();
  }

  #tell(): void {
    this.#changes++;
    for (const listener of this.#listeners) listener();
  }

  /** Waits for more changes than so many: there may have been some while the reader was busy with what it was told. */
  async #changed(changes: number): Promise<void> {
    await new Promise<void>((resolve) => {
      const done = () => {
        this.#listeners.delete(done);
        resolve();
      };
      this.#listeners.add(done);
      if (this.#ended.signal.aborted || this.#changes !== changes) done();
    });
    if (!this.#ended.signal.aborted) await new Promise((resolve) => setTimeout(resolve, limits.streamBatchInterval));
  }
}

function rowOf({ kind, depth, key, label, open, loading, keys }: TreeEntry, type: string | null, ttl: number | null): KeyRow {
  return { kind, depth, key, label, open, loading, keys, type, ttl };
}
