/** The keys that an act is for, found by SCAN and handed out in batches. */
import { setImmediate as turn } from 'node:timers/promises';
import type { RedisSelection, SelectionCount } from '../../../../preload/contract/cache-models.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, escapedGlob, globOf, nameOf } from '../bytes.ts';
import { scanType } from '../keys/browser.ts';
import { KeyStore } from '../keys/key-store.ts';
import { type ScanFilter, scanKeys } from '../keys/scan-wire.ts';
import { type Argv, asNumber, type RedisLink } from '../link.ts';

const own = Buffer.from('noodlebox:');

/** The selection in words: "keys that match session:*". */
export function selectionText(selection: RedisSelection): string {
  if (selection.by === 'keys') return selection.keys.length === 1 ? selection.keys[0]! : `${selection.keys.length} keys`;
  const type = selection.type ? ` of type ${selection.type}` : '';
  if (selection.by === 'prefix') return `keys that begin with ${selection.prefix}${type}`;
  return selection.pattern === '' ? `all keys${type}` : `keys that match ${globOf(selection.pattern).toString()}${type}`;
}

export function scanFilterOf(selection: Exclude<RedisSelection, { by: 'keys' }>): ScanFilter {
  const match =
    selection.by === 'prefix' ? Buffer.concat([escapedGlob(bytesOf(selection.prefix)), Buffer.from('*')]) : globOf(selection.pattern);
  return { match, type: scanType(selection.type) };
}

/** Each key once, in batches of `limits.cacheBulkKeys`. What comes while it runs may be among them or not. */
export async function selectKeys(
  link: RedisLink,
  selection: RedisSelection,
  signal: AbortSignal,
  onScanned: (scanned: number) => void = () => {},
): Promise<KeyStore> {
  const store = new KeyStore();
  if (selection.by === 'keys') {
    const names = selection.keys.map(bytesOf);
    const there = await link.pipeline(
      names.map((name): Argv => ['EXISTS', name]),
      signal,
    );
    for (const [at, name] of names.entries()) if (asNumber(there[at]) === 1) store.add(name, 0, name.length);
    return store;
  }
  let scanned = 0;
  await scanKeys(
    link.connection,
    scanFilterOf(selection),
    '0',
    // Longer keys than the store holds are no keys anybody deletes by pattern.
    (buffer, from, to) => to - from <= 0xffff && store.add(buffer, from, to),
    () => {
      scanned += limits.scanCount;
      onScanned(scanned);
      return true;
    },
    signal,
  );
  return store;
}

export function* batchesOf(store: KeyStore, size: number = limits.cacheBulkKeys): Generator<Buffer[]> {
  for (let at = 0; at < store.size; at += size) {
    yield Array.from({ length: Math.min(size, store.size - at) }, (_, index) => store.bytes(at + index));
  }
}

/** Counts a selection, telling how far it is; the last one is `done`. */
export async function* countSelection(link: RedisLink, selection: RedisSelection, signal: AbortSignal): AsyncGenerator<SelectionCount> {
  const total = asNumber(await link.call('DBSIZE')) ?? 0;
  let scanned = 0;
  let settled = false;
  const counting = selectKeys(link, selection, signal, (now) => (scanned = now)).finally(() => (settled = true));
  counting.catch(() => {});
  for (;;) {
    await Promise.race([counting.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 250))]);
    if (settled) break;
    yield { done: false, scanned: Math.min(scanned, total), total, keys: 0, sample: [], own: 0 };
  }
  const store = await counting;
  let ours = 0;
  for (let at = 0; at < store.size; at++) {
    if (store.bytes(at).subarray(0, own.length).equals(own)) ours++;
    if (at % limits.cacheSlice === limits.cacheSlice - 1) await turn();
  }
  const shown = Math.min(limits.cacheSampleKeys, store.size);
  const sample = Array.from({ length: shown }, (_, at) => nameOf(store.bytes(at)));
  yield { done: true, scanned: total, total, keys: store.size, sample, own: ours };
}
