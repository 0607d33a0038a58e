/** A container engine for tests: one that answers, else, as root where `dockerd` is installed, one of our own. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDocker } from '../../main/runtime/docker/docker.ts';
import { labCache } from './cache.ts';

export type LabEngine =
  | {
      readonly state: 'there';
      /** For DOCKER_HOST; undefined: where everybody looks. */
      readonly host: string | undefined;
      /** Ends the engine if this call started it. */
      stop(): Promise<void>;
    }
  | { readonly state: 'missing'; readonly reason: string };

/** Sockets and pid file of our own engine: one a machine, so that a second caller finds the first one's. */
const runFolder = '/run/noodlebox-lab';
const ownHost = `unix://${runFolder}/docker.sock`;
const pidFile = join(runFolder, 'docker.pid');

export async function ensureEngine(env: NodeJS.ProcessEnv = process.env): Promise<LabEngine> {
  const why = await silence(env);
  if (why === undefined) return { state: 'there', host: env.DOCKER_HOST, stop: async () => {} };
  if ((await silence({ ...env, DOCKER_HOST: ownHost })) === undefined) return { state: 'there', host: ownHost, stop: async () => {} };
  const dockerd = (env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, 'dockerd'))
    .find(existsSync);
  if (!dockerd) return { state: 'missing', reason: `no container engine answers and dockerd is not installed (${why})` };
  if (process.getuid?.() !== 0) return { state: 'missing', reason: 'no container engine answers, and only root can start one' };
  return startDockerd(dockerd, env);
}

/** Ends our own engine, whoever started it. @returns whether there was one */
export async function stopEngine(): Promise<boolean> {
  const pid = Number(await readFile(pidFile, 'utf8').catch(() => ''));
  if (!pid || !(await isDockerd(pid))) return false;
  process.kill(pid, 'SIGTERM');
  while (await isDockerd(pid)) await sleep(50);
  return true;
}

/** @returns why no engine answers; undefined when one does */
async function silence(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const runtime = await openDocker({ env });
    await runtime.close();
    return undefined;
  } catch (error) {
    return (error as Error).message.split('\n')[0];
  }
}

/** With a data root of its own, kept between runs, so that images are built once a machine. */
async function startDockerd(dockerd: string, env: NodeJS.ProcessEnv): Promise<LabEngine> {
  const folder = join(labCache(env), 'engine');
  await mkdir(folder, { recursive: true });
  await mkdir(runFolder, { recursive: true });
  const log = join(folder, 'dockerd.log');
  const out = openSync(log, 'w');
  const args = ['--data-root', join(folder, 'data'), '--exec-root', join(runFolder, 'exec'), '--pidfile', pidFile, '-H', ownHost];
  // In a session of its own: Ctrl-C of a test run must not take it away from under the tests that clean up.
  const child = spawn(dockerd, args, { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  child.unref();
  const stop = async () => void (await stopEngine());
  for (let waited = 0; waited < 60_000 && child.exitCode === null; waited += 250) {
    if ((await silence({ ...env, DOCKER_HOST: ownHost })) === undefined) return { state: 'there', host: ownHost, stop };
    await sleep(250);
  }
  const last = (await readFile(log, 'utf8')).trim().split('\n').slice(-3).join('\n');
  await stop();
  return { state: 'missing', reason: `dockerd was started and did not come up:\n${last}` };
}

async function isDockerd(pid: number): Promise<boolean> {
  return (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim() === 'dockerd';
}
