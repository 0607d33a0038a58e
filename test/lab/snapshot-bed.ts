/** Data in the servers of a stack, wrecked and compared; what snapshots may leave behind; and processes that are killed in the middle. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Redis } from 'ioredis';
import pg from 'pg';
import { expect } from 'vitest';
import type { Stack } from '../../main/core/core.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import type { ChildOrder } from '../integration/snapshot-child.ts';
import { output } from './commands.ts';
import { quietRun, type StackBed } from './stack-bed.ts';

export type Kinds = readonly ('postgres' | 'redis' | 'mongodb')[];

interface Store {
  write(stack: Stack): Promise<void>;
  wreck(stack: Stack): Promise<void>;
  /** All that is in it. */
  content(stack: Stack): Promise<unknown>;
}

const stores: Readonly<Record<Kinds[number], Store>> = {
  postgres: {
    write: (stack) =>
      using(pgOf(stack), async (client) => {
        await client.query('CREATE TABLE notes (id serial PRIMARY KEY, note text)');
        await client.query("INSERT INTO notes (note) SELECT 'note ' || i FROM generate_series(1, 20000) i");
      }),
    wreck: (stack) =>
      using(pgOf(stack), async (client) => {
        await client.query('DELETE FROM notes WHERE id % 3 = 0');
        await client.query('UPDATE notes SET note = note || now()::text');
        await client.query('CREATE TABLE IF NOT EXISTS unwanted (id int)');
      }),
    content: (stack) =>
      using(pgOf(stack), async (client) => {
        const { rows } = await client.query(
          `SELECT (SELECT count(*) FROM pg_tables WHERE schemaname = 'public') tables,
            (SELECT md5(string_agg(id || note, ',' ORDER BY id)) FROM notes) notes`,
        );
        return rows[0];
      }),
  },
  redis: {
    async write(stack) {
      const redis = await redisOf(stack);
      for (let at = 0; at < 200; at++) await redis.set(`key:${at}`, `'"\n😀${at}`);
      redis.disconnect();
    },
    async wreck(stack) {
      const redis = await redisOf(stack);
      await redis.del(await redis.keys('*'));
      await redis.set('wrecked', Date.now());
      redis.disconnect();
    },
    async content(stack) {
      const redis = await redisOf(stack);
      const keys = (await redis.keys('*')).sort();
      const values = await redis.mget(keys);
      redis.disconnect();
      return { keys, values };
    },
  },
  mongodb: {
    async write(stack) {
      const { database, close } = await openMongodb(await stack.connection('mongodb'));
      await database.collection('notes').insertMany(Array.from({ length: 500 }, (_, at) => ({ at, note: `'"\n😀${at}` })));
      await close();
    },
    async wreck(stack) {
      const { database, close } = await openMongodb(await stack.connection('mongodb'));
      await database.collection('notes').deleteMany({ at: { $gt: 100 } });
      await database.collection('unwanted').insertOne({ at: Date.now() });
      await close();
    },
    async content(stack) {
      const { database, close } = await openMongodb(await stack.connection('mongodb'));
      const names = (await database.listCollections().toArray()).map(({ name }) => name).sort();
      const notes = await database
        .collection('notes')
        .find({}, { projection: { _id: 0 } })
        .sort({ at: 1 })
        .toArray();
      await close();
      return { names, notes };
    },
  },
};

export async function write(stack: Stack, kinds: Kinds): Promise<void> {
  await Promise.all(kinds.map((kind) => stores[kind].write(stack)));
}

export async function wreck(stack: Stack, kinds: Kinds): Promise<void> {
  await Promise.all(kinds.map((kind) => stores[kind].wreck(stack)));
}

export async function checksum(stack: Stack, kinds: Kinds): Promise<unknown> {
  return Promise.all(kinds.map((kind) => stores[kind].content(stack)));
}

export async function using<T>(opening: Promise<pg.Client>, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = await opening;
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

export async function pgOf(stack: Stack): Promise<pg.Client> {
  const client = new pg.Client((await stack.connection('postgres')).url);
  client.on('error', () => {});
  await client.connect();
  return client;
}

export async function redisOf(stack: Stack): Promise<Redis> {
  const redis = new Redis((await stack.connection('redis')).url, { maxRetriesPerRequest: 3 });
  redis.on('error', () => {});
  return redis;
}

/** What a failed act tells. */
export async function problem(act: Promise<unknown>): Promise<{ code: string; why?: string }> {
  return act.then(
    () => expect.unreachable('it went well'),
    (error: { problem: { code: string; why?: string } }) => error.problem,
  );
}

export async function states(stack: Stack, kinds: Kinds): Promise<string[]> {
  const { services } = await stack.status(undefined, { usage: false });
  return services.filter(({ name }) => kinds.some((kind) => kind === name)).map(({ state }) => state);
}

export async function ids(stack: Stack): Promise<string[]> {
  return (await stack.snapshots.list()).map(({ id }) => id);
}

export async function deleteAll(stack: Stack): Promise<void> {
  for (const id of await ids(stack)) await stack.snapshots.delete(id, quietRun());
}

/** All that is there of snapshots and not of those that are known, and whatever only exists while one is made. */
export async function leftovers(bed: StackBed, runtime: RuntimeKind, known: readonly string[]): Promise<string[]> {
  const folder = join(bed.home, 'stacks', bed.name, 'snapshots');
  // Locks are empty files that stay.
  const names = existsSync(folder) ? (await readdir(folder)).filter((name) => !name.startsWith('hot.lock')) : [];
  const volumes = join(bed.home, 'stacks', bed.name, 'volumes');
  const half = existsSync(volumes) ? (await readdir(volumes)).filter((name) => name.startsWith('.')) : [];
  const inEngine =
    runtime === 'native'
      ? ''
      : (await output(
          'docker',
          ['volume', 'ls', '-q', '--filter', `label=io.noodlebox.stack=${bed.name}`, '--filter', 'label=io.noodlebox.snapshot'],
          bed.env,
        )) + (await output('docker', ['ps', '-aq', '--filter', `label=io.noodlebox.helper=${bed.name}`], bed.env));
  const strange = inEngine.split('\n').filter((name) => name !== '' && !known.some((id) => name.includes(id)));
  const owned = (name: string) => known.includes(name) || known.some((id) => name === `${id}.hot`);
  return [...names.filter((name) => !owned(name)), ...half, ...strange];
}

export async function killedAt(bed: StackBed, order: ChildOrder): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('../integration/snapshot-child.ts', import.meta.url))], {
    env: bed.env,
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.end(JSON.stringify(order));
  const [code, signal] = await once(child, 'exit');
  expect([code, signal], `${order.at} ${order.state}`).toEqual([null, 'SIGKILL']);
}
