/** Whether a snapshot is hot, and how its ready copy is (`hot.ts`). */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { SnapshotHot } from '../../../preload/contract/snapshots.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';

/** What is written beside a snapshot that is hot. `wanted`: its copy is not there, or not whole. */
export type HotFile =
  | { readonly state: 'wanted' }
  | { readonly state: 'ready'; readonly bytes: number; readonly shared: number | null; readonly stamps: Readonly<Record<string, string>> };

function file(folder: string, id: string): string {
  return join(folder, id, 'hot.json');
}

/** undefined: it is not hot. A file that is not understood stands for a copy that cannot be trusted. */
export async function readHotFile(folder: string, id: string): Promise<HotFile | undefined> {
  const read = await readJson(file(folder, id), (value) => value as HotFile);
  if (read.state === 'missing') return undefined;
  return read.state === 'read' && read.value.state === 'ready' && read.value.stamps ? read.value : { state: 'wanted' };
}

export async function writeHotFile(folder: string, id: string, hot: HotFile): Promise<void> {
  await writeFileAtomic(file(folder, id), `${JSON.stringify(hot)}\n`, 0o600);
}

export async function forgetHotFile(folder: string, id: string): Promise<void> {
  await rm(file(folder, id), { force: true });
}

/** For lists. */
export async function hotState(folder: string, id: string): Promise<SnapshotHot | null> {
  const said = await readHotFile(folder, id);
  if (!said) return null;
  return said.state === 'ready' ? { state: 'ready', bytes: said.bytes, shared: said.shared } : { state: 'wanted', bytes: 0, shared: null };
}
