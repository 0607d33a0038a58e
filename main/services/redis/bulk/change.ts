/** Changes to many keys: in batches, with progress, stopped between two of them. */
import type { RedisSelection } from '../../../../preload/contract/cache-models.ts';
import { type Argv, asNumber, type RedisLink, refusal } from '../link.ts';
import { batchesOf, selectKeys } from './selection.ts';

export type Progress = (current: number, total: number, label: string) => void;

/**
 * UNLINK frees memory in the background, so that a large key holds nobody up.
 * @param onDeleted told of keys that are gone, many at a time
 * @returns how many were there and are gone
 */
export async function deleteKeys(
  link: RedisLink,
  selection: RedisSelection,
  progress: Progress,
  signal: AbortSignal,
  onDeleted: (keys: readonly Buffer[]) => void,
): Promise<number> {
  let gone: Buffer[] = [];
  const tell = () => {
    if (gone.length > 0) onDeleted(gone);
    gone = [];
  };
  try {
    return await inBatches(link, selection, progress, signal, 'keys deleted', async (keys) => {
      const count = asNumber(await link.call('UNLINK', ...keys)) ?? 0;
      gone.push(...keys);
      if (gone.length >= 100_000) tell();
      return count;
    });
  } finally {
    tell();
  }
}

/** @param ttl ms; null: for good. @returns keys whose time to live was changed */
export function expireKeys(
  link: RedisLink,
  selection: RedisSelection,
  ttl: number | null,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  return inBatches(link, selection, progress, signal, 'keys changed', async (keys) => {
    const replies = await link.pipeline(keys.map((key): Argv => (ttl === null ? ['PERSIST', key] : ['PEXPIRE', key, ttl])));
    const refused = replies.find((reply) => reply instanceof Error);
    if (refused) throw refusal(refused, link.connection);
    return replies.filter((reply) => reply === '1').length;
  });
}

async function inBatches(
  link: RedisLink,
  selection: RedisSelection,
  progress: Progress,
  signal: AbortSignal,
  label: string,
  act: (keys: Buffer[]) => Promise<number>,
): Promise<number> {
  progress(0, 0, 'looking for keys');
  const store = await selectKeys(link, selection, signal, (scanned) => progress(scanned, 0, 'keys looked through'));
  let done = 0;
  let changed = 0;
  for (const keys of batchesOf(store)) {
    signal.throwIfAborted();
    changed += await act(keys);
    done += keys.length;
    progress(done, store.size, label);
  }
  return changed;
}
