/** Physical backups of PostgreSQL, against the same programs called by hand; incremental against full ones; how long going back takes. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serversFolder } from '../main/home/paths.ts';
import { openPostgres } from '../main/services/postgres/client.ts';
import { tools } from '../main/services/postgres/tools.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { inTurn, timed } from './measure.ts';

const rows = 1_000_000;

export const pitr: Bench = {
  async run(rounds) {
    const lacks = await lacking('native', ['postgres']);
    const found = await tools.find({ servers: serversFolder(process.env), env: process.env });
    if (lacks || !found) throw new Skip(lacks ?? 'the tools of PostgreSQL are not installed');
    const bed = await makeStack('native');
    try {
      await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
      await sql(bed, 'create table rows (id int primary key, text text not null)');
      await sql(bed, `insert into rows select n, repeat(md5(n::text), 4) from generate_series(1, ${rows}) n`);
      return await measure(bed, found.path, rounds);
    } finally {
      await bed.stack.pitr().clear(quietRun());
      await bed.clear();
    }
  },
};

async function measure(bed: StackBed, programs: string, rounds: number) {
  const acts = bed.stack.pitr();
  const seconds = async (act: () => Promise<unknown>) => {
    const begun = performance.now();
    await act();
    return (performance.now() - begun) / 1000;
  };
  // The first one also collects the WAL that filled the table.
  await acts.backup('full', 'asked', quietRun());
  const full = await inTurn(
    rounds,
    () => seconds(() => acts.backup('full', 'asked', quietRun())),
    () => byHand(bed, programs),
  );
  const incremental: number[] = [];
  const sizes = { incremental: [] as number[], full: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    const whole = await acts.backup('full', 'asked', quietRun());
    await changeSome(bed);
    incremental.push(await seconds(() => acts.backup('incremental', 'asked', quietRun())));
    const [changed] = (await acts.state()).backups;
    sizes.full.push(whole.bytes / 2 ** 20);
    sizes.incremental.push(changed!.bytes / 2 ** 20);
  }
  const restores: number[] = [];
  for (let round = 0; round < rounds; round++) restores.push(await seconds(() => acts.restore({ to: 'latest' }, quietRun())));
  const note = `native, ${rows.toLocaleString('en')} rows, 1% of them changed`;
  return [
    {
      kind: 'comparison',
      name: 'full backup, checked',
      ...full,
      unit: 's',
      bound: { at: 'most', ratio: 2 },
      note: 'pg_basebackup, pg_verifybackup',
    },
    {
      kind: 'comparison',
      name: 'incremental backup, size',
      ours: sizes.incremental,
      peer: sizes.full,
      unit: 'MiB',
      bound: { at: 'most', ratio: 0.5 },
      note,
    },
    {
      kind: 'comparison',
      name: 'incremental backup, time',
      ours: incremental,
      peer: full.ours,
      unit: 's',
      bound: { at: 'most', ratio: 1 },
      note,
    },
    { kind: 'figure', name: 'restore in place, with the backup after it', values: restores, unit: 's' },
  ] as const;
}

/** What a person would type, into a folder that is gone afterwards. */
async function byHand(bed: StackBed, programs: string): Promise<number> {
  const { host, port, parts } = await bed.stack.connection('postgres');
  const folder = await mkdtemp(join(tmpdir(), 'noodlebox-bench-'));
  const to = join(folder, 'backup');
  const env = { ...process.env, PGPASSWORD: parts.password };
  const where = ['-h', host, '-p', String(port), '-U', parts.user!];
  try {
    const taken = await timed(
      join(programs, 'pg_basebackup'),
      [...where, '-D', to, '-X', 'stream', '-c', 'fast', '--manifest-checksums=SHA256'],
      env,
    );
    return taken + (await timed(join(programs, 'pg_verifybackup'), ['-q', to], env));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One in a hundred, side by side as they were written: an application changes what is new. */
function changeSome(bed: StackBed): Promise<void> {
  return sql(bed, `update rows set text = md5(text) where id > ${rows * 0.99}`);
}

async function sql(bed: StackBed, text: string): Promise<void> {
  const client = await openPostgres(await bed.stack.connection('postgres'), { statementTimeout: 0 });
  try {
    await client.query(text);
  } finally {
    await client.close();
  }
}
