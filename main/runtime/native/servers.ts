/** The servers this machine has or could have: for `noodlebox servers`, the doctor, and `provide`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DoctorFinding, Progress, ServerInfo } from '../../../preload/contract/index.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { type Lock, takeLock } from '../../home/lock.ts';
import { limits } from '../../limits.ts';
import { type Installable, type Installation, installName, type ServerPlaces } from './server.ts';

interface InstallTask {
  readonly signal: AbortSignal;
  readonly progress: (progress: Progress) => void;
}

export async function listServers(servers: readonly Installable[], places: ServerPlaces): Promise<readonly ServerInfo[]> {
  return Promise.all(servers.map((server) => serverInfo(server, places)));
}

async function serverInfo(server: Installable, places: ServerPlaces): Promise<ServerInfo> {
  const { kind, title } = server;
  const found = await server.find(places);
  if (found)
    return { kind, title, state: 'found', program: found.program, version: found.version, path: found.path, commands: [], lacks: [] };
  const { program, commands, lacks } = await server.installation(places);
  const state = lacks.length === 0 ? 'installable' : 'unavailable';
  return { kind, title, state, program, version: null, path: null, commands: [...commands], lacks: [...lacks] };
}

/**
 * Installs a server that is not here yet; of two that try at once the second waits for the first.
 * @throws NoodleError server-missing (the machine lacks what the install needs), install-failed, disk-full
 */
export async function installServer(server: Installable, places: ServerPlaces, task: InstallTask): Promise<void> {
  if (await server.find(places)) return;
  const installation = await server.installation(places);
  refuseLacking(server, installation);
  await mkdir(places.servers, { recursive: true });
  const lock = await waitForLock(join(places.servers, `${installName(server)}.lock`), server.title, task);
  try {
    if (await server.find(places)) return;
    await installation.install(task);
  } finally {
    await lock.release();
  }
  if (await server.find(places)) return;
  throw new NoodleError({ code: 'install-failed', what: `${server.title} was installed, but what came does not run on this machine.` });
}

function refuseLacking(server: Installable, { lacks }: Installation): void {
  if (lacks.length === 0) return;
  throw new NoodleError({
    code: 'server-missing',
    what: `${server.title} cannot be installed here yet.`,
    why: `The machine lacks ${lacks.map(({ what }) => what).join(', ')}.`,
    todo: 'Install that first, then run the same command again.',
    command: lacks.find(({ command }) => command !== null)?.command ?? undefined,
  });
}

async function waitForLock(path: string, title: string, { signal, progress }: InstallTask): Promise<Lock> {
  for (;;) {
    signal.throwIfAborted();
    try {
      return await takeLock(path, `installing ${title}`, 'stack-busy');
    } catch (error) {
      if (asNoodleError(error).code !== 'stack-busy') throw error;
      progress({ kind: 'steps', current: 0, total: 0, label: `${title} is being installed by another Noodlebox` });
      await pause(limits.installPoll, undefined, { signal });
    }
  }
}

/** What the doctor says of each server. */
export async function nativeFindings(servers: readonly Installable[], places: ServerPlaces): Promise<readonly DoctorFinding[]> {
  return Promise.all(
    servers.map(async (server): Promise<DoctorFinding> => {
      const info = await serverInfo(server, places);
      const finding = { name: `${info.title} without a container engine` };
      switch (info.state) {
        case 'found':
          return { ...finding, level: 'ok', message: `${info.program}: ${info.path}`, command: null };
        case 'installable':
          return {
            ...finding,
            level: 'warn',
            message: `${info.program} is not installed yet.`,
            command: `noodlebox servers install ${info.kind}`,
          };
        case 'unavailable': {
          const command = info.lacks.find((lack) => lack.command !== null)?.command ?? null;
          return {
            ...finding,
            level: 'warn',
            message: `${info.program} cannot be installed: no ${info.lacks.map(({ what }) => what).join(', no ')}.`,
            command,
          };
        }
      }
    }),
  );
}
