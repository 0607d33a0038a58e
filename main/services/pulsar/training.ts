/** A run of Pulsar on data of its own, with nobody asking, whose only use is that Java writes down the classes it has read when it ends. */
import { readFile, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { runLeashed } from '../../runtime/native/bench/leash.ts';
import { internalPorts } from '../../runtime/native/ports.ts';
import type { FoundServer, NativeInstance, NativeServer, ServerPlaces } from '../../runtime/native/server.ts';
import { inherited } from '../../runtime/native/spawn.ts';
import { port, secrets } from './secrets.ts';

/** The stack's own: what the broker reads on its way depends on what it is told to do. */
const configuration = new URL('../../../compose/pulsar/standalone.conf', import.meta.url);

/**
 * @param folder for the data and all else that comes of it
 * @param archive the file that Java is to write; it is not there afterwards when that went wrong
 * @throws NoodleError disk-full; the signal's reason when aborted or when it took too long: nothing of it runs any more then
 */
export async function train(
  server: NativeServer,
  found: FoundServer,
  env: ServerPlaces['env'],
  { folder, archive, signal }: { readonly folder: string; readonly archive: string; readonly signal: AbortSignal },
): Promise<void> {
  await mustHaveRoom(folder);
  const instance = await trainee(server, folder);
  const { command, args, cwd } = await server.prepare(found, instance);
  const over = AbortSignal.any([signal, AbortSignal.timeout(limits.classTraining)]);
  const enough = new AbortController();
  const ended = new AbortController();
  const running = runLeashed([command, `-XX:ArchiveClassesAtExit=${archive}`, ...args], {
    cwd,
    env: inherited(env),
    signal: over,
    enough: enough.signal,
    endSignal: 'TERM',
  }).finally(() => ended.abort());
  await Promise.race([running.catch(() => {}), untilReady(server, instance, AbortSignal.any([over, ended.signal])).catch(() => {})]);
  enough.abort();
  await running;
}

/** A Pulsar without room does not end by itself. */
async function mustHaveRoom(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize >= limits.classTrainingSpace) return;
  throw new NoodleError({ code: 'disk-full', what: 'There is too little room on the disk for it.' });
}

/** Pulsar as the stack has it, with secrets and ports that are nobody's. */
async function trainee({ internalPorts: own = [] }: NativeServer, folder: string): Promise<NativeInstance> {
  const made: Record<string, string> = {};
  for (const { variable, make } of secrets) made[variable] = make(made);
  const environment = Object.fromEntries(secrets.map((rule) => [rule.environment, made[rule.variable]!]));
  const conf = { target: '/standalone.conf', content: await readFile(configuration, 'utf8'), mode: 0o600, uid: 0, gid: 0 };
  const ports = await internalPorts(join(folder, 'ports.json'), ['broker', 'web', ...own]);
  return {
    stack: 'training',
    spec: { name: 'pulsar', environment, configs: [conf] },
    folder,
    mounted: () => join(folder, 'data'),
    published: (target) => (target === port ? ports.broker! : ports.web!),
    internal: (name) => ports[name]!,
  };
}

async function untilReady(server: NativeServer, instance: NativeInstance, signal: AbortSignal): Promise<void> {
  for (;;) {
    try {
      return await server.ready(instance, signal);
    } catch {
      await pause(limits.probeInterval, undefined, { signal });
    }
  }
}
