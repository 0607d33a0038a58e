/** Comparing snapshots on real servers: what was changed is found, item by item, and nothing is left of the looking. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Point } from '@influxdata/influxdb-client';
import { describe, expect, it } from 'vitest';
import type { Stack } from '../../main/core/core.ts';
import { openInflux } from '../../main/services/influxdb/client.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import { openPulsar } from '../../main/services/pulsar/client.ts';
import { sendAll } from '../../main/services/pulsar/messaging.ts';
import { stackTopic } from '../../main/services/pulsar/topic.ts';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import type { SnapshotDiff, StoreDiff } from '../../preload/contract/snapshots.ts';
import { output } from '../lab/commands.ts';
import { killedAt, leftovers, pgOf, redisOf, using } from '../lab/snapshot-bed.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

const plain = { name: null, note: null };
/** ms; the bucket keeps 30 days. */
const firstPoint = Date.now() - 3_600_000;
const hostile = 'o\'hara "\\\n😀 `x` $1';

const fill: Readonly<Record<string, (stack: Stack) => Promise<void>>> = {
  postgres: (stack) =>
    using(pgOf(stack), async (client) => {
      await client.query('CREATE SCHEMA "My Schema"; CREATE TABLE "My Schema"."No""tes" (id int PRIMARY KEY, note text)');
      await client.query('INSERT INTO "My Schema"."No""tes" SELECT i, $1 || i FROM generate_series(1, 1000) i', [hostile]);
      await client.query('CREATE TABLE untouched AS SELECT i FROM generate_series(1, 5000) i');
      await client.query("CREATE TABLE keyless (note text); INSERT INTO keyless SELECT 'same' FROM generate_series(1, 3)");
    }),
  async redis(stack) {
    const redis = await redisOf(stack);
    for (let at = 0; at < 50; at++) await redis.set(`key:${at}`, hostile + at);
    await redis.hset('hash', { b: '1', a: '2' });
    await redis.sadd('set', 'x', 'y', 'z');
    await redis.zadd('zset', 1, 'one', 2, 'two');
    await redis.set('gone:soon', 'x', 'EX', 100_000);
    redis.disconnect();
  },
  async mongodb(stack) {
    const { database, close } = await openMongodb(await stack.connection('mongodb'));
    await database.collection('notes').insertMany(Array.from({ length: 100 }, (_, at) => ({ at, note: hostile })));
    await close();
  },
  async influxdb(stack) {
    const influx = await openInflux(await stack.connection('influxdb'));
    await influx.write(
      Array.from({ length: 100 }, (_, at) =>
        new Point('m')
          .tag('t', 'a b')
          .floatField('value', at)
          .timestamp(firstPoint + at),
      ),
    );
  },
  pulsar: (stack) => publish(stack, 30, 'before'),
};

/** Adds one, removes one and changes one, as far as the store lets. */
const change: typeof fill = {
  postgres: (stack) =>
    using(pgOf(stack), async (client) => {
      await client.query(`INSERT INTO "My Schema"."No""tes" VALUES (2000, 'new')`);
      await client.query('DELETE FROM "My Schema"."No""tes" WHERE id = 7');
      await client.query(`UPDATE "My Schema"."No""tes" SET note = 'other' WHERE id = 8`);
      await client.query('DELETE FROM keyless WHERE ctid = (SELECT min(ctid) FROM keyless)');
      await client.query('CREATE TABLE fresh (id int PRIMARY KEY)');
    }),
  async redis(stack) {
    const redis = await redisOf(stack);
    await redis.set('key:new', '1');
    await redis.del('key:7');
    await redis.set('key:8', 'other');
    // The same hash, made in another order.
    await redis.del('hash');
    await redis.hset('hash', { a: '2', b: '1' });
    await redis.persist('gone:soon');
    redis.disconnect();
  },
  async mongodb(stack) {
    const { database, close } = await openMongodb(await stack.connection('mongodb'));
    await database.collection('notes').insertOne({ at: 2000 });
    await database.collection('notes').deleteOne({ at: 7 });
    await database.collection('notes').updateOne({ at: 8 }, { $set: { note: 'other' } });
    await close();
  },
  async influxdb(stack) {
    const influx = await openInflux(await stack.connection('influxdb'));
    await influx.write([
      new Point('m')
        .tag('t', 'a b')
        .floatField('value', 1)
        .timestamp(firstPoint + 60_000),
      new Point('m')
        .tag('t', 'a b')
        .floatField('value', -1)
        .timestamp(firstPoint + 8),
    ]);
  },
  pulsar: (stack) => publish(stack, 5, 'after'),
};

async function publish(stack: Stack, count: number, text: string): Promise<void> {
  const pulsar = await openPulsar(await stack.connection('pulsar'));
  await sendAll(
    await pulsar.messages.producer(stackTopic('diffed')),
    Array.from({ length: count }, (_, at) => ({ data: `${text} ${at}` })),
  );
  await pulsar.close();
}

function storeOf({ stores }: SnapshotDiff, service: string): StoreDiff {
  return stores.find((store) => store.service === service)!;
}

async function nothingLeft(bed: StackBed, runtime: 'native' | 'docker', ids: readonly string[]): Promise<void> {
  expect(await leftovers(bed, runtime, ids)).toEqual([]);
  expect(await readdir(join(bed.home, 'stacks'))).toEqual([bed.name]);
}

describe('a comparison of all five stores', () => {
  it('finds what was added, removed and changed since, and says what it cannot see', async (test) => {
    const lacks = await lacking('native', serviceKindNames);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    try {
      const { stack } = bed;
      await stack.up([], { seed: false, install: false }, quietRun());
      for (const each of Object.values(fill)) await each(stack);
      const { id } = await stack.snapshots.create(plain, quietRun());
      for (const each of Object.values(change)) await each(stack);
      const diff = await stack.snapshots.diff({ before: id, after: null, services: [] }, quietRun());

      const postgres = storeOf(diff, 'postgres');
      expect(postgres.parts.map(({ name, added, removed, changed }) => [name, added, removed, changed])).toEqual([
        ['(schema)', 2, 0, 0],
        ['My Schema.No"tes', 1, 1, 1],
        ['public.fresh', 0, 0, 0],
        ['public.keyless', 0, 1, 0],
      ]);
      expect(postgres.parts[1]!.listed.map(({ key, before, after }) => [key, before !== null, after !== null])).toEqual([
        ['[2000]', false, true],
        ['[7]', true, false],
        ['[8]', true, true],
      ]);
      expect(storeOf(diff, 'redis').parts).toMatchObject([
        {
          added: 1,
          removed: 1,
          changed: 2,
          listed: [
            { key: 'gone:soon' },
            { key: 'key:7', after: null },
            { key: 'key:8', after: 'string other' },
            { key: 'key:new', before: null },
          ],
        },
      ]);
      expect(storeOf(diff, 'mongodb').parts).toMatchObject([{ name: 'notes', before: 100, after: 100, added: 1, removed: 1, changed: 1 }]);
      expect(storeOf(diff, 'influxdb').parts).toMatchObject([{ name: 'noodle_metrics', added: 1, removed: 0, changed: 1 }]);
      expect(storeOf(diff, 'pulsar').parts).toMatchObject([
        { name: 'persistent://public/default/diffed', added: 5, removed: 0, changed: 0, listed: [{ after: 'after 0' }, {}, {}, {}, {}] },
      ]);
      for (const store of diff.stores) expect(store.notes).not.toEqual([]);
      await nothingLeft(bed, 'native', [id]);
    } finally {
      await bed.clear();
    }
  }, 900_000);
});

describe.each(['native', 'docker'] as const)('a comparison of two snapshots on %s', (runtime) => {
  it('reads only the stores whose files differ, and leaves nothing when it is killed or cancelled', async (test) => {
    const lacks = await lacking(runtime, ['postgres', 'redis']);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack(runtime);
    try {
      const { stack } = bed;
      await stack.up(['postgres', 'redis'], { seed: false, install: false }, quietRun());
      await fill.redis!(stack);
      await stack.stop(['postgres'], quietRun());
      const { id: a } = await stack.snapshots.create(plain, quietRun());
      await change.redis!(stack);
      const { id: b } = await stack.snapshots.create(plain, quietRun());
      const request = { before: a, after: b, services: [] };
      const steps: string[] = [];
      const diff = await stack.snapshots.diff(request, {
        ...quietRun(),
        onEvent: (event) => void (event.type === 'operation' && event.state === 'running' && steps.push(event.id)),
      });
      expect(storeOf(diff, 'postgres')).toMatchObject({ state: 'same', notes: ['All its files are the same.'] });
      expect(storeOf(diff, 'redis').parts).toMatchObject([{ added: 1, removed: 1, changed: 2 }]);
      expect(steps.filter((step) => step.startsWith('start'))).toEqual(['start redis', 'start redis']);
      expect(await stack.snapshots.diff({ before: a, after: a, services: [] }, quietRun())).toMatchObject({
        stores: [{ state: 'same' }, { state: 'same' }],
      });
      await nothingLeft(bed, runtime, [b, a]);

      await killedAt(bed, { stack: bed.name, runtime, diff: a, at: 'compare before redis', state: 'running' });
      await bed.reopen();
      await nothingLeft(bed, runtime, [b, a]);
      const abort = new AbortController();
      const cancelled = stack.snapshots.diff(request, {
        signal: abort.signal,
        onEvent: (event) => void (event.type === 'operation' && event.id === 'start redis' && abort.abort()),
      });
      await expect(cancelled).rejects.toMatchObject({ code: 'cancelled' });
      await nothingLeft(bed, runtime, [b, a]);
    } finally {
      await bed.clear();
    }
  });
});

describe('noodlebox snapshot diff', () => {
  it('tells counts first and then what changed, for people and in objects', async (test) => {
    const lacks = await lacking('native', ['redis']);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    try {
      await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
      await fill.redis!(bed.stack);
      const { id } = await bed.stack.snapshots.create({ name: 'then', note: null }, quietRun());
      await change.redis!(bed.stack);
      const cli = (...words: string[]) => {
        const bin = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
        return output(process.execPath, [bin, 'snapshot', 'diff', ...words, '--stack', bed.name], bed.env);
      };
      const text = await cli('then');
      expect(text).toContain('  database 0: +1 -1 ~2');
      expect(text).toMatch(/- key:7 {2}string o'hara/);
      const result = JSON.parse((await cli('then', '--json')).trim().split('\n').at(-1)!);
      expect(result).toMatchObject({ type: 'result', ok: true, diff: { before: id, after: null, stores: [{ service: 'redis' }] } });
      expect(JSON.parse(await cli('then', '--counts', '--json'))).toMatchObject({ ok: true, counts: expect.any(Array) });
    } finally {
      await bed.clear();
    }
  });
});
