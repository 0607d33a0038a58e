/**
 * Whether servers have opened a snapshot's data before: beside the stack, or when it was restored. It is written down beside
 * the manifest, bound to its seal, and so to every file's hash, and to the servers that it was. Whatever of that is no
 * longer so, or is not understood, counts as never rehearsed.
 */
import { join } from 'node:path';
import { type Snapshot, SnapshotRehearsed, type SnapshotServer } from '../../../preload/contract/snapshots.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';
import type { Definition, ServiceSpec } from '../../runtime/spec.ts';
import { specHash } from '../../stack/definition/hash.ts';
import type { Versions } from './check.ts';
import type { SnapshotHost } from './host.ts';
import { clearScratch } from './leftovers.ts';

type Servers = SnapshotRehearsed['servers'];

const file = (folder: string, id: string) => join(folder, id, 'rehearsed.json');

/** What is written down of these very data; undefined: nothing that can be believed. */
export async function readRehearsed(folder: string, { id, seal }: Snapshot): Promise<SnapshotRehearsed | undefined> {
  const read = await readJson(file(folder, id), (value) => SnapshotRehearsed.parse(value)).catch(() => undefined);
  return read?.state === 'read' && read.value.seal === seal ? read.value : undefined;
}

/** The data were opened by these servers: those of `ran`, with the definitions of `host`. */
export async function writeRehearsed(
  host: SnapshotHost,
  { id, seal }: Snapshot,
  how: SnapshotRehearsed['how'],
  ran: Definition,
  versions: Versions,
): Promise<void> {
  const images = await imagesOf(host, ran);
  const servers = Object.fromEntries([...versions].map(([service, version]) => [service, server(host, service, images, version)]));
  const rehearsed: SnapshotRehearsed = { seal, at: Date.now(), how, servers };
  // What a kill left of an earlier one.
  await clearScratch(join(host.folder, id));
  await writeFileAtomic(file(host.folder, id), `${JSON.stringify(rehearsed)}\n`, 0o600);
}

/** The rehearsal that still says what the servers of now would do; undefined: none does. */
export async function rehearsedBefore(
  host: SnapshotHost,
  snapshot: Snapshot,
  services: readonly string[],
  signal: AbortSignal,
): Promise<SnapshotRehearsed | undefined> {
  const written = await readRehearsed(host.folder, snapshot);
  if (!written) return undefined;
  const stores = services.filter((service) => host.definition.services[service]?.kind);
  const [images, known] = await Promise.all([imagesOf(host, host.definition), host.versions()]);
  const now = await Promise.all(
    stores.map(async (service) => {
      // Nothing that runs, nothing to ask: then its image says which it is.
      const version = known.get(service) ?? (await host.verify(service, signal).catch(() => null));
      return [service, server(host, service, images, version)] as const;
    }),
  );
  signal.throwIfAborted();
  return sameServers(written.servers, Object.fromEntries(now)) ? written : undefined;
}

/** Whether all of now are the same as then. A version that is not known says nothing; what has no image is not there. */
export function sameServers(then: Servers, now: Servers): boolean {
  return Object.entries(now).every(([service, { image, version, definition }]) => {
    const before = Object.hasOwn(then, service) ? then[service] : undefined;
    if (!before || image === '' || before.image !== image || before.definition !== definition) return false;
    return version === null || before.version === version;
  });
}

function server(
  { definition }: SnapshotHost,
  service: string,
  images: ReadonlyMap<string, string>,
  version: string | null,
): SnapshotServer {
  const spec = definition.services[service] as ServiceSpec;
  // Its ports change with every stack, and no server minds.
  return { image: images.get(service) ?? '', version, definition: specHash({ ...spec, ports: [] }) };
}

async function imagesOf({ runtime }: SnapshotHost, definition: Definition): Promise<ReadonlyMap<string, string>> {
  const { instances } = await runtime.observe(definition);
  return new Map(instances.map(({ service, image }) => [service, image]));
}
