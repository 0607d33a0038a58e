/** A container engine for tests: one that answers, else, as root where `dockerd` is installed, one of our own. */
import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openDocker } from '../../main/runtime/docker/docker.ts';
import { labCache } from './cache.ts';

export type LabEngine =
  | { readonly state: 'there'; readonly host: string | undefined; stop(): Promise<void> }
  | { readonly state: 'missing'; readonly reason: string };

export async function ensureEngine(env: NodeJS.ProcessEnv = process.env): Promise<LabEngine> {
  const none = await answers(env);
  if (none === undefined) return { state: 'there', host: env.DOCKER_HOST, stop: async () => {} };
  const dockerd = (env.PATH ?? '')
    .split(':')
    .map((folder) => join(folder, 'dockerd'))
    .find(existsSync);
  if (!dockerd) return { state: 'missing', reason: `no container engine answers and dockerd is not installed (${none})` };
  if (process.getuid?.() !== 0) return { state: 'missing', reason: 'no container engine answers, and only root can start one' };
  return startDockerd(dockerd, env);
}

/** @returns why no engine answers; undefined when one does */
async function answers(env: NodeJS.ProcessEnv): Promise<string | undefined> {
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
  const run = `/run/noodlebox-lab-${process.pid}`;
  const host = `unix://${run}/docker.sock`;
  const log = join(folder, 'dockerd.log');
  const out = openSync(log, 'w');
  const args = ['--data-root', join(folder, 'data'), '--exec-root', join(run, 'exec'), '--pidfile', join(run, 'docker.pid'), '-H', host];
  await mkdir(run, { recursive: true });
  const child = spawn(dockerd, args, { detached: true, stdio: ['ignore', out, out] });
  closeSync(out);
  const stop = async () => {
    if (child.exitCode === null && child.pid) child.kill('SIGTERM');
    while (child.exitCode === null && child.signalCode === null) await sleep(50);
    await rm(run, { recursive: true, force: true });
  };
  for (let waited = 0; waited < 60_000; waited += 250) {
    if (child.exitCode !== null) break;
    if ((await answers({ ...env, DOCKER_HOST: host })) === undefined) {
      child.unref();
      return { state: 'there', host, stop };
    }
    await sleep(250);
  }
  const last = (await readFile(log, 'utf8')).trim().split('\n').slice(-3).join('\n');
  await stop();
  return { state: 'missing', reason: `dockerd was started and did not come up:\n${last}` };
}
