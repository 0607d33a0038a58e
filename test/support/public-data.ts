/**
 * Data that nobody here made: the sample data of vega-datasets, put into the five stores as an application would, and
 * read back as one hash a store.
 */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';

import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { flux, Point } from '@influxdata/influxdb-client';
import { parse } from 'csv-parse/sync';
import { Redis } from 'ioredis';
import pg from 'pg';
import { from as copyFrom } from 'pg-copy-streams';
import type { Stack } from '../../main/core/core.ts';
import { openInflux } from '../../main/services/influxdb/client.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import { openBroker } from '../../main/services/pulsar/broker.ts';
import { openPulsar } from '../../main/services/pulsar/client.ts';
import { sendAll } from '../../main/services/pulsar/messaging.ts';
import { readStretch } from '../../main/services/pulsar/tail/message.ts';
import { stackTopic } from '../../main/services/pulsar/topic.ts';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';

interface PublicData {
  load(stack: Stack): Promise<void>;
  /** What a bad day does to it: a part gone, a part changed, something added. */
  wreck(stack: Stack): Promise<void>;
  /** sha256 over all of it, in an order of its own. */
  hash(stack: Stack): Promise<string>;
}

const folder = fileURLToPath(new URL('../../node_modules/vega-datasets/data', import.meta.url));
const file = (name: string) => join(folder, name);
const json = async <T>(name: string): Promise<T> => JSON.parse(await readFile(file(name), 'utf8'));
const records = async (name: string): Promise<Record<string, string>[]> => parse(await readFile(file(name)), { columns: true });

function hashOf(parts: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part).update('\n');
  return hash.digest('hex');
}

/** American airports, and all zip codes of the country. */
const postgres: PublicData = {
  load: (stack) =>
    withPostgres(stack, async (client) => {
      await client.query(`CREATE TABLE airports (iata text PRIMARY KEY, name text NOT NULL, city text, state text, country text NOT NULL,
        latitude double precision NOT NULL, longitude double precision NOT NULL)`);
      await client.query('CREATE TABLE zipcodes (zip_code text, latitude numeric, longitude numeric, city text, state text, county text)');
      await client.query('CREATE INDEX zipcodes_state ON zipcodes (state, county)');
      for (const table of ['airports', 'zipcodes']) {
        const copy = client.query(copyFrom(`COPY ${table} FROM STDIN (FORMAT csv, HEADER)`));
        await pipeline(createReadStream(file(`${table}.csv`)), copy);
      }
    }),
  wreck: (stack) =>
    withPostgres(stack, async (client) => {
      await client.query('DROP TABLE zipcodes');
      await client.query("DELETE FROM airports WHERE state = 'CA'");
      await client.query('UPDATE airports SET latitude = latitude + 1');
    }),
  hash: (stack) =>
    withPostgres(stack, async (client) => {
      const { rows } = await client.query<{ line: string }>(
        'SELECT a::text AS line FROM airports a UNION ALL SELECT z::text FROM zipcodes z ORDER BY 1',
      );
      return hashOf(rows.map(({ line }) => line));
    }),
};

/** Airports as hashes, and by place. */
const redis: PublicData = {
  load: (stack) =>
    withRedis(stack, async (client) => {
      const airports = await records('airports.csv');
      const pipe = client.pipeline();
      for (const airport of airports)
        pipe.hset(`airport:${airport.iata}`, airport).geoadd('airports', airport.longitude!, airport.latitude!, airport.iata!);
      const failures = (await pipe.exec())!.flatMap(([error]) => error ?? []);
      // A few lie farther north or south than Redis has places for: none here, or the load is not what it says.
      if (failures.length > 0) throw failures[0]!;
    }),
  wreck: (stack) =>
    withRedis(stack, async (client) => {
      await client.del('airports', 'airport:SFO');
      await client.hset('airport:LAX', 'name', 'Wrecked');
    }),
  hash: (stack) =>
    withRedis(stack, async (client) => {
      const keys = (await client.keys('airport*')).sort();
      const pipe = client.pipeline();
      for (const key of keys) key === 'airports' ? pipe.zrange(key, '0', '-1', 'WITHSCORES') : pipe.hgetall(key);
      const values = (await pipe.exec())!.map(([, value]) => JSON.stringify(value));
      return hashOf(keys.map((key, at) => key + values[at]));
    }),
};

/** Flights as events, in their order. */
const pulsar: PublicData = {
  load: (stack) =>
    withTopic(stack, async ({ messages }) => {
      const producer = await messages.producer(flights);
      const all = await json<{ origin: string }[]>('flights-5k.json');
      await sendAll(
        producer,
        all.map((flight) => ({ data: JSON.stringify(flight), key: flight.origin, properties: { source: 'vega-datasets' } })),
      );
      await producer.close();
    }),
  wreck: (stack) =>
    withTopic(stack, async ({ messages }) => {
      const producer = await messages.producer(flights);
      await sendAll(producer, [{ data: 'wrecked' }]);
      await producer.close();
    }),
  async hash(stack) {
    const broker = openBroker(await stack.connection('pulsar'));
    const lines: string[] = [];
    // To the end that the topic has now.
    for await (const { key, properties, payload } of readStretch(broker, flights, 'earliest', AbortSignal.timeout(120_000)))
      lines.push(`${key} ${JSON.stringify(properties)} ${Buffer.from(payload, 'base64')}`);
    return hashOf(lines);
  },
};
const flights = stackTopic('flights');

/** Films. */
const mongodb: PublicData = {
  load: (stack) =>
    withMongodb(stack, async ({ database }) => {
      await database.collection('movies').insertMany(await json<Record<string, unknown>[]>('movies.json'));
      await database.collection('movies').createIndex({ Director: 1 });
    }),
  wreck: (stack) =>
    withMongodb(stack, async ({ database }) => {
      await database.collection('movies').deleteMany({ Director: 'Steven Spielberg' });
      await database.collection('movies').updateMany({ 'MPAA Rating': 'R' }, { $set: { 'MPAA Rating': 'G' } });
    }),
  hash: (stack) =>
    withMongodb(stack, async ({ database }) => {
      const all = await database.collection('movies').find().sort({ _id: 1 }).toArray();
      const indexes = (await database.collection('movies').indexes()).map(({ name }) => name ?? '').sort();
      return hashOf([...all.map((document) => JSON.stringify(document)), ...indexes]);
    }),
};

/** The weather of Seattle, day by day. */
const influxdb: PublicData = {
  load: (stack) =>
    withInflux(stack, async (client) => {
      const days = await records('seattle-weather.csv');
      const point = (day: Record<string, string>, at: number) =>
        new Point('weather')
          .tag('city', 'Seattle')
          .stringField('weather', day.weather)
          .floatField('wind', day.wind)
          .floatField('temp_max', day.temp_max)
          // The bucket keeps 30 days: the years of the data are told as minutes of yesterday.
          .timestamp(start + at * 60_000);
      await client.write(days.map(point));
    }),
  wreck: (stack) =>
    withInflux(stack, async (client) => {
      const body = {
        start: new Date(start).toISOString(),
        stop: new Date(start + 300 * 60_000).toISOString(),
        predicate: '_measurement="weather"',
      };
      await client.call('POST', '/api/v2/delete', { query: { org: client.org, bucket: client.bucket }, body });
    }),
  hash: (stack) =>
    withInflux(stack, async (client) => {
      const lines: string[] = [];
      const query = flux`from(bucket: ${client.bucket}) |> range(start: -3d) |> filter(fn: (r) => r._measurement == "weather")`;
      for await (const { _time, _field, _value } of client.rows(query)) lines.push(`${_time} ${_field} ${_value}`);
      return hashOf(lines.sort());
    }),
};
const start = Date.now() - 2 * 86_400_000;

export const publicData: Readonly<Record<ServiceKindName, PublicData>> = { postgres, redis, pulsar, mongodb, influxdb };

async function withPostgres<T>(stack: Stack, act: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client((await stack.connection('postgres')).url);
  await client.connect();
  return act(client).finally(() => client.end());
}

async function withRedis<T>(stack: Stack, act: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis((await stack.connection('redis')).url);
  return act(client).finally(() => client.disconnect());
}

async function withTopic<T>(stack: Stack, act: (client: Awaited<ReturnType<typeof openPulsar>>) => Promise<T>): Promise<T> {
  const client = await openPulsar(await stack.connection('pulsar'));
  return act(client).finally(() => client.close());
}

async function withMongodb<T>(stack: Stack, act: (client: Awaited<ReturnType<typeof openMongodb>>) => Promise<T>): Promise<T> {
  const client = await openMongodb(await stack.connection('mongodb'));
  return act(client).finally(() => client.close());
}

async function withInflux<T>(stack: Stack, act: (client: Awaited<ReturnType<typeof openInflux>>) => Promise<T>): Promise<T> {
  return act(await openInflux(await stack.connection('influxdb')));
}
