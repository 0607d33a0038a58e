/** What a snapshot leaves out of PostgreSQL's WAL is what nothing needs: on a real server, with a writer running through it. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Stack } from '../../main/core/core.ts';
import type { TaskEvent } from '../../preload/contract/models.ts';
import { deleteAll, leftovers, pgOf, using } from '../lab/snapshot-bed.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';

let lacks: string | undefined;
let bed: StackBed;
beforeAll(async () => {
  lacks = await lacking('native', ['postgres']);
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
  await using(pgOf(bed.stack), (client) => client.query('CREATE TABLE lines (id bigint PRIMARY KEY, text text)'));
});
afterAll(async () => {
  if (lacks) return;
  await deleteAll(await bed.reopen());
  expect(await leftovers(bed, 'native', [])).toEqual([]);
  await bed.clear();
});

const segment = /^[0-9A-F]{24}$/;

async function segmentsIn(folder: string): Promise<string[]> {
  const [volume] = await readdir(folder);
  return (await readdir(join(folder, volume!, 'pg_wal'))).filter((name) => segment.test(name)).sort();
}

const liveSegments = () => segmentsIn(join(bed.home, 'stacks', bed.name, 'volumes'));
const keptSegments = (id: string) => segmentsIn(join(bed.home, 'stacks', bed.name, 'snapshots', id, 'volumes'));

/** About 100 MiB of WAL. */
async function fill(stack: Stack, from: number): Promise<void> {
  await using(pgOf(stack), (client) =>
    client.query(`INSERT INTO lines SELECT i, repeat(md5(i::text), 30) FROM generate_series($1::bigint, $1::bigint + 79999) i`, [from]),
  );
}

/** Writes rows one by one, counting those the server has acknowledged. */
function writer(stack: Stack, from: number): { acknowledged(): number; end(): Promise<void> } {
  let next = from;
  let ended = false;
  const writing = using(pgOf(stack), async (client) => {
    while (!ended) {
      await client.query("INSERT INTO lines VALUES ($1, repeat('x', 4000))", [next]);
      next++;
      await sleep(1);
    }
  });
  writing.catch(() => {});
  return {
    acknowledged: () => next - 1,
    async end() {
      ended = true;
      await writing;
    },
  };
}

it('old WAL under the names of files to come is left out, and all that was acknowledged is there afterwards', async (test) => {
  if (lacks) return test.skip(lacks);
  const { stack } = bed;
  await fill(stack, 1);
  const writing = writer(stack, 1_000_001);
  while (writing.acknowledged() < 1_000_050) await sleep(10);
  let before = 0;
  const { signal } = watchedRun();
  const onEvent = (event: TaskEvent) => {
    if (event.type === 'operation' && event.id.startsWith('pause ') && event.state === 'running') before = writing.acknowledged();
  };
  const { id } = await stack.snapshots.create({ name: null, note: null }, { signal, onEvent });
  await writing.end();
  const after = writing.acknowledged();
  expect(before).toBeGreaterThan(1_000_000);
  // Most of what was written by the fill lies ready, and nothing of that is in the snapshot.
  const [live, kept] = [await liveSegments(), await keptSegments(id)];
  expect(live.length).toBeGreaterThanOrEqual(6);
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.length).toBeLessThanOrEqual(live.length - 3);
  await stack.snapshots.verify(id, quietRun());

  await stack.snapshots.restore(id, quietRun(), { rehearse: true });
  await using(pgOf(stack), async (client) => {
    const { rows } = await client.query<{ filled: number; written: number; last: string }>(
      `SELECT (count(*) FILTER (WHERE id <= 80000))::int filled, (count(*) FILTER (WHERE id > 1000000))::int written, max(id) "last" FROM lines`,
    );
    const { filled, written, last } = rows[0]!;
    expect(filled).toBe(80_000);
    expect(Number(last)).toBeGreaterThanOrEqual(before);
    expect(Number(last)).toBeLessThanOrEqual(after);
    expect(written).toBe(Number(last) - 1_000_000);
    // Every row is reached through the index, and every page of the table is what its checksum says.
    await client.query('CREATE EXTENSION IF NOT EXISTS amcheck');
    await client.query(`SELECT bt_index_check('lines_pkey', true)`);
    const damaged = await client.query(`SELECT * FROM verify_heapam('lines')`);
    expect(damaged.rows).toEqual([]);
  });
});

it('what was there before a restore is kept without it as well, and can be gone back to', async (test) => {
  if (lacks) return test.skip(lacks);
  const { stack } = bed;
  const { id } = await stack.snapshots.create({ name: null, note: null }, quietRun());
  await fill(stack, 100_001);
  await using(pgOf(stack), async (client) => {
    for (let at = 0; at < 2; at++) await client.query('CHECKPOINT');
  });
  const live = await liveSegments();
  const old = await stack.snapshots.restore(id, quietRun());
  expect((await keptSegments(old!.id)).length).toBeLessThan(live.length);
  await stack.snapshots.verify(old!.id, quietRun());
  await stack.snapshots.restore(old!.id, quietRun());
  await using(pgOf(stack), async (client) => {
    const { rows } = await client.query(`SELECT count(*)::int filled FROM lines WHERE id BETWEEN 100001 AND 180000`);
    expect(rows).toEqual([{ filled: 80_000 }]);
  });
});

it('a slot finds all WAL that it asks for in what was restored', async (test) => {
  if (lacks) return test.skip(lacks);
  const { stack } = bed;
  await using(pgOf(stack), async (client) => {
    await client.query('CREATE PUBLICATION lines FOR TABLE lines');
    await client.query(`SELECT pg_create_logical_replication_slot('follower', 'pgoutput')`);
    await client.query(`SELECT pg_create_physical_replication_slot('standby', true)`);
  });
  await fill(stack, 200_001);
  const { id } = await stack.snapshots.create({ name: null, note: null }, quietRun());
  await stack.snapshots.restore(id, quietRun());
  await using(pgOf(stack), async (client) => {
    const { rows: slots } = await client.query(`SELECT slot_name, wal_status FROM pg_replication_slots ORDER BY 1`);
    expect(slots).toEqual([
      { slot_name: 'follower', wal_status: 'reserved' },
      { slot_name: 'standby', wal_status: 'reserved' },
    ]);
    // Read from the WAL itself: its first byte says what a change is.
    const { rows: changes } = await client.query<{ inserts: number }>(
      `SELECT count(*)::int inserts FROM pg_logical_slot_get_binary_changes('follower', NULL, NULL, 'proto_version', '1', 'publication_names', 'lines')
       WHERE get_byte(data, 0) = ascii('I')`,
    );
    expect(changes).toEqual([{ inserts: 80_000 }]);
    const { rows: missing } = await client.query(
      `SELECT pg_walfile_name(restart_lsn) file FROM pg_replication_slots WHERE slot_name = 'standby'
       EXCEPT SELECT name FROM pg_ls_waldir()`,
    );
    expect(missing).toEqual([]);
    for (const slot of ['follower', 'standby']) await client.query('SELECT pg_drop_replication_slot($1)', [slot]);
  });
});
