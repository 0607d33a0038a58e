/** Where the native runtime keeps its things in the data home. */
import { join } from 'node:path';
import { NoodleError } from '../../errors.ts';
import { homePaths } from '../../home/paths.ts';

export function stackPlaces(home: string, stack: string) {
  const root = homePaths(home).stack(plain(stack));
  const native = join(root, 'native');
  return {
    native,
    volumes: join(root, 'volumes'),
    volume: (name: string) => join(root, 'volumes', plain(name)),
    /** Copies of volumes, a folder a set. */
    set: (set: string) => join(root, 'snapshots', plain(set), 'volumes'),
    kept: (set: string, name: string) => join(root, 'snapshots', plain(set), 'volumes', plain(name)),
    /** What the server's own programs keep for good: backups. */
    depot: (service: string) => join(root, 'depots', plain(service)),
    instance: (service: string) => join(native, plain(service)),
    /** Held while an instance is made, started, stopped or removed. */
    lock: (service: string) => join(native, `${plain(service)}.lock`),
    /** Outlives instances: Pulsar's data names the port it was written under. */
    internalPorts: (service: string) => join(native, `${plain(service)}.ports.json`),
  };
}
export type StackPlaces = ReturnType<typeof stackPlaces>;

/** The files of one instance. */
export function instanceFiles(folder: string) {
  return {
    /** What it is made of. */
    instance: join(folder, 'instance.json'),
    /** The process that was started last. */
    run: join(folder, 'run.json'),
    /** The run that was seen to be ready. */
    ready: join(folder, 'ready.json'),
    /** The processes that were made to stand still. */
    paused: join(folder, 'paused.json'),
    /** How the last run ended, when its parent lived to see it. */
    ended: join(folder, 'ended.json'),
    log: join(folder, 'server.log'),
    /** The log before the last rotation. */
    oldLog: join(folder, 'server.log.1'),
  };
}

/** Names come from compose files; none of them may lead out of its folder. */
function plain(name: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/.test(name)) return name;
  throw new NoodleError({
    code: 'definition-invalid',
    what: `"${name}" cannot be the name of a stack, service or volume.`,
    why: 'Names are made of letters, digits, _, . and -, and start with a letter or a digit.',
  });
}
