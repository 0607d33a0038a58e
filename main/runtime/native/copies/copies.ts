/** Copies of volumes that are folders: sets lie in the stack's own folder, so that moving is renaming. */
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { isMissing } from '../../../home/files.ts';
import type { CopyRoom, MoveRoom, VolumeCopies, VolumePlace } from '../../copies.ts';
import { type Machine, placesOf } from '../machine.ts';
import type { StackPlaces } from '../places.ts';
import { runCommand } from '../run-command.ts';
import { removeVolume } from '../volumes.ts';
import { copyTree } from './copy-tree.ts';
import { entriesOf, freeAt, sizeOf, stampOf } from './entries.ts';
import { needlessIn } from './needless.ts';
import { walk } from './walk.ts';

export function nativeCopies(machine: Machine): VolumeCopies {
  const open = async (stack: string, read: readonly VolumePlace[]) => {
    for (const place of read) await mustBeThere(folderOf(machine, stack, place), place);
    return room(machine, stack);
  };
  const kept = async (stack: string, set: string) => {
    const names = await readdir(placesOf(machine, stack).set(set)).catch((error: unknown) => {
      if (isMissing(error)) return [];
      throw error;
    });
    return names.filter((name) => !name.startsWith('.'));
  };
  return {
    movesAtOnce: async () => ({ atOnce: true }),
    open: ({ name }, { read }) => open(name, read),
    openMoves: ({ name }, { read }) => open(name, read),
    kept,
    moved: ({ name }, set) => kept(name, set),
    removeSet: (stack, set) => rm(placesOf(machine, stack).set(set), { recursive: true, force: true, maxRetries: 3 }),
    // Copies are made by this very process: they end with it.
    clear: async () => {},
  };
}

function room(machine: Machine, stack: string): CopyRoom & MoveRoom {
  const { volumes } = placesOf(machine, stack);
  const folder = (place: VolumePlace) => folderOf(machine, stack, place);
  return {
    size: (place, needless) => sizeOf(folder(place), needless),
    async free() {
      await mkdir(volumes, { recursive: true, mode: 0o700 });
      return freeAt(dirname(volumes));
    },
    async copy(from, to, work, needless) {
      await empty(machine, stack, to);
      try {
        return await copyTree(folder(from), folder(to), work, needless);
      } catch (error) {
        throw asNoodleError(error);
      }
    },
    async move(from, to) {
      await empty(machine, stack, to);
      await rename(folder(from), folder(to));
      await Promise.all([syncFolder(dirname(folder(from))), syncFolder(dirname(folder(to)))]);
    },
    async shed(place, needless) {
      for (const path of await needlessIn(folder(place), needless)) await rm(join(folder(place), path), { force: true });
    },
    sync: (all) => syncTrees(all.map(folder)),
    entries: (place, work) => entriesOf(folder(place), work),
    stamp: (place, work) => stampOf(folder(place), work),
    close: async () => {},
  };
}

function folderOf(machine: Machine, stack: string, place: VolumePlace): string {
  if (place.kind === 'kept') return placesOf(machine, stack).kept(place.set, place.volume.name);
  return ofLive(machine, stack, place).volume(place.volume.name);
}

/** The stack whose services mount it. */
function ofLive(machine: Machine, stack: string, place: VolumePlace): StackPlaces {
  return placesOf(machine, place.kind === 'beside' ? place.stack : stack);
}

/** Nothing is there, and it can be made there. */
async function empty(machine: Machine, stack: string, place: VolumePlace): Promise<void> {
  const folder = folderOf(machine, stack, place);
  if (place.kind === 'kept') await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  else await removeVolume(ofLive(machine, stack, place), place.volume.name);
  await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
}

async function mustBeThere(folder: string, place: VolumePlace): Promise<void> {
  try {
    await stat(folder);
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new NoodleError({ code: 'not-found', what: `The data of ${place.volume.key} are not there.`, why: `There is no ${folder}.` });
  }
}

/** Linux brings all that was written to the file system down at once; elsewhere it is asked for file by file. */
async function syncTrees(folders: readonly string[]): Promise<void> {
  const [first] = folders;
  if (first === undefined) return;
  if (process.platform === 'linux') {
    const done = await runCommand(['sync', '-f', first]).catch(() => undefined);
    if (done?.code === 0) return;
  }
  for (const folder of folders) {
    for await (const { path, type } of walk(folder)) if (type !== 'link') await syncFolder(`${folder}/${path}`);
  }
}

async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders; what it renames is on the disk soon enough.
  if (process.platform === 'win32') return;
  const file = await open(path, 'r');
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
