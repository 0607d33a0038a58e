/** Volumes are folders of the stack. */
import { randomBytes } from 'node:crypto';
import { mkdir, open, readdir, realpath, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { isMissing } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import type { Definition, ServiceSpec } from '../spec.ts';
import { mounted } from './instance.ts';
import type { StackPlaces } from './places.ts';
import { type InstanceRecord, readInstance } from './records.ts';

export async function listVolumes({ volumes }: StackPlaces): Promise<readonly string[]> {
  const entries = await readdir(volumes, { withFileTypes: true }).catch((error: unknown) => {
    if (isMissing(error)) return [];
    throw error;
  });
  // A dot before the name: being made or being deleted.
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map((entry) => entry.name);
}

export async function createVolume(places: StackPlaces, name: string): Promise<void> {
  await mkdir(places.volume(name), { recursive: true, mode: 0o700 });
}

/** Deletes the data. It is out of sight at once, so a kill in between leaves no half of a volume behind under its name. */
export async function removeVolume(places: StackPlaces, name: string): Promise<void> {
  const folder = places.volume(name);
  const doomed = join(dirname(folder), `.${basename(folder)}.removed-${randomBytes(4).toString('hex')}`);
  await rename(folder, doomed).catch((error: unknown) => {
    if (!isMissing(error)) throw error;
  });
  for (const leftover of await readdir(places.volumes).catch(() => [])) {
    if (leftover.startsWith(`.${name}.`)) await rm(join(places.volumes, leftover), { recursive: true, force: true, maxRetries: 3 });
  }
}

/** Folders of this machine for the container paths that the service mounts. */
export function mountsOf(places: StackPlaces, definition: Definition, spec: ServiceSpec): InstanceRecord['mounts'] {
  return spec.mounts.flatMap((mount) => {
    if (mount.type === 'tmpfs') return [];
    const folder = mount.type === 'bind' ? mount.source : places.volume(definition.volumes[mount.source]?.name ?? mount.source);
    return [{ target: mount.target, folder }];
  });
}

/** A file by its container path, at most `limits.containerFileBytes` of it; undefined when it is not there, or a link leads out of its folder. */
export async function readInstanceFile(places: StackPlaces, service: string, containerPath: string): Promise<Buffer | undefined> {
  const folder = places.instance(service);
  const record = await readInstance(folder);
  if (!record) return undefined;
  const { root, path } = mounted(folder, record.mounts, containerPath);
  try {
    const [realRoot, realPath] = await Promise.all([realpath(root), realpath(path)]);
    if (!realPath.startsWith(realRoot + sep)) return undefined;
    const file = await open(realPath, 'r');
    try {
      if (!(await file.stat()).isFile()) return undefined;
      const { buffer, bytesRead } = await file.read(Buffer.alloc(limits.containerFileBytes), 0, limits.containerFileBytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
