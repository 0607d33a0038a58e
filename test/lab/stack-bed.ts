/** Stacks for tests: a home of their own, free ports, both runtimes; and proof that nothing is left of them. */
import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Core, RunOptions, Stack } from '../../main/core/core.ts';
import { createCore } from '../../main/core/create.ts';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import type { RuntimeKind, TaskEvent } from '../../preload/contract/models.ts';
import { output } from './commands.ts';
import { haveImages, labImageVariables } from './images/build.ts';
import { freePorts, portVariables } from './servers.ts';

export interface StackBed {
  readonly name: string;
  readonly home: string;
  readonly env: NodeJS.ProcessEnv;
  readonly core: Core;
  readonly stack: Stack;
  /** Opens the same stack as another process would: nothing is remembered but what is on disk. */
  reopen(env?: NodeJS.ProcessEnv): Promise<Stack>;
  /** Takes everything down and deletes it. @throws when something is left behind */
  clear(): Promise<void>;
}

/** Why stacks of these kinds cannot run on this runtime here; undefined when they can. */
export async function lacking(runtime: RuntimeKind, kinds: readonly ServiceKindName[]): Promise<string | undefined> {
  if (runtime === 'docker') {
    const engine = await output('docker', ['info', '-f', '{{.ServerVersion}}'], process.env).catch(() => undefined);
    if (!engine?.trim()) return 'no container engine answers';
    return (await haveImages(process.env)) ? undefined : 'the lab images are not built (node test/lab/lab.ts images)';
  }
  const core = await createCore({ env: process.env });
  const servers = await core.servers();
  const missing = servers.filter(({ kind, state }) => kinds.includes(kind) && state !== 'found');
  return missing.length > 0 ? `not installed: ${missing.map(({ title }) => title).join(', ')} (noodlebox servers install)` : undefined;
}

/** A run nobody watches or cancels. */
export function quietRun(): RunOptions {
  return { signal: new AbortController().signal, onEvent: () => {} };
}

/** A run whose events are kept. */
export function watchedRun(signal = new AbortController().signal): RunOptions & { readonly events: TaskEvent[] } {
  const events: TaskEvent[] = [];
  return { signal, events, onEvent: (event) => events.push(event) };
}

export async function makeStack(
  runtime: RuntimeKind,
  more: { readonly env?: NodeJS.ProcessEnv; readonly file?: string } = {},
): Promise<StackBed> {
  const name = `test-${randomBytes(4).toString('hex')}`;
  const home = await mkdtemp(join(tmpdir(), 'noodlebox-stack-'));
  const ports = runtime === 'docker' || !more.file ? await portsOfItsOwn() : {};
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    ...ports,
    ...(runtime === 'docker' ? labImageVariables : {}),
    ...more.env,
    NOODLEBOX_HOME: home,
  };
  const cores: Core[] = [];
  const open = async (opened = env) => {
    const core = await createCore({ env: opened });
    cores.push(core);
    return { core, stack: await core.open({ stack: name, runtime, file: more.file }) };
  };
  const { core, stack } = await open();
  return {
    name,
    home,
    env,
    core,
    stack,
    reopen: async (other) => (await open(other)).stack,
    async clear() {
      await (await open()).stack.down({ volumes: true, snapshot: false }, quietRun());
      await Promise.all(cores.map((one) => one.close()));
      if (runtime === 'docker') await removeSnapshots(name);
      const left = await leftForGood(() => (runtime === 'docker' ? leftInEngine(name) : leftRunning(home)));
      await rm(home, { recursive: true, force: true });
      if (left.length > 0) throw new Error(`left behind: ${left.join(', ')}`);
    },
  };
}

/** A free port for everything compose.yaml publishes, by its variable. */
async function portsOfItsOwn(): Promise<Record<string, string>> {
  const ports = await freePorts(portVariables.length);
  return Object.fromEntries(portVariables.map((variable, at) => [variable, String(ports[at])]));
}

/** What is still left after a while: some of it goes by itself, such as a process that is just ending. */
async function leftForGood(look: () => Promise<string[]>): Promise<string[]> {
  for (let waited = 0; ; waited += 200) {
    const left = await look();
    if (left.length === 0 || waited >= 10_000) return left;
    await sleep(200);
  }
}

/** Snapshots outlive their stack, also those of its branches; natively they go with the home. */
async function removeSnapshots(name: string): Promise<void> {
  const filter = ['--filter', 'label=io.noodlebox.snapshot', '--filter', `name=${name}`];
  const volumes = (await output('docker', ['volume', 'ls', '-q', ...filter], process.env)).split('\n').filter(Boolean);
  if (volumes.length > 0) await output('docker', ['volume', 'rm', ...volumes], process.env);
}

async function leftInEngine(name: string): Promise<string[]> {
  const filter = ['--filter', `label=com.docker.compose.project=${name}`];
  const [containers, volumes, networks] = await Promise.all([
    output('docker', ['ps', '-aq', ...filter], process.env),
    output('docker', ['volume', 'ls', '-q', ...filter], process.env),
    output('docker', ['network', 'ls', '-q', ...filter], process.env),
  ]);
  return `${containers}\n${volumes}\n${networks}`.split('\n').filter(Boolean);
}

/** Processes that still have the home in their command line or working folder. */
async function leftRunning(home: string): Promise<string[]> {
  if (process.platform !== 'linux') return [];
  const pids = (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid) && Number(pid) !== process.pid);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, at) => lines[at]!.includes(home)).map((pid) => `process ${pid}`);
}
