/** The command on real servers: Ctrl-C in each long command, and what scripts read. PostgreSQL and Redis as processes. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { TaskEvent } from '../../preload/contract/models.ts';
import { lacking, makeStack, type StackBed } from '../lab/stack-bed.ts';

const script = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
const lacks = await lacking('native', ['postgres', 'redis']);
const services = ['postgres', 'redis'];
let bed: StackBed;

beforeAll(async () => {
  if (!lacks) bed = await makeStack('native');
});
afterAll(() => bed?.clear());

interface Result {
  readonly type: 'result';
  readonly ok: boolean;
  readonly problem?: { readonly code: string; readonly what: string };
  readonly services?: readonly { readonly name: string; readonly state: string; readonly pid: number | null }[];
  readonly variables?: Readonly<Record<string, string>>;
}

class Command {
  readonly events: (TaskEvent | Result | { readonly type: 'line' })[] = [];
  private readonly child: ChildProcess;
  private readonly ended: Promise<unknown[]>;
  private wake = Promise.withResolvers<void>();

  constructor(...args: string[]) {
    this.child = spawn(process.execPath, [script, ...args, '--stack', bed.name, '--runtime', 'native', '--json'], {
      env: bed.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.ended = once(this.child, 'close');
    createInterface({ input: this.child.stdout! }).on('line', (line) => {
      this.events.push(JSON.parse(line) as TaskEvent);
      this.wake.resolve();
      this.wake = Promise.withResolvers<void>();
    });
    this.child.stderr!.resume();
  }

  /** Waits until such an event was printed. */
  async told(what: (event: Command['events'][number]) => boolean): Promise<void> {
    while (!this.events.some(what))
      await Promise.race([
        this.wake.promise,
        this.ended.then(() => Promise.reject(new Error(`It ended before: ${JSON.stringify(this.events.slice(-12))}`))),
      ]);
  }

  interrupt(): void {
    this.child.kill('SIGINT');
  }

  async end(): Promise<{ readonly code: number; readonly result: Result }> {
    const [code] = (await this.ended) as [number];
    return { code, result: this.events.at(-1) as Result };
  }
}

const noodlebox = (...args: string[]) => new Command(...args);
const running = (id: string) => (event: Command['events'][number]) =>
  event.type === 'operation' && event.id === id && event.state === 'running';
const step = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

describe('Ctrl-C', () => {
  step('during up: one object says so, and the next up goes on from there', async () => {
    const first = noodlebox('up', ...services);
    await first.told(running('wait postgres'));
    first.interrupt();
    expect(await first.end()).toMatchObject({ code: 1, result: { type: 'result', ok: false, problem: { code: 'cancelled' } } });

    const second = await noodlebox('up', ...services).end();
    expect(second).toMatchObject({ code: 0, result: { type: 'result', ok: true } });
  });

  step('told twice by the terminal and by a parent process is one press', async () => {
    const restart = noodlebox('restart', ...services);
    await restart.told(running('stop postgres'));
    restart.interrupt();
    restart.interrupt();
    const { code, result } = await restart.end();
    expect([code, result.problem?.code]).toEqual([1, 'cancelled']);
    // What was being stopped has stopped: it is not taken for one that runs.
    expect(await noodlebox('up', ...services).end()).toMatchObject({ code: 0 });
    const { services: now } = (await noodlebox('status').end()).result;
    expect(now?.filter(({ name }) => services.includes(name)).map(({ state }) => state)).toEqual(['healthy', 'healthy']);
  });

  step('during seed: the data are whole again after the next up', async () => {
    const seed = noodlebox('seed', '--scale', '5', '--yes');
    await seed.told((event) => event.type === 'progress' && event.id === 'seed postgres');
    seed.interrupt();
    expect((await seed.end()).result).toMatchObject({ ok: false, problem: { code: 'cancelled' } });
    expect(await noodlebox('up', ...services).end()).toMatchObject({ code: 0 });
    const states = (await (await bed.reopen()).seedState()).filter(({ service }) => services.includes(service));
    expect(states.map(({ state }) => state)).toEqual(['seeded', 'seeded']);
  });

  step('during reset: the next up leaves it filled', async () => {
    const reset = noodlebox('reset', '--yes', '--no-snapshot');
    await reset.told((event) => event.type === 'operation');
    reset.interrupt();
    expect((await reset.end()).code).toBe(1);
    expect(await noodlebox('up', ...services).end()).toMatchObject({ code: 0 });
  });

  step('is how following logs ends, and no failure', async () => {
    const logs = noodlebox('logs', '--follow', 'postgres');
    await logs.told((event) => event.type === 'line');
    logs.interrupt();
    expect(await logs.end()).toMatchObject({ code: 0, result: { type: 'result', ok: true } });
  });
});

describe('what scripts read', () => {
  beforeAll(async () => {
    if (!lacks) await noodlebox('up', 'postgres', 'redis').end();
  });

  step('status names the processes, env the connections', async () => {
    const status = await noodlebox('status').end();
    const postgres = status.result.services?.find(({ name }) => name === 'postgres');
    expect(postgres).toMatchObject({ state: 'healthy', pid: expect.any(Number) });
    const env = await noodlebox('env').end();
    expect(env.result.variables?.DATABASE_URL).toMatch(/^postgres(ql)?:\/\/noodle_user:[^*@]+@127\.0\.0\.1:\d+\/noodle_db/);
  });

  step('deleting data where nobody can be asked is refused, and loses nothing', async () => {
    for (const args of [['reset'], ['down', '--volumes'], ['seed']]) {
      const { code, result } = await noodlebox(...args).end();
      expect([args, code, result.problem?.code]).toEqual([args, 2, 'confirmation-needed']);
    }
    expect((await noodlebox('status').end()).result.services?.find(({ name }) => name === 'redis')?.state).toBe('healthy');
  });

  step('logs without following end by themselves', async () => {
    const logs = noodlebox('logs', '--tail', '3', 'postgres');
    expect((await logs.end()).code).toBe(0);
    expect(logs.events.filter(({ type }) => type === 'line')).toHaveLength(3);
  });
});
