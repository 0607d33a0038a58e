/**
 * Snapshots: a restore against a logical dump and restore of the same data, with its rehearsal and without, the pause, a hot restore against the slowest
 * server's own restart, and PostgreSQL alone against DSLR (PyPI), all on the native runtime.
 * `NOODLEBOX_BENCH_SCALE` (100) is what the stack is filled with, `NOODLEBOX_BENCH_MIB` (1,024) the size of the one database.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import type { Stack } from '../main/core/core.ts';
import { type ServiceKindName, serviceKindNames } from '../preload/contract/kinds.ts';
import { labCache } from '../test/lab/cache.ts';
import { run } from '../test/lab/commands.ts';
import { lacking, makeStack, quietRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { inTurn, timed } from './measure.ts';

const scale = Number(process.env.NOODLEBOX_BENCH_SCALE ?? 100);
const mebibytes = Number(process.env.NOODLEBOX_BENCH_MIB ?? 1024);
const plain = { name: null, note: null };

export const snapshots: Bench = { run: (rounds) => measured(serviceKindNames, () => wholeStack(rounds)) };
export const snapshotsOfPostgres: Bench = { run: (rounds) => measured(['postgres'], () => postgresAlone(rounds)) };

async function measured<T>(kinds: readonly ServiceKindName[], measure: () => Promise<T>): Promise<T> {
  const lacks = await lacking('native', kinds);
  if (lacks) throw new Skip(lacks);
  return measure();
}

async function seconds(act: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await act();
  return (performance.now() - begun) / 1000;
}

async function wholeStack(rounds: number) {
  const bed = await makeStack('native');
  try {
    const { stack } = bed;
    await stack.up([], { seed: false, install: false }, quietRun());
    await stack.seed({ scale, seed: 1 }, quietRun());
    const { id } = await stack.snapshots.create({ name: 'bench', note: null }, quietRun());
    const rehearsed: number[] = [];
    for (let round = 0; round < rounds; round++) {
      rehearsed.push(await seconds(() => stack.snapshots.restore(id, quietRun(), { rehearse: true })));
    }
    // Its servers have opened it by now: none of these is rehearsed.
    const restore = await inTurn(
      rounds,
      () => seconds(() => stack.snapshots.restore(id, quietRun())),
      () =>
        seconds(async () => {
          const backup = await stack.backups.create({ name: null, note: null, services: [], encryption: { kind: 'none' } }, quietRun());
          await stack.backups.restore(backup.id, { services: [], snapshot: false, keys: {} }, quietRun());
          await stack.backups.delete(backup.id, quietRun());
        }),
    );
    const pauses: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const made = await stack.snapshots.create(plain, quietRun());
      pauses.push(made.pause!);
      await stack.snapshots.delete(made.id, quietRun());
    }
    const hot: number[] = [];
    const restart: number[] = [];
    await stack.snapshots.hot(id, true, quietRun());
    for (let round = 0; round < rounds; round++) {
      restart.push(Math.max(...(await restarts(stack))));
      hot.push(await seconds(() => stack.snapshots.restore(id, quietRun())));
      await stack.snapshots.renew(quietRun());
    }
    return [
      {
        kind: 'comparison',
        name: `restore of a snapshot, scale ${scale}`,
        ...restore,
        unit: 's',
        bound: { at: 'most', ratio: 0.2 },
        note: 'against a logical dump and restore of the same',
      },
      {
        kind: 'figure',
        name: `first restore of a snapshot, scale ${scale}`,
        values: rehearsed,
        unit: 's',
        note: 'its servers are started on a copy before anything is touched',
      },
      {
        kind: 'figure',
        name: 'pause of a snapshot',
        values: pauses,
        unit: 'ms',
        bound: { at: 'most', value: 2_000 },
        note: 'a plain copy; with clones at most 300 ms',
      },
      {
        kind: 'comparison',
        name: 'hot restore',
        ours: hot,
        peer: restart,
        unit: 's',
        bound: { at: 'most', ratio: 1.2 },
        note: "against the slowest server's own restart",
      },
    ] as const;
  } finally {
    await bed.clear();
  }
}

/** Seconds that each server needs to stop and be healthy again. */
async function restarts(stack: Stack): Promise<number[]> {
  const all: number[] = [];
  for (const service of serviceKindNames) all.push(await seconds(() => stack.restart([service], quietRun())));
  return all;
}

async function postgresAlone(rounds: number) {
  const dslr = await installedDslr();
  const bed = await makeStack('native');
  try {
    const { stack } = bed;
    await stack.up(['postgres'], { seed: false, install: false }, quietRun());
    const { url } = await stack.connection('postgres');
    await fill(url);
    const env = { ...process.env, DATABASE_URL: url };
    const both = await inTurn(
      rounds,
      () =>
        seconds(async () => {
          const { id } = await stack.snapshots.create({ name: 'bench', note: null }, quietRun());
          await stack.snapshots.restore(id, quietRun());
          await stack.snapshots.delete(id, quietRun());
        }),
      async () => {
        const took = (await timed(dslr, ['snapshot', 'bench', '-y'], env)) + (await timed(dslr, ['restore', 'bench'], env));
        return took + (await timed(dslr, ['delete', 'bench'], env));
      },
    );
    return [
      {
        kind: 'comparison',
        name: `PostgreSQL alone, ${mebibytes.toLocaleString('en')} MiB: snapshot, restore, delete`,
        ...both,
        unit: 's',
        bound: { at: 'most', ratio: 1.0 },
        note: 'against DSLR on the same server; ours is rehearsed',
      },
    ] as const;
  } finally {
    await bed.clear();
  }
}

async function fill(url: string): Promise<void> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    await client.query('CREATE TABLE filler (id bigint PRIMARY KEY, text text)');
    // About 1,050 bytes a row with its index.
    await client.query(`INSERT INTO filler SELECT i, repeat(md5(i::text), 31) FROM generate_series(1, $1::bigint * 1000) i`, [mebibytes]);
    await client.query('CHECKPOINT').catch(() => {});
  } finally {
    await client.end();
  }
}

/** In an environment of its own, outside of the checkout. */
async function installedDslr(): Promise<string> {
  const folder = join(labCache(), 'dslr');
  const program = join(folder, 'bin', 'dslr');
  if (existsSync(program)) return program;
  try {
    await run('python3', ['-m', 'venv', folder], process.env);
    await run(join(folder, 'bin', 'pip'), ['install', '--quiet', 'dslr==0.6.0', 'psycopg2-binary'], process.env);
  } catch (error) {
    throw new Skip(`DSLR cannot be installed: ${(error as Error).message.split('\n')[0]}`);
  }
  return program;
}
