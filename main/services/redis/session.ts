/** Redis as its panel, the CLI and traces know it. */
import type {
  CacheFacts,
  CacheSample,
  ChangesBatch,
  CommandDoc,
  ConsoleReply,
  DecodedValue,
  Decoder,
  ElementFilter,
  ImportLook,
  KeyEdit,
  KeyHead,
  MemoryReport,
  MonitorBatch,
  RedisBytes,
  RedisClientRow,
  RedisSelection,
  SelectionCount,
  SlowLog,
  StreamGroup,
  ValuePlace,
} from '../../../preload/contract/cache-models.ts';
import { limits } from '../../limits.ts';
import type { Connection, ServiceSession, SessionPlace } from '../kind.ts';
import type { Progress } from './bulk/change.ts';
import type { Exported, Imported } from './bulk/transfer.ts';
import { bytesOf } from './bytes.ts';
import { readFacts } from './facts.ts';
import { type BrowseOptions, KeyBrowser } from './keys/browser.ts';
import { type Argv, RedisLink, type Reply } from './link.ts';
import { findNames, traceId } from './trace.ts';
import { EditDesk } from './values/apply.ts';
import { planEdit, printedPlan } from './values/edits.ts';
import { type ElementPage, readElements } from './values/elements.ts';
import { readHead } from './values/head.ts';
import { readValue, readWhole } from './values/read.ts';
import { putBack } from './watch/notify-setting.ts';
import { Sampler } from './watch/samples.ts';

export interface RedisSession extends ServiceSession {
  facts(): Promise<CacheFacts>;
  /** INFO samples newer than a time (ms); the first call begins the sampling. */
  samples(since: number): Promise<CacheSample[]>;
  /** A view of the keys; `progress` runs its scan. The caller closes it. */
  browse(options: BrowseOptions): KeyBrowser;
  /** Keys in batches, at the reader's pace; one may come twice while others change. */
  scan(selection: Exclude<RedisSelection, { by: 'keys' }>, signal: AbortSignal): AsyncIterable<Buffer[]>;

  head(key: string): Promise<KeyHead>;
  elements(key: string, cursor: string, count: number, filter: ElementFilter): Promise<ElementPage>;
  value(key: string, place: ValuePlace, offset: number, length: number): Promise<RedisBytes>;
  json(key: string, path: string): Promise<{ json: string; cut: boolean; bytes: number }>;
  decode(key: string, place: ValuePlace, decoders: readonly Decoder[]): Promise<DecodedValue>;
  groups(key: string): Promise<StreamGroup[]>;
  /** The commands of an edit, as they could be typed. */
  preview(key: string, edit: KeyEdit): string;
  /** @throws NoodleError conflict when the key was changed since it was seen */
  apply(key: string, edit: KeyEdit, create: boolean): Promise<KeyHead>;
  /** Elements as lines of JSON, values whole. @returns how many */
  exportElements(key: string, filter: ElementFilter, path: string, progress: Progress, signal: AbortSignal): Promise<number>;
  saveValue(key: string, path: string, progress: Progress, signal: AbortSignal): Promise<void>;
  loadValue(key: string, path: string, progress: Progress, signal: AbortSignal): Promise<void>;

  count(selection: RedisSelection, signal: AbortSignal): AsyncIterable<SelectionCount>;
  deleteKeys(selection: RedisSelection, progress: Progress, signal: AbortSignal): Promise<number>;
  expireKeys(selection: RedisSelection, ttl: number | null, progress: Progress, signal: AbortSignal): Promise<number>;
  exportKeys(selection: RedisSelection, path: string, progress: Progress, signal: AbortSignal): Promise<Exported>;
  lookAtImport(path: string, signal: AbortSignal): Promise<ImportLook>;
  importKeys(path: string, existing: 'skip' | 'replace', progress: Progress, signal: AbortSignal): Promise<Imported>;
  memory(options: { pattern: string; delimiter: string; depth: number }, signal: AbortSignal): AsyncIterable<MemoryReport>;

  changes(pattern: string, signal: AbortSignal): AsyncIterable<ChangesBatch>;
  profile(options: { filter: string; own: boolean }, signal: AbortSignal): AsyncIterable<MonitorBatch>;
  slowLog(): Promise<SlowLog>;
  resetSlowLog(): Promise<void>;
  clients(): Promise<RedisClientRow[]>;
  killClient(id: string): Promise<void>;

  commands(): Promise<CommandDoc[]>;
  guard(line: string): Promise<{ danger: string | null; command: string }>;
  run(line: string, sure: boolean, signal: AbortSignal): Promise<ConsoleReply>;
  /** A command in its parts, with its reply as it came. */
  call(command: Argv, sure: boolean, signal: AbortSignal): Promise<Reply>;
}

export async function openSession(connection: Connection, _place: SessionPlace): Promise<RedisSession> {
  let looked = false;
  const link = new RedisLink(connection, {
    name: 'noodlebox',
    async onOpen() {
      if (looked) return;
      looked = true;
      // A watcher of changes that was killed has left the server's setting changed.
      queueMicrotask(() => void putBack(link).catch(() => {}));
    },
  });
  // Bulk work has a connection of its own: pages do not wait behind it.
  const bulk = new RedisLink(connection, { name: 'noodlebox-bulk' });
  const editing = new RedisLink(connection, { name: 'noodlebox-edit' });
  const desk = new EditDesk(editing);
  const sampler = new Sampler(link);
  const browsers = new Set<WeakRef<KeyBrowser>>();
  const forget = (keys: readonly Buffer[]) => {
    for (const each of browsers) each.deref()?.forget(keys);
  };
  let console: Promise<import('./console/console.ts').RedisConsole> | undefined;
  const consoleOf = () => {
    console ??= import('./console/console.ts').then(({ RedisConsole }) => new RedisConsole(link));
    return console;
  };

  return {
    facts: () => readFacts(link),
    samples: (since) => sampler.since(since),

    browse(options) {
      const browser = new KeyBrowser(link, options);
      for (const each of browsers) if (!each.deref()) browsers.delete(each);
      browsers.add(new WeakRef(browser));
      return browser;
    },
    async *scan(selection, signal) {
      const { keysOf } = await import('./keys/scan-batches.ts');
      const { scanFilterOf } = await import('./bulk/selection.ts');
      yield* keysOf(bulk, scanFilterOf(selection), signal, limits.cacheBulkKeys, 20 * limits.scanCount);
    },

    head: (key) => readHead(link, key),
    elements: (key, cursor, count, filter) => readElements(link, key, cursor, count, filter),
    value: (key, place, offset, length) => readValue(link, key, place, offset, length),
    json: async (key, path) => (await import('./values/json.ts')).readJson(link, key, path),
    async decode(key, place, decoders) {
      const [{ decodeValue }, raw] = await Promise.all([import('./values/decode.ts'), readWhole(link, key, place)]);
      return decodeValue(raw, decoders);
    },
    groups: async (key) => (await import('./values/groups.ts')).readGroups(link, key),
    preview: (key, edit) => printedPlan(planEdit(key, edit)),
    async apply(key, edit, create) {
      await desk.apply(key, edit, create);
      const now = edit.kind === 'rename' ? edit.to : key;
      const head = await readHead(link, now);
      if (now !== key || head.type === 'none') forget([bytesOf(key)]);
      if (head.type !== 'none') for (const each of browsers) if (create || now !== key) each.deref()?.learn(bytesOf(now));
      return head;
    },
    exportElements: async (...args) => (await import('./values/export.ts')).exportElements(bulk, ...args),
    saveValue: async (...args) => (await import('./values/files.ts')).saveString(bulk, ...args),
    loadValue: async (...args) => (await import('./values/files.ts')).loadString(bulk, ...args),

    async *count(selection, signal) {
      const { countSelection } = await import('./bulk/selection.ts');
      yield* countSelection(bulk, selection, signal);
    },
    deleteKeys: async (...args) => (await import('./bulk/change.ts')).deleteKeys(bulk, ...args, forget),
    expireKeys: async (...args) => (await import('./bulk/change.ts')).expireKeys(bulk, ...args),
    async exportKeys(selection, path, progress, signal) {
      const [{ exportKeys }, { version }] = await Promise.all([import('./bulk/transfer.ts'), readFacts(link)]);
      return exportKeys(bulk, selection, version, path, progress, signal);
    },
    lookAtImport: async (path, signal) => (await import('./bulk/transfer.ts')).lookAtImport(bulk, path, signal),
    async importKeys(path, existing, progress, signal) {
      const { importKeys, lookAtImport } = await import('./bulk/transfer.ts');
      const { keys, bad } = await lookAtImport(bulk, path, signal);
      return importKeys(bulk, path, existing, keys + bad, progress, signal);
    },
    async *memory(options, signal) {
      const { analyseMemory } = await import('./bulk/memory.ts');
      yield* analyseMemory(bulk, options, signal);
    },

    async *changes(pattern, signal) {
      const { watchChanges } = await import('./watch/changes.ts');
      yield* watchChanges(link, pattern, signal);
    },
    async *profile(options, signal) {
      const { monitor } = await import('./watch/monitor.ts');
      const { readClients } = await import('./watch/server-log.ts');
      let own = new Set<string>();
      const look = async () => {
        own = new Set((await readClients(link).catch(() => [])).filter((each) => each.own).map(({ address }) => address));
      };
      await look();
      const looking = setInterval(() => void look(), 2_000);
      try {
        yield* monitor(link, options, (address) => own.has(address), signal);
      } finally {
        clearInterval(looking);
      }
    },
    slowLog: async () => (await import('./watch/server-log.ts')).readSlowLog(link),
    async resetSlowLog() {
      await link.call('SLOWLOG', 'RESET');
    },
    clients: async () => (await import('./watch/server-log.ts')).readClients(link),
    killClient: async (id) => (await import('./watch/server-log.ts')).killClient(link, id),

    commands: async () => (await consoleOf()).commands(),
    guard: async (line) => (await consoleOf()).guard(line),
    run: async (line, sure, signal) => (await consoleOf()).run(line, sure, signal),
    call: async (command, sure, signal) => (await consoleOf()).call(command, sure, signal),

    trace: (id, signal) => traceId(link, id, signal),
    names: (text, signal) => findNames(link, text, signal),
    async close() {
      sampler.close();
      for (const each of browsers) each.deref()?.close();
      (await console)?.close();
      for (const each of [link, bulk, editing]) each.close();
    },
  };
}
