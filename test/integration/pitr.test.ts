import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PitrActs } from '../../main/core/core.ts';
import { openPostgres, type PostgresClient } from '../../main/services/postgres/client.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';

describe.each(['native', 'docker'] as const)('%s', (runtime) => {
  let bed: StackBed;
  let client: PostgresClient;
  let pitr: PitrActs;

  beforeEach(async ({ skip }) => {
    const lack = await lacking(runtime, ['postgres']);
    if (lack) skip(lack);
    bed = await makeStack(runtime);
    await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
    pitr = bed.stack.pitr();
    client = await connect();
    await client.query('create table notes (id int primary key, text text not null)');
  });
  afterEach(async () => {
    await client?.close();
    await pitr?.clear(quietRun());
    await bed?.clear();
  });

  const connect = async (stack = bed.stack) => openPostgres(await stack.connection('postgres'));
  const write = (id: number, text = `note ${id}`) => client.query('insert into notes values ($1, $2)', [id, text]);
  const ids = async (from = client) => (await from.query<{ id: number }>('select id from notes order by id')).map(({ id }) => id);
  const serverTime = async () => {
    const [row] = await client.query<{ now: string }>('select (extract(epoch from clock_timestamp()) * 1000)::text as now');
    return Number(row!.now);
  };

  it('an incremental backup is much smaller, and a restore to a second gives exactly the rows of then', async () => {
    await client.query(`insert into notes select n, repeat(md5(n::text), 20) from generate_series(1001, 21000) n`);
    const full = await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const incremental = await pitr.backup('auto', 'asked', quietRun());
    expect(incremental).toMatchObject({ kind: 'incremental', parent: full.id, chain: full.id });
    expect(full.bytes / incremental.bytes).toBeGreaterThan(3);
    await write(2);
    await new Promise((resolve) => setTimeout(resolve, 20));
    const then = await serverTime();
    await new Promise((resolve) => setTimeout(resolve, 20));
    await write(3);
    await client.query('delete from notes where id < 3');

    const run = watchedRun();
    const old = await pitr.restore({ to: 'time', at: then }, run);
    await client.close();
    client = await connect();
    expect((await ids()).filter((id) => id < 1000)).toEqual([1, 2]);
    expect(await client.query('select count(*)::int as n from notes')).toEqual([{ n: 20_002 }]);
    expect(old?.cause).toBe('before-restore');
    // Only the data of before are kept as a snapshot; what was recovered is in place.
    expect((await bed.stack.snapshots.list()).map(({ id }) => id)).toEqual([old!.id]);
    // A history of its own has begun, with a backup of its own; the old one is still there.
    const { backups, lines } = await pitr.state();
    expect(backups.map(({ cause, kind }) => `${cause} ${kind}`)).toEqual(['after-restore full', 'asked incremental', 'asked full']);
    expect(lines.map(({ ended }) => ended === null)).toEqual([false, true]);
  });
});
