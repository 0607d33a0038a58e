/** The servers this machine has or could have: for `noodlebox servers`, the doctor, and `provide`. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { DoctorFinding, ServerInfo } from '../../../preload/contract/index.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { type Lock, takeLock } from '../../home/lock.ts';
import { limits } from '../../limits.ts';
import { type FoundServer, type Installable, type Installation, type InstallTask, installName, type ServerPlaces } from './server.ts';

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

/** What `installServer` would do. */
export async function missingOf(server: Installable, places: ServerPlaces): Promise<'the server' | 'its quick start' | undefined> {
  const found = await server.find(places);
  if (!found) return 'the server';
  return server.quickStart && !(await server.quickStart.has(found)) ? 'its quick start' : undefined;
}

/**
 * Installs a server that is not here yet, and what it starts faster with; of two that try at once the second waits for the first.
 * @throws NoodleError server-missing (the machine lacks what the install needs), install-failed, disk-full
 */
export async function installServer(server: Installable, places: ServerPlaces, task: InstallTask): Promise<void> {
  if (!(await server.find(places))) await installMissing(server, places, task);
  const found = await server.find(places);
  if (!found)
    throw new NoodleError({ code: 'install-failed', what: `${server.title} was installed, but what came does not run on this machine.` });
  await makeQuick(server, found, places, task);
}

async function installMissing(server: Installable, places: ServerPlaces, task: InstallTask): Promise<void> {
  const installation = await server.installation(places);
  refuseLacking(server, installation);
  await locked(server, places, task, async () => {
    if (!(await server.find(places))) await installation.install(task);
  });
}

/** The server is there and starts without it: that it cannot be made is told, and no failure. */
async function makeQuick(server: Installable, found: FoundServer, places: ServerPlaces, task: InstallTask): Promise<void> {
  const { quickStart } = server;
  if (!quickStart || (await quickStart.has(found))) return;
  try {
    await locked(server, places, task, async () => {
      if (!(await quickStart.has(found))) await quickStart.make(found, places, task);
    });
  } catch (error) {
    task.signal.throwIfAborted();
    const label = `${server.title} starts no faster than before: ${asNoodleError(error).message}`;
    task.progress({ kind: 'steps', current: 1, total: 1, label });
  }
}

async function locked(server: Installable, places: ServerPlaces, task: InstallTask, act: () => Promise<void>): Promise<void> {
  await mkdir(places.servers, { recursive: true });
  const lock = await waitForLock(join(places.servers, `${installName(server)}.lock`), server.title, task);
  try {
    await act();
  } finally {
    await lock.release();
  }
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
        case 'found': {
          const message = `${info.program}: ${info.path}`;
          if ((await missingOf(server, places)) !== 'its quick start') return { ...finding, level: 'ok', message, command: null };
          return {
            ...finding,
            level: 'ok',
            message: `${message} (it can start faster)`,
            command: `noodlebox servers install ${info.kind}`,
          };
        }
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
