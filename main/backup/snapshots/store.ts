/**
 * The folder of a stack's snapshots. A snapshot is whole once its manifest is there, which is written last;
 * until then it is marked as unfinished, and what is marked and has no manifest may be cleared away by anyone
 * who holds the stack's lock. A folder that has neither was not left by us, and is told of instead.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Snapshot, type SnapshotEntry, snapshotFormat } from '../../../preload/contract/snapshots.ts';
import { NoodleError } from '../../errors.ts';
import { isMissing, readJson, readText, writeFileAtomic } from '../../home/files.ts';
import { chosen as chosenOf } from '../choose.ts';
import { sha256 } from './file-list.ts';
import type { SnapshotHost } from './host.ts';
import { hotState } from './hot-file.ts';
import { hotSet, idsIn } from './leftovers.ts';
import { readRehearsed } from './rehearsed.ts';

const files = (folder: string, id: string) => ({
  folder: join(folder, id),
  manifest: join(folder, id, 'manifest.json'),
  list: join(folder, id, 'files.jsonl'),
  unfinished: join(folder, id, 'unfinished'),
});

/** All there are, newest first. */
export async function listSnapshots(folder: string): Promise<readonly SnapshotEntry[]> {
  const entries = await Promise.all((await idsIn(folder)).map((id) => readEntry(folder, id)));
  return entries.filter((entry) => entry !== undefined).sort((a, b) => (a.id < b.id ? 1 : -1));
}

/** By id, by the beginning of one, or by name, where only one has it. @throws NoodleError not-found, bad-argument, snapshot-damaged */
export async function findSnapshot(folder: string, asked: string): Promise<Snapshot> {
  const entry = chosen(await listSnapshots(folder), asked);
  if (entry.state === 'whole') return entry.snapshot;
  throw new NoodleError({
    code: 'snapshot-damaged',
    what: `Snapshot ${entry.id} cannot be read.`,
    why: entry.why,
    todo: 'Use another one.',
    command: 'noodlebox snapshot list',
  });
}

export function chosen(entries: readonly SnapshotEntry[], asked: string): SnapshotEntry {
  return chosenOf(entries, asked, 'snapshot', (entry) => (entry.state === 'whole' ? entry.snapshot.name : null));
}

/** Marks a snapshot as begun. */
export async function beginSnapshot(folder: string, id: string): Promise<void> {
  const places = files(folder, id);
  await mkdir(places.folder, { recursive: true, mode: 0o700 });
  await writeFile(places.unfinished, '');
}

/** Makes it whole. @param list see `file-list.ts` */
export async function finishSnapshot(folder: string, snapshot: Snapshot, list: string): Promise<void> {
  const places = files(folder, snapshot.id);
  await writeFileAtomic(places.list, list, 0o600);
  await writeFileAtomic(places.manifest, `${JSON.stringify(snapshot, null, 2)}\n`, 0o600);
  await rm(places.unfinished, { force: true });
}

export async function readFileList(folder: string, id: string): Promise<string | undefined> {
  return readText(files(folder, id).list);
}

/** Deletes a snapshot, whole or not. Cut off, it is an unfinished one, which the next command clears away. */
export async function discardSnapshot({ folder, runtime, stack }: SnapshotHost, id: string): Promise<void> {
  const places = files(folder, id);
  // One act, that needs no room on a full disk: it is unfinished from here on.
  await rename(places.manifest, places.unfinished).catch(async (error: unknown) => {
    if (!isMissing(error)) throw error;
    await beginSnapshot(folder, id);
  });
  await runtime.copies.removeSet(stack, id);
  // Its ready copy, where it was hot.
  await runtime.copies.removeSet(stack, hotSet(id));
  await rm(join(folder, hotSet(id)), { recursive: true, force: true, maxRetries: 3 });
  await rm(places.folder, { recursive: true, force: true, maxRetries: 3 });
}

/** undefined: it is not there, not whole, or not to be read. */
export async function readSnapshot(folder: string, id: string): Promise<Snapshot | undefined> {
  const read = await readJson(files(folder, id).manifest, (value) => asSnapshot(value, id));
  return read.state === 'read' ? read.value : undefined;
}

async function readEntry(folder: string, id: string): Promise<SnapshotEntry | undefined> {
  const places = files(folder, id);
  const manifest = await readJson(places.manifest, (value) => asSnapshot(value, id)).catch((error: Error) => ({
    state: 'broken' as const,
    why: error.message,
  }));
  switch (manifest.state) {
    case 'read':
      return {
        state: 'whole',
        id,
        snapshot: manifest.value,
        hot: await hotState(folder, id),
        rehearsed: (await readRehearsed(folder, manifest.value)) ?? null,
      };
    case 'broken':
      return { state: 'unreadable', id, why: `manifest.json: ${manifest.why}` };
    case 'missing':
      if ((await readText(places.unfinished)) !== undefined) return undefined;
      return { state: 'unreadable', id, why: 'manifest.json is missing.' };
  }
}

/** With the seal that belongs to it. */
export function sealed(snapshot: Omit<Snapshot, 'seal'>): Snapshot {
  // Parsed, its keys are in the schema's order, whoever made it.
  const { seal: _, ...rest } = Snapshot.parse({ ...snapshot, seal: '' });
  return { ...rest, seal: sha256(JSON.stringify(rest)) };
}

function asSnapshot(value: unknown, id: string): Snapshot {
  const format = (value as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > snapshotFormat) {
    throw new Error(`It is of format ${format}, made by a newer Noodlebox; this one knows formats up to ${snapshotFormat}.`);
  }
  const read = Snapshot.safeParse(value);
  if (!read.success) {
    const [issue] = read.error.issues;
    throw new Error(`${issue?.path.join('.') || 'the manifest'}: ${issue?.message}`);
  }
  if (read.data.id !== id) throw new Error(`it is that of ${read.data.id}`);
  if (sealed(read.data).seal !== read.data.seal) throw new Error('it was changed after it was written');
  return read.data;
}
