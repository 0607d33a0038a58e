/** Physical backups of a real PostgreSQL: every moment comes back exactly, what is damaged or missing is refused by name, what is killed changes nothing. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PitrActs, Stack } from '../../main/core/core.ts';
import { openPostgres } from '../../main/services/postgres/client.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import { labImages } from '../lab/images/build.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';
import type { PitrOrder } from './pitr-child.ts';

describe.each(['native', 'docker'] as const)('physical backups on %s', (runtime) => {
  let lacks: string | undefined;
  let bed: StackBed;
  let pitr: PitrActs;

  beforeAll(async () => {
    lacks = await lacking(runtime, ['postgres']);
    if (lacks) return;
    bed = await makeStack(runtime);
    await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
    pitr = bed.stack.pitr();
  });
  beforeEach(async ({ skip }) => {
    if (lacks) skip(lacks);
    await sql('drop table if exists notes');
    await sql('create table notes (id int primary key, text text not null)');
  });
  afterAll(async () => {
    if (lacks) return;
    await pitr.clear(quietRun());
    for (const { id } of await bed.stack.snapshots.list()) await bed.stack.snapshots.delete(id, quietRun());
    await bed.clear();
    await vi.waitFor(() => expect(leftInEngine(runtime, bed.name)).toEqual([]), { timeout: 15_000, interval: 500 });
  });

  const sql = async <R>(text: string, stack = bed.stack): Promise<readonly R[]> => {
    const client = await openPostgres(await stack.connection('postgres'));
    try {
      return await client.query<R>(text);
    } finally {
      await client.close();
    }
  };
  const write = (id: number) => sql(`insert into notes values (${id}, 'note ${id}')`);
  const ids = async (stack?: Stack) => (await sql<{ id: number }>('select id from notes order by id', stack)).map(({ id }) => id);
  /** The server's clock, with no commit near it. */
  const now = async () => {
    const [row] = await sql<{ now: string }>(`select (extract(epoch from clock_timestamp()) * 1000)::text as now, pg_sleep(0.05)`);
    await sql('select pg_sleep(0.05)');
    return Number(row!.now) + 25;
  };
  /** A line of shell in the depot, with arguments. */
  const inDepot = (script: string, ...args: string[]): string => {
    const command = ['-c', script, 'sh', ...args];
    if (runtime === 'native')
      return execFileSync('sh', command, { cwd: join(bed.home, 'stacks', bed.name, 'depots', 'postgres'), encoding: 'utf8' });
    const volume = `${bed.name}_depot_postgres:/depot`;
    return execFileSync('docker', ['run', '--rm', '-v', volume, '-w', '/depot', '--entrypoint', 'sh', labImages.postgres, ...command], {
      encoding: 'utf8',
    });
  };

  it('an incremental backup is much smaller, and a restore to a moment gives exactly the rows of then', async () => {
    // Once a minute the server would vacuum it by itself: all its pages would be changed ones.
    await sql('alter table notes set (autovacuum_enabled = off)');
    await sql(`insert into notes select n, repeat(md5(n::text), 20) from generate_series(1001, 21000) n`);
    const full = await pitr.backup('full', 'asked', quietRun());
    await write(1);
    const incremental = await pitr.backup('auto', 'asked', quietRun());
    expect(incremental).toMatchObject({ kind: 'incremental', parent: full.id, chain: full.id });
    expect(full.bytes / incremental.bytes).toBeGreaterThan(3);
    await write(2);
    const then = await now();
    await write(3);
    await sql('delete from notes where id < 3');

    const old = await pitr.restore({ to: 'time', at: then }, quietRun());
    expect((await ids()).filter((id) => id < 1000)).toEqual([1, 2]);
    expect(await sql('select count(*)::int as n from notes')).toEqual([{ n: 20_002 }]);
    expect(old?.cause).toBe('before-restore');
    // Only the data of before are kept as a snapshot; what was recovered is in place.
    expect((await bed.stack.snapshots.list()).map(({ id }) => id)).toEqual([old!.id]);
    // A history of its own has begun, with a backup of its own; the old one is still there.
    const { backups, lines } = await pitr.state();
    expect(backups.map(({ cause, kind }) => `${cause} ${kind}`)).toEqual(['after-restore full', 'asked incremental', 'asked full']);
    expect(lines.map(({ ended }) => ended === null)).toEqual([false, true]);
  });

  it('goes to right after a transaction in a branch beside, and to a marked moment in place', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const point = await pitr.mark('one note', quietRun());
    await expect(pitr.mark('one note', quietRun())).rejects.toMatchObject({ code: 'conflict' });
    const [{ xid }] = (await sql<{ xid: string }>(
      `with added as (insert into notes values (2, 'note 2') returning id) select pg_current_xact_id()::text as xid from added`,
    )) as [{ xid: string }];
    await write(3);

    const branch = await pitr.branch({ to: 'xid', xid }, `${bed.name}-beside`, quietRun());
    const beside = await bed.core.open({ stack: branch.stack, runtime });
    expect(await ids(beside)).toEqual([1, 2]);
    expect(await ids()).toEqual([1, 2, 3]);
    expect((await beside.connection('postgres')).port).not.toBe((await bed.stack.connection('postgres')).port);
    await beside.down({ volumes: true, snapshot: false }, quietRun());

    await expect(pitr.restore({ to: 'xid', xid: String(BigInt(xid) + 1_000_000n) }, quietRun())).rejects.toMatchObject({
      code: 'not-found',
    });
    await pitr.restore({ to: 'name', name: point.name }, quietRun());
    expect(await ids()).toEqual([1]);
  });

  it('a moment after the last change is reached, one that is not kept is refused with what is', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const then = await now();
    const { windows } = await pitr.state();
    await expect(pitr.restore({ to: 'time', at: windows[0]!.from - 3_600_000 }, quietRun())).rejects.toMatchObject({
      code: 'not-found',
      problem: { why: expect.stringContaining(new Date(windows[0]!.from).toISOString()) },
    });
    await expect(pitr.preview({ to: 'time', at: Date.now() + 3_600_000 }, null, quietRun())).rejects.toMatchObject({ code: 'not-found' });
    await pitr.restore({ to: 'time', at: then }, quietRun());
    expect(await ids()).toEqual([1]);
  });

  it('a gap in the WAL is refused by the name of the file, and the stack stays as it was', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    for (const id of [1, 2, 3, 4]) {
      await write(id);
      await sql('select pg_switch_wal()');
    }
    await pitr.collect(quietRun());
    const line = (await pitr.state()).lines.at(-1)!;
    const files = inDepot('ls "wal/$1"', line.id).trim().split('\n');
    const lost = files.at(-2)!;
    inDepot('rm "wal/$1/$2"', line.id, lost);
    const refused = { code: 'wal-gap', problem: { why: expect.stringContaining(lost) } };
    await expect(pitr.restore({ to: 'latest' }, quietRun())).rejects.toMatchObject(refused);
    await expect(pitr.restore({ to: 'time', at: line.until.at }, quietRun())).rejects.toMatchObject(refused);
    expect(await ids()).toEqual([1, 2, 3, 4]);
    // A full backup leads on without what was lost.
    await pitr.backup('full', 'asked', quietRun());
  });

  it('a backup that was tampered with is refused by the name of the file, and no restore takes it', async () => {
    const { id } = await pitr.backup('full', 'asked', quietRun());
    const file = inDepot('cd "base/$1" && find base -type f -size +64k | sort | head -n 1', id).trim();
    inDepot('printf X | dd of="base/$1/$2" bs=1 seek=5000 conv=notrunc 2>/dev/null', id, file);
    const refused = { code: 'backup-damaged', problem: { why: expect.stringContaining(file) } };
    await expect(pitr.restore({ to: 'latest' }, quietRun())).rejects.toMatchObject(refused);
    await expect(pitr.verify(id, quietRun())).rejects.toMatchObject(refused);
    const { backups } = await pitr.state();
    expect(backups[0]).toMatchObject({ id, checked: { ok: false, why: expect.stringContaining(file) } });
    // Nothing is built on it either.
    expect(await pitr.backup('auto', 'asked', quietRun())).toMatchObject({ chain: expect.not.stringMatching(id) });
    expect(await pitr.deletes(id)).toHaveLength(1);
    await pitr.delete(id, quietRun());
    expect(inDepot('ls base')).not.toContain(id);
  });

  it('data that a snapshot put back have another history: the WAL of before is not mixed with it', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const snapshot = await bed.stack.snapshots.create({ name: null, note: null }, quietRun());
    await write(2);
    await pitr.collect(quietRun());
    const then = await now();
    await pitr.collect(quietRun());
    await bed.stack.snapshots.restore(snapshot.id, quietRun());
    // As much as before, and more: positions alone tell nothing.
    await sql(`insert into notes select n, repeat(md5(n::text), 20) from generate_series(100, 2000) n`);

    const run = watchedRun();
    await pitr.collect(run);
    expect(run.events).toContainEqual(
      expect.objectContaining({ type: 'notice', level: 'warn', message: expect.stringContaining('put back') }),
    );
    await expect(pitr.backup('incremental', 'asked', quietRun())).rejects.toMatchObject({ code: 'not-found' });
    expect(await pitr.backup('auto', 'asked', quietRun())).toMatchObject({ kind: 'full' });
    // The history of before can still be gone back to.
    await pitr.restore({ to: 'time', at: then }, quietRun());
    expect(await ids()).toEqual([1, 2]);
    await bed.stack.snapshots.delete(snapshot.id, quietRun());
  });

  it('killed at any step, a backup leaves nothing half and a restore leaves the stack as it was', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const then = await now();
    await write(2);
    const before = (await pitr.state()).backups.map(({ id }) => id);
    const order = { stack: bed.name, runtime, restore: null, state: 'running' as const };
    killed(bed, { ...order, at: 'backup postgres', after: 150 });
    killed(bed, { ...order, at: 'verify postgres' });
    const restore = { to: 'time' as const, at: then };
    for (const at of ['combine postgres', 'recover postgres', 'verify postgres-data', 'check '] as const) {
      killed(bed, { ...order, restore, at: at === 'check ' ? `check ${bed.name}` : at, after: at === 'recover postgres' ? 200 : 0 });
      const stack = await bed.reopen();
      expect(await ids(stack)).toEqual([1, 2]);
    }
    const again = (await bed.reopen()).pitr();
    await again.collect(quietRun());
    expect((await again.state()).backups.map(({ id }) => id)).toEqual(before);
    expect(inDepot('ls base').trim().split('\n').sort()).toEqual(before.toSorted());
    await again.restore(restore, quietRun());
    expect(await ids()).toEqual([1]);
    const entries = await bed.stack.snapshots.list();
    expect(entries.map((entry) => entry.state === 'whole' && entry.snapshot.cause)).toEqual(['before-restore']);
    pitr = bed.stack.pitr();
  });
});

function killed(bed: StackBed, order: PitrOrder): void {
  const child = fileURLToPath(new URL('pitr-child.ts', import.meta.url));
  expect(() =>
    execFileSync(process.execPath, [child], { input: JSON.stringify(order), env: bed.env, stdio: ['pipe', 'inherit', 'pipe'] }),
  ).toThrow(expect.objectContaining({ signal: 'SIGKILL' }));
}

function leftInEngine(runtime: RuntimeKind, stack: string): readonly string[] {
  if (runtime === 'native') return [];
  const volumes = execFileSync('docker', ['volume', 'ls', '-q'], { encoding: 'utf8' });
  const containers = execFileSync('docker', ['ps', '-a', '--format', '{{.Names}}'], { encoding: 'utf8' });
  return `${volumes}\n${containers}`.split('\n').filter((name) => name.startsWith(stack));
}
