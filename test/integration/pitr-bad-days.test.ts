/** Bad days of physical backups: a gap while nobody collected, a full disk, a cancel, two at once, a writer, a server that is away. */
import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PitrActs } from '../../main/core/core.ts';
import { openPostgres, type PostgresClient } from '../../main/services/postgres/client.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';

describe('physical backups on a bad day', () => {
  let lacks: string | undefined;
  let bed: StackBed;
  let pitr: PitrActs;

  beforeAll(async () => {
    lacks = await lacking('native', ['postgres']);
    if (lacks) return;
    bed = await makeStack('native');
    await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
    pitr = bed.stack.pitr();
  });
  beforeEach(async ({ skip }) => {
    if (lacks) skip(lacks);
    await sql('drop table if exists notes', 'create table notes (id int primary key, text text not null)');
  });
  afterAll(async () => {
    if (lacks) return;
    await pitr.clear(quietRun());
    await bed.clear();
  });

  const connected = async <T>(act: (client: PostgresClient) => Promise<T>): Promise<T> => {
    const client = await openPostgres(await bed.stack.connection('postgres'));
    try {
      return await act(client);
    } finally {
      await client.close();
    }
  };
  const sql = (...texts: string[]) =>
    connected(async (client) => {
      for (const text of texts) await client.query(text);
    });
  const write = (id: number) => sql(`insert into notes values (${id}, 'note ${id}')`);
  const ids = () =>
    connected(async (client) => (await client.query<{ id: number }>('select id from notes order by id')).map(({ id }) => id));
  /** What a bench or a recovery would leave behind. */
  const leftovers = async () => {
    const sets = (await readdir(join(bed.home, 'stacks', bed.name, 'snapshots')).catch(() => [])).filter((name) => /^\d{8}-/.test(name));
    const known = (await bed.stack.snapshots.list()).map(({ id }) => id);
    const pids = (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    const processes = lines.filter((line) => line.includes(bed.home) && (line.includes('snapshots') || line.includes('depots')));
    return [...sets.filter((id) => !known.includes(id)), ...processes];
  };

  it('a slot that was let go while nobody collected is a gap: it is said, what is before stays, a full backup begins anew', async () => {
    await pitr.backup('full', 'asked', quietRun());
    await write(1);
    await pitr.collect(quietRun());
    await sql(
      `alter system set max_slot_wal_keep_size = '16MB'`,
      `alter system set min_wal_size = '32MB'`,
      `alter system set max_wal_size = '32MB'`,
      'select pg_reload_conf()',
    );
    for (let n = 0; n < 6; n++)
      await sql(
        `insert into notes select g, repeat('x', 900) from generate_series(${(n + 1) * 10_000}, ${(n + 1) * 10_000 + 9_000}) g`,
        'checkpoint',
      );
    await sql('checkpoint');
    const run = watchedRun();
    await pitr.collect(run);
    expect(run.events).toContainEqual(expect.objectContaining({ level: 'warn', message: expect.stringContaining('gap') }));
    await sql('alter system reset all', 'select pg_reload_conf()');
    const { lines } = await pitr.state();
    expect(lines.at(-1)!.ended?.why).toContain('gap');
    await expect(pitr.mark('too late', quietRun())).rejects.toMatchObject({ code: 'not-found' });
    expect(await pitr.backup('auto', 'asked', quietRun())).toMatchObject({ kind: 'full' });
    await pitr.restore({ to: 'time', at: lines.at(-1)!.until.at }, quietRun());
    expect(await ids()).toEqual([1]);
  });

  it('a server that would keep WAL without bound is not asked to, and the way out is said', async () => {
    await sql('alter system set max_slot_wal_keep_size = -1', 'select pg_reload_conf()');
    await expect(pitr.backup('auto', 'asked', quietRun())).rejects.toMatchObject({
      code: 'not-supported-by-server',
      problem: { why: expect.stringContaining('max_slot_wal_keep_size'), command: 'noodlebox up postgres' },
    });
    await sql('alter system reset all', 'select pg_reload_conf()');
  });

  it.each([
    'collect postgres',
    'combine postgres',
    'recover postgres',
    'verify postgres-data',
  ])('a restore that is cancelled at "%s" leaves the stack as it was, and nothing else', async (at) => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const abort = new AbortController();
    const cancelling = {
      signal: abort.signal,
      onEvent: (event: { type: string; id?: string; state?: string }) => {
        if (event.type === 'operation' && event.id === at && event.state === 'running') abort.abort();
      },
    };
    await expect(pitr.restore({ to: 'latest' }, cancelling)).rejects.toMatchObject({ code: 'cancelled' });
    expect(await ids()).toEqual([1]);
    await expect.poll(leftovers).toEqual([]);
  });

  it('of two acts at once the second is refused by name, and the first ends well', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    const [restored, refused] = await Promise.allSettled([
      pitr.restore({ to: 'latest' }, quietRun()),
      (await bed.reopen()).pitr().backup('full', 'asked', quietRun()),
    ]);
    const outcomes = [restored, refused].map((result) =>
      result.status === 'rejected' ? (result.reason as { code: string }).code : 'done',
    );
    expect(outcomes.toSorted()).toEqual(['done', 'stack-busy']);
    expect(await ids()).toEqual([1]);
  });

  it('an application that writes meanwhile loses its connection and nothing else; what it wrote after the moment is in the snapshot', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    let id = 0;
    let stop = false;
    const writer = (async () => {
      while (!stop) await write(++id).catch(() => {});
    })();
    // The one under way is not written yet, and may come after the mark.
    await expect.poll(() => id).toBeGreaterThan(7);
    const point = await pitr.mark(`while writing ${Date.now()}`, quietRun());
    await expect.poll(() => id).toBeGreaterThan(12);
    const old = await pitr.restore({ to: 'name', name: point.name }, quietRun());
    stop = true;
    await writer;
    // Without holes up to the point, then what the application wrote on the restored data.
    const after = await ids();
    const kept = after.findIndex((one, index) => one !== index + 1);
    expect(kept === -1 ? after.length : kept).toBeGreaterThan(5);
    await bed.stack.snapshots.restore(old!.id, quietRun());
    expect((await ids()).length).toBeGreaterThan(10);
  });

  it('WAL that is damaged is told with how far it goes, whatever moment behind it was asked for', async () => {
    await pitr.backup('full', 'asked', quietRun());
    for (const id of [1, 2, 3]) {
      await sql(`insert into notes values (${id}, repeat('x', 100))`, 'select pg_switch_wal()');
    }
    await pitr.collect(quietRun());
    const line = (await pitr.state()).lines.at(-1)!;
    const folder = join(bed.home, 'stacks', bed.name, 'depots', 'postgres', 'wal', line.id);
    const files = (await readdir(folder)).filter((name) => !name.includes('.')).sort();
    const file = await open(join(folder, files.at(-2)!), 'r+');
    await file.write(Buffer.alloc(8_192, 0x5a), 0, 8_192, 0);
    await file.close();
    const refused = { code: 'backup-damaged', problem: { why: expect.stringContaining('can be played back to') } };
    await expect(pitr.restore({ to: 'latest' }, quietRun())).rejects.toMatchObject(refused);
    await expect(pitr.restore({ to: 'time', at: line.until.at }, quietRun())).rejects.toMatchObject(refused);
    await expect(pitr.prove(quietRun())).rejects.toMatchObject(refused);
    expect(await ids()).toEqual([1, 2, 3]);
    await pitr.backup('full', 'asked', quietRun());
  });

  it('without its records no backup is deleted: they may be those of another data home', async () => {
    const { id } = await pitr.backup('full', 'asked', quietRun());
    const records = join(bed.home, 'stacks', bed.name, 'pitr');
    await rename(records, `${records}-elsewhere`);
    const { id: next } = await pitr.backup('auto', 'asked', quietRun());
    await pitr.delete(next, quietRun());
    expect(await readdir(join(bed.home, 'stacks', bed.name, 'depots', 'postgres', 'base'))).toContain(id);
    await rm(records, { recursive: true });
    await rename(`${records}-elsewhere`, records);
    await pitr.verify(id, quietRun());
  });

  it('with the server away all that is kept is not deleted: it would go on to keep WAL for it', async () => {
    await pitr.backup('full', 'asked', quietRun());
    await bed.stack.stop(['postgres'], quietRun());
    await expect(pitr.clear(quietRun())).rejects.toMatchObject({ code: 'service-unreachable' });
    await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
  });

  it('with the server away what is kept is restored all the same', async () => {
    await pitr.backup('auto', 'asked', quietRun());
    await write(1);
    await pitr.collect(quietRun());
    await write(2);
    await bed.stack.stop(['postgres'], quietRun());
    await expect(pitr.backup('auto', 'asked', quietRun())).rejects.toMatchObject({ code: 'service-unreachable' });
    await pitr.restore({ to: 'latest' }, quietRun());
    expect(await ids()).toEqual([1]);
  });

  it('without PostgreSQL on its usual port the backup is that of this stack, wherever it listens', async () => {
    // Whoever else is on 5432 now is not asked.
    const stranger = createServer().listen(5432, '127.0.0.1');
    await new Promise((resolve) => stranger.once('listening', resolve).once('error', resolve));
    const { NOODLEBOX_POSTGRES_PORT: _, ...env } = bed.env;
    const other = await makeStack('native', { env: { ...env, NOODLEBOX_POSTGRES_PORT: undefined } });
    try {
      await other.stack.up(['postgres'], { seed: false, install: false }, quietRun());
      expect((await other.stack.connection('postgres')).port).not.toBe(5432);
      expect(await other.stack.pitr().backup('auto', 'asked', quietRun())).toMatchObject({ kind: 'full', checked: { ok: true } });
    } finally {
      stranger.close();
      await other.clear();
    }
  });

  it('on a full disk nothing half is left, and the stack goes on', async ({ skip }) => {
    await pitr.clear(quietRun());
    await sql(`insert into notes select g, repeat(md5(g::text), 30) from generate_series(1, 60000) g`, 'checkpoint');
    const depot = join(bed.home, 'stacks', bed.name, 'depots');
    await mkdir(depot, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=60m', 'tmpfs', depot]);
    } catch {
      skip('this machine does not let us mount a tmpfs');
    }
    try {
      await expect(pitr.backup('auto', 'asked', quietRun())).rejects.toMatchObject({ code: 'disk-full' });
      expect((await pitr.state()).backups).toEqual([]);
      expect(await readdir(join(depot, 'postgres', 'base'))).toEqual([]);
      await write(100_000);
    } finally {
      execFileSync('umount', ['-l', depot]);
    }
    expect(await pitr.backup('auto', 'asked', quietRun())).toMatchObject({ kind: 'full' });
  });
});
