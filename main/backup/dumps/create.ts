/** Makes a backup: one server after another into one file, which is there once it is whole. */
import { existsSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Backup, BackupOutside, BackupService, BackupStore } from '../../../preload/contract/backups.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { jsonPart } from '../../services/dump-parts.ts';
import type { Encryption } from '../archive/encryption.ts';
import { clearUnfinished } from '../archive/unfinished.ts';
import { writeArchive } from '../archive/write.ts';
import { isId, newId } from '../choose.ts';
import { Steps } from '../snapshots/steps.ts';
import type { BackupHost, Run, Store } from './host.ts';
import { hashOfFile } from './seal.ts';
import { extension, findBackup, keepSeal, keepStores, listBackups } from './store.ts';

export interface BackupRequest {
  readonly name: string | null;
  readonly note: string | null;
  /** Empty: all that run. */
  readonly services: readonly string[];
  readonly encryption: Encryption;
  /** A file or a folder of the person's own; undefined: the stack's folder. */
  readonly to?: string;
}

/** The part that tells what was counted, last of its service. */
export const factsPart = 'facts.json';

interface Reachable {
  readonly store: Store;
  readonly version: string;
}

/** @throws NoodleError unknown-service, service-unreachable, conflict, disk-full, cancelled. There is no file then. */
export async function createBackup(host: BackupHost, request: BackupRequest, run: Run): Promise<Backup> {
  await refuseTaken(host, request.name);
  const chosen = chooseStores(host, request.services);
  const reachable = await reach(chosen, request.services.length > 0, run);
  const id = newId(Date.now());
  const file = fileOf(host, id, request.to);
  refuseThere(file);
  // Each has a name of its own, also in another folder.
  await clearUnfinished(dirname(file), (name) => isOurs(name, host.stack));
  const services = reachable.map(({ store, version }): BackupService => ({ service: store.service, kind: store.kind, version }));
  const outside: BackupOutside = { id, stack: host.stack, runtime: host.runtime, name: request.name, note: request.note, services };
  const steps = new Steps(
    host.stack,
    run,
    reachable.map(({ store }) => ({ kind: 'dump', target: store.service, cause: 'asked for a backup' })),
  );
  const stores: BackupStore[] = [];
  const options = { kind: 'backup', open: outside, about: outside, encryption: request.encryption, signal: run.signal } as const;
  const { header } = await writeArchive(file, options, async (put, signal) => {
    for (const { store, version } of reachable) {
      const { service, kind } = store;
      const facts = await steps.do('dump', service, async ({ progress }) => {
        let bytes = 0;
        const counted = async function* (content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>) {
          for await (const chunk of content) {
            bytes += chunk.length;
            progress(bytes);
            yield chunk;
          }
        };
        const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
        return dumper.dump(place, (name, content) => put(`${service}/${name}`, counted(content)), signal);
      });
      const kept: BackupStore = { service, kind, version, counts: [...facts.counts], notes: [...facts.notes] };
      await put(`${service}/${factsPart}`, jsonPart(kept));
      stores.push(kept);
    }
  });
  await keepStores({ ...header, file }, stores);
  if (request.encryption.kind !== 'none') await keepSeal({ ...header, file }, await hashOfFile(file, run.signal));
  return { ...(await findBackup(host.folder, file)), stores };
}

/** @throws NoodleError unknown-service */
export function chooseStores(host: Pick<BackupHost, 'stack' | 'stores'>, services: readonly string[]): readonly Store[] {
  if (services.length === 0) return host.stores;
  return services.map((service) => {
    const store = host.stores.find((each) => each.service === service);
    if (store) return store;
    throw new NoodleError({
      code: 'unknown-service',
      what: `${host.stack} has no store "${service}".`,
      todo: `Name one of ${host.stores.map((each) => each.service).join(', ')}.`,
    });
  });
}

/** Those that answer. One that was asked for by name has to; of the others it is told that they are not in it. */
async function reach(stores: readonly Store[], named: boolean, run: Run): Promise<Reachable[]> {
  const reachable: Reachable[] = [];
  for (const store of stores) {
    try {
      reachable.push({ store, version: await store.version(run.signal) });
    } catch (error) {
      const { code, problem } = asNoodleError(error);
      if (named || code !== 'service-unreachable') throw error;
      run.onEvent({ type: 'notice', level: 'warn', message: `${store.service} is not in the backup: ${problem.what}` });
    }
  }
  if (reachable.length > 0) return reachable;
  throw new NoodleError({
    code: 'service-unreachable',
    what: 'Nothing runs that could be backed up.',
    todo: 'Start the stack.',
    command: 'noodlebox up',
  });
}

async function refuseTaken(host: BackupHost, name: string | null): Promise<void> {
  if (name === null) return;
  const taken = (await listBackups(host.folder)).find(
    (entry) => entry.id === name || (entry.state === 'whole' && entry.backup.name === name),
  );
  if (!taken) return;
  throw new NoodleError({
    code: 'conflict',
    what: `There is a backup "${name}" already: ${taken.id}.`,
    todo: 'Give another name, or delete that one first.',
    command: `noodlebox backup delete ${taken.id}`,
  });
}

function refuseThere(file: string): void {
  if (!existsSync(file)) return;
  throw new NoodleError({ code: 'conflict', what: `${file} is there already.`, todo: 'Give another name with --to, or move it away.' });
}

function fileOf(host: BackupHost, id: string, to: string | undefined): string {
  if (to === undefined) return join(host.folder, `${id}${extension}`);
  const path = resolve(to);
  return path.endsWith(extension) ? path : join(path, `${host.stack}-${id}${extension}`);
}

/** Whether `fileOf` gives such a name. */
function isOurs(name: string, stack: string): boolean {
  const id = name.startsWith(`${stack}-`) ? name.slice(stack.length + 1) : name;
  return name.endsWith(extension) && isId(basename(id, extension));
}
