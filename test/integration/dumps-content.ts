/** Content with hostile names for tests of backups: written, wrecked, and read back by the drivers themselves. */
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { InfluxDB } from '@influxdata/influxdb-client';
import { type ChainableCommander, Redis } from 'ioredis';
import { Double, Int32, Long, MongoClient } from 'mongodb';
import pg from 'pg';
import type { Stack } from '../../main/core/core.ts';
import { countAll } from '../../main/services/influxdb/catalog/buckets.ts';
import { request } from '../../main/services/influxdb/client.ts';
import { always } from '../../main/services/influxdb/flux.ts';
import { influxHttp } from '../../main/services/influxdb/query.ts';
import { type Broker, openBroker, subscriptionSegments, topicSegments } from '../../main/services/pulsar/broker.ts';
import { internalStats } from '../../main/services/pulsar/tail/ends.ts';
import { readStretch } from '../../main/services/pulsar/tail/message.ts';
import { parseTopic, type Topic } from '../../main/services/pulsar/topic.ts';
import { openSender } from '../../main/services/pulsar/websocket/sender.ts';
import { websocketTransport } from '../../main/services/pulsar/websocket/transport.ts';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';

interface Content {
  /** From nothing, or over what is there. */
  write(stack: Stack): Promise<void>;
  /** Changes, deletes and adds. */
  wreck(stack: Stack): Promise<void>;
  /** All of it, comparable. */
  read(stack: Stack): Promise<unknown>;
}

export const hostile = `we"ird 'na\\me' \n 😀 / %; drop`;
const never = new AbortController().signal;

export async function onPostgres<T>(stack: Stack, act: (client: pg.Client) => Promise<T>, database?: string): Promise<T> {
  const { host, port, parts } = await stack.connection('postgres');
  const client = new pg.Client({ host, port, user: parts.user, password: parts.password, database: database ?? parts.database });
  client.on('error', () => {});
  await client.connect();
  try {
    return await act(client);
  } finally {
    await client.end();
  }
}

const other = 'o"ther = db';
const quoted = (name: string) => pg.escapeIdentifier(name);

const postgres: Content = {
  write: (stack) =>
    onPostgres(stack, async (client) => {
      await client.query(`drop table if exists plain cascade`);
      await client.query(`create extension if not exists pgcrypto`);
      await client.query(`create schema if not exists ${quoted(hostile)}`);
      await client.query(
        `create table if not exists ${quoted(hostile)}.${quoted(hostile)} (id serial primary key, ${quoted(hostile)} text)`,
      );
      await client.query(`insert into ${quoted(hostile)}.${quoted(hostile)} (${quoted(hostile)}) values ($1), (null)`, [hostile]);
      await client.query(`create table plain (id bigint primary key, n numeric, f float8, j jsonb, b bytea, t timestamptz default now())`);
      await client.query(
        `insert into plain select g, g::numeric / 7, g / 7.0, jsonb_build_object('g', g, 'text', $1::text), decode(md5(g::text), 'hex') from generate_series(1, 3000) g`,
        [hostile],
      );
      await client.query(`create index on plain (n)`);
      await client.query(`create view seen as select id, n from plain where id < 10`);
      await client.query(
        `alter database ${quoted((await stack.connection('postgres')).parts.database!)} set search_path to "$user", public, ${quoted(hostile)}`,
      );
      if ((await client.query('select from pg_database where datname = $1', [other])).rowCount === 0)
        await client.query(`create database ${quoted(other)}`);
      await onPostgres(stack, (second) => second.query('create table if not exists there as select 1 as one'), other);
    }),
  wreck: (stack) =>
    onPostgres(stack, async (client) => {
      await client.query(`drop schema if exists ${quoted(hostile)} cascade`);
      await client.query('delete from plain where id % 3 = 0');
      await client.query('update plain set n = 0');
      await client.query('create table stranger ()');
      await onPostgres(stack, (second) => second.query('drop table there'), other);
    }),
  read: async (stack) => {
    const of = (client: pg.Client) =>
      client.query<{ n: string; s: string }>(
        `select table_schema s, table_name n from information_schema.tables where table_schema not in ('pg_catalog', 'information_schema') order by 1, 2`,
      );
    const digest = async (client: pg.Client) => {
      const told: unknown[] = [(await client.query('show search_path')).rows];
      for (const { s, n } of (await of(client)).rows) {
        if (n.startsWith('pg_stat_statements')) continue;
        const { rows } = await client.query(
          `select count(*), md5(string_agg(t::text, '|' order by t::text)) from ${quoted(s)}.${quoted(n)} t`,
        );
        told.push([s, n, rows]);
      }
      told.push((await client.query(`select indexdef from pg_indexes where schemaname not like 'pg\\_%' order by 1`)).rows);
      return told;
    };
    return [await onPostgres(stack, digest), await onPostgres(stack, digest, other)];
  },
};

async function onRedis<T>(stack: Stack, act: (redis: Redis) => Promise<T>, db = 0): Promise<T> {
  const { host, port, parts } = await stack.connection('redis');
  const redis = new Redis({ host, port, password: parts.password, db });
  try {
    return await act(redis);
  } finally {
    redis.disconnect();
  }
}

async function piped(
  client: Redis,
  keys: readonly Buffer[],
  ask: (pipeline: ChainableCommander, key: Buffer, at: number) => unknown,
): Promise<unknown[]> {
  const pipeline = client.pipeline();
  for (const [at, key] of keys.entries()) ask(pipeline, key, at);
  return ((await pipeline.exec()) ?? []).map(([error, reply]) => {
    if (error) throw error;
    return reply;
  });
}

const expires = Date.now() + 3_600_000;
const redis: Content = {
  write: async (stack) => {
    await onRedis(stack, async (client) => {
      await client.set(hostile, Buffer.from([0, 1, 255, 10, 13]));
      await client.set(Buffer.from([255, 0, 254]), 'binary key');
      await client.set('session:1', 'x', 'PXAT', expires);
      await client.rpush('list', 'a', hostile, 'b');
      await client.sadd('set', ...Array.from({ length: 2_000 }, (_, at) => `member ${at}`));
      await client.hset('hash', Object.fromEntries(Array.from({ length: 2_000 }, (_, at) => [`field ${at}`, `value ${at} ${hostile}`])));
      await client.zadd('zset', 1.5, 'a', -2, hostile, 'inf', 'z');
      await client.xadd('stream', '1-1', 'field', hostile);
      await client.xgroup('CREATE', 'stream', 'group', '0');
      const many = client.pipeline();
      for (let at = 0; at < 3_000; at++) many.set(`many:${at}`, `value ${at}`);
      await many.exec();
    });
    await onRedis(stack, (client) => client.set('in three', hostile), 3);
  },
  wreck: async (stack) => {
    await onRedis(stack, async (client) => {
      await client.del('list', hostile, 'session:1');
      await client.sadd('set', 'stranger');
      await client.set('stranger', '1');
      await client.set('many:1', 'other');
    });
    await onRedis(stack, (client) => client.set('in five', '1'), 5);
  },
  read: async (stack) => {
    const of = async (client: Redis) => {
      const keys = ((await client.callBuffer('KEYS', '*')) as Buffer[]).sort(Buffer.compare);
      const types = await piped(client, keys, (pipeline, key) => pipeline.type(key));
      const expiries = await piped(client, keys, (pipeline, key) => pipeline.call('PEXPIRETIME', key));
      const values = await piped(client, keys, (pipeline, key, at) => {
        switch (types[at]) {
          case 'set':
            return pipeline.call('SORT', key, 'ALPHA');
          case 'hash':
            return pipeline.hgetall(key);
          case 'list':
            return pipeline.lrange(key, 0, -1);
          case 'zset':
            return pipeline.zrange(key, '0', '-1', 'WITHSCORES');
          case 'stream':
            return pipeline.xrange(key, '-', '+');
          default:
            return pipeline.getBuffer(key);
        }
      });
      const told = keys.map((key, at) => {
        const value = types[at] === 'hash' ? Object.entries(values[at] as object).sort() : values[at];
        return [key.toString('hex'), types[at], hash(value), String(expiries[at])];
      });
      const groups = await client.xinfo('GROUPS', 'stream').catch(() => null);
      told.push(['groups', hash(groups)]);
      return told;
    };
    return [await onRedis(stack, of), await onRedis(stack, of, 3), await onRedis(stack, (client) => client.dbsize(), 5)];
  },
};

async function onMongo<T>(stack: Stack, act: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient((await stack.connection('mongodb')).url);
  try {
    return await act(await client.connect());
  } finally {
    await client.close();
  }
}

// FerretDB takes no double quote in a name.
const weirdCollection = `we'ird % col 😀`;
const mongodb: Content = {
  write: (stack) =>
    onMongo(stack, async (client) => {
      const database = client.db('noodle_db');
      const exact = database.collection<{ _id: number }>('exact');
      await exact.insertMany([
        { _id: 1, int: new Int32(5), double: new Double(5), long: Long.fromString('9007199254740993'), text: hostile } as never,
        {
          _id: 2,
          date: new Date(-1),
          nested: { '10': 'b', '2': 'a', list: [null, true, { x: hostile }] },
          binary: Buffer.from([0, 255]),
        } as never,
        { _id: 3, regex: /a"b/i, '😀': '' } as never,
      ]);
      await exact.createIndex({ text: 1, int: -1 }, { name: `i'ndex 😀`, unique: true });
      const many = Array.from({ length: 2_500 }, (_, at) => ({ _id: at as never, at, text: `document ${at}` }));
      await database.collection(weirdCollection).insertMany(many);
      await database.collection('empty').insertOne({ _id: 1 as never });
      await database.collection('empty').deleteMany({});
      await client
        .db('another')
        .collection('there')
        .insertOne({ _id: 1 as never, one: 1 });
    }),
  wreck: (stack) =>
    onMongo(stack, async (client) => {
      const database = client.db('noodle_db');
      await database.collection(weirdCollection).deleteMany({ at: { $lt: 100 } });
      await database.collection('exact').drop();
      await database.collection('stranger').insertOne({ one: 1 });
      await client.db('another').collection('there').deleteMany({});
    }),
  read: (stack) =>
    onMongo(stack, async (client) => {
      const told: unknown[] = [];
      for (const name of ['noodle_db', 'another']) {
        for (const { name: collection } of (await client.db(name).listCollections().toArray()).sort((a, b) => (a.name < b.name ? -1 : 1))) {
          const found = client.db(name).collection(collection);
          const documents = (await found.find({}, { raw: true }).toArray())
            .map((each) => hash((each as unknown as Buffer).toString('hex')))
            .sort();
          told.push([
            name,
            collection,
            documents.length,
            hash(documents),
            (await found.listIndexes().toArray()).map(({ v: _, ...index }) => index),
          ]);
        }
      }
      return told;
    }),
};

const weirdBucket = `we'ird \\ bucket 😀`;
const influxdb: Content = {
  write: async (stack) => {
    const connection = await stack.connection('influxdb');
    const { org } = connection.parts;
    const { body } = (await request(connection, 'GET', '/api/v2/orgs', { query: { org: org! } })) as { body: { orgs: { id: string }[] } };
    await request(connection, 'POST', '/api/v2/buckets', {
      body: {
        orgID: body.orgs[0]!.id,
        name: weirdBucket,
        description: hostile,
        retentionRules: [{ type: 'expire', everySeconds: 0, shardGroupDurationSeconds: 3_600 }],
      },
    });
    const writer = new InfluxDB({ url: connection.url, token: connection.parts.token }).getWriteApi(org!, weirdBucket, 'ns');
    const base = 1_767_323_045_000_000_001n;
    writer.writeRecord(
      `plain,tag=a float=0.1,int=9223372036854775807i,uint=18446744073709551615u,bool=true,text="say \\"hi\\" \\\\ 😀\nline" ${base}`,
    );
    writer.writeRecord(`we\\,i\\ rd,t\\ a\\=g=v\\,a\\ l\\=ue😀 f\\ i\\=eld=1e300 ${base}`);
    writer.writeRecord(`old,tag=b value=-0.0000001 -1`);
    for (let at = 0; at < 3_000; at++)
      writer.writeRecord(`many,host=h${at % 7} value=${at / 7},n=${at}i ${base + BigInt(at) * 60_000_000_000n}`);
    await writer.close();
    // What was written may be seen later only.
    const http = influxHttp(connection);
    while ((await countAll(http, weirdBucket, always, never)) < 6_007) await sleep(100);
  },
  wreck: async (stack) => {
    const connection = await stack.connection('influxdb');
    const { org } = connection.parts;
    await request(connection, 'POST', '/api/v2/delete', {
      query: { org: org!, bucket: weirdBucket },
      body: { start: '2026-01-02T00:00:00Z', stop: '2026-01-02T12:00:00Z' },
    });
    const writer = new InfluxDB({ url: connection.url, token: connection.parts.token }).getWriteApi(org!, weirdBucket, 'ns');
    writer.writeRecord('stranger value=1');
    await writer.close();
  },
  read: async (stack) => {
    const connection = await stack.connection('influxdb');
    const { body } = (await request(connection, 'GET', '/api/v2/buckets', { query: { limit: '100' } })) as {
      body: { buckets: { name: string; type: string; description?: string; retentionRules: unknown }[] };
    };
    const told: unknown[] = [];
    for (const { name, type, description, retentionRules } of body.buckets.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      if (type === 'system') continue;
      const rows: string[] = [];
      const text = `from(bucket: ${JSON.stringify(name)}) |> range(start: 1900-01-01T00:00:00Z, stop: 2100-01-01T00:00:00Z)`;
      for await (const { values, tableMeta } of influxHttp(connection).rows({ text })) {
        const cells = tableMeta.columns.map(({ label, dataType }, at) => (label === 'table' ? '' : `${label}:${dataType}=${values[at]}`));
        rows.push(cells.join());
      }
      told.push([name, description, retentionRules, rows.length, hash(rows.sort())]);
    }
    return told;
  },
};

const subscription = 's u"b 😀';
const topics = ['persistent://public/default/we"ird 😀', 'persistent://noodle-t/name.space/parted'];
const pulsar: Content = {
  write: async (stack) => {
    const broker = openBroker(await stack.connection('pulsar'));
    const [weird, parted] = topics.map(parseTopic) as [ReturnType<typeof parseTopic>, ReturnType<typeof parseTopic>];
    await broker
      .call({ method: 'PUT', path: ['tenants', 'noodle-t'], body: { adminRoles: [], allowedClusters: ['standalone'] } })
      .catch(unlessConflict);
    await broker
      .call({
        method: 'PUT',
        path: ['namespaces', 'noodle-t', 'name.space'],
        body: { retention_policies: { retentionTimeInMinutes: 77, retentionSizeInMB: 7 } },
      })
      .catch(unlessConflict);
    await broker.call({ method: 'PUT', path: topicSegments(weird) });
    await broker.call({ method: 'PUT', path: [...topicSegments(parted), 'partitions'], body: 2 });
    await broker.call({
      method: 'POST',
      path: ['schemas', 'noodle-t', 'name.space', 'parted', 'schema'],
      body: {
        type: 'JSON',
        schema: JSON.stringify({ type: 'record', name: 'E', fields: [{ name: 'n', type: 'int' }] }),
        properties: { by: 'test' },
      },
    });
    await broker.call({
      method: 'PUT',
      path: subscriptionSegments(weird, subscription),
      body: { ledgerId: -1, entryId: -1, partitionIndex: -1 },
    });
    const ids: string[] = [];
    const sender = await openSender(broker, weird, false, never);
    for (let n = 0; n < 30; n++) {
      ids.push(
        await sender.send({
          payload: Buffer.from([n, 0, 255]).toString('base64'),
          key: `k ${n % 3} ${hostile}`,
          properties: { 'p "1"': hostile },
          eventTime: 1_700_000_000_000 + n,
        }),
      );
    }
    await sender.close();
    const batched = await openSender(broker, parseTopic(`${topics[1]}-partition-1`), true, never);
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => batched.send({ payload: Buffer.from(JSON.stringify({ n })).toString('base64') })),
    );
    await batched.close();
    const transport = websocketTransport(broker.connection);
    const consumer = await transport.consumer(weird, { subscription, type: 'shared' });
    // The first ten but one, and one more.
    for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 8, 12]) {
      await consumer.acknowledge({ id: ids[at]!, data: Buffer.alloc(0), key: undefined, properties: {}, publishedAt: 0, redeliveries: 0 });
    }
    await consumer.close();
    await transport.close();
    // The broker does not answer to an acknowledgement.
    while ((await durable(broker, weird))[0]?.behind !== ids.length - 10) await sleep(100);
  },
  wreck: async (stack) => {
    const broker = openBroker(await stack.connection('pulsar'));
    await broker.call({ method: 'DELETE', path: topicSegments(parseTopic(topics[0]!)), query: { force: 'true' } });
    await broker.call({ method: 'PUT', path: topicSegments(parseTopic('stranger')) });
    const sender = await openSender(broker, parseTopic(`${topics[1]}-partition-0`), false, never);
    await sender.send({ payload: 'AAAA' });
    await sender.close();
  },
  read: async (stack) => {
    const broker = openBroker(await stack.connection('pulsar'));
    const told: unknown[] = [];
    for (const topic of [topics[0]!, `${topics[1]}-partition-0`, `${topics[1]}-partition-1`]) {
      const parsed = parseTopic(topic);
      if (
        !(await broker.partitions(parsed).then(
          () => true,
          () => false,
        ))
      ) {
        told.push([topic, 'is not there']);
        continue;
      }
      const places = new Map<string, number>();
      const messages: unknown[] = [];
      for await (const {
        messageId,
        payload,
        key,
        properties: { 'noodlebox-published': published, ...properties } = {},
        eventTime,
        publishTime,
      } of readStretch(broker, parsed, 'earliest', never)) {
        places.set(messageId, places.size);
        messages.push([payload, key, properties, eventTime, published ?? publishTime]);
      }
      told.push([topic, messages, await durable(broker, parsed)]);
    }
    const { schema_compatibility_strategy, retention_policies } = await broker.get<Record<string, unknown>>([
      'namespaces',
      'noodle-t',
      'name.space',
    ]);
    told.push(schema_compatibility_strategy, retention_policies);
    const { type, data, properties } = await broker.get<Record<string, unknown>>(['schemas', 'noodle-t', 'name.space', 'parted', 'schema']);
    told.push({ type, data, properties }, await broker.get(['persistent', 'public', 'default']));
    return told;
  },
};

/** The subscriptions that stay. Of a reader that has just left the broker may still know, in both of its answers. */
async function durable(broker: Broker, topic: Topic) {
  const path = [...topicSegments(topic), 'stats'];
  const { subscriptions } = await broker.get<{ subscriptions: Record<string, { msgBacklog: number; isDurable: boolean }> }>(path, {
    getPreciseBacklog: 'true',
  });
  const { cursors } = await internalStats(broker, topic, never);
  // Cursors are called as forms are sent: a space is a plus.
  const byName = new Map(Object.entries(cursors).map(([name, cursor]) => [decodeURIComponent(name.replaceAll('+', ' ')), cursor]));
  return Object.entries(subscriptions)
    .filter(([, { isDurable }]) => isDurable)
    .map(([name, { msgBacklog }]) => ({ name, behind: msgBacklog, inOrder: byName.get(name)!.individuallyDeletedMessages === '[]' }));
}

function unlessConflict(error: unknown): void {
  if ((error as { code?: string }).code !== 'conflict') throw error;
}

export const content: Readonly<Record<ServiceKindName, Content>> = { postgres, redis, mongodb, influxdb, pulsar };

function hash(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
