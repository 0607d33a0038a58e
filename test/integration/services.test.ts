import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { openInflux } from '../../main/services/influxdb/client.ts';
import { metricFamilies, metricPoint, metricsRepository } from '../../main/services/influxdb/metrics.ts';
import type { Connection } from '../../main/services/kind.ts';
import { askCapabilities } from '../../main/services/mongodb/capabilities.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import { documentRepositories } from '../../main/services/mongodb/documents.ts';
import { openPostgres, type PostgresClient } from '../../main/services/postgres/client.ts';
import { quoteIdentifier } from '../../main/services/postgres/quote.ts';
import { postgresRepositories } from '../../main/services/postgres/repositories.ts';
import { openPulsar } from '../../main/services/pulsar/client.ts';
import { eventPublisher, subscribeEvents } from '../../main/services/pulsar/events.ts';
import { type Consumer, type Message, sendAll } from '../../main/services/pulsar/messaging.ts';
import { stackTopic } from '../../main/services/pulsar/topic.ts';
import { escapePattern, openRedis } from '../../main/services/redis/client.ts';
import { redisRepositories } from '../../main/services/redis/repositories.ts';
import { kindOf } from '../../main/services/registry.ts';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { connectionOf, freePorts, type Servers, withServers } from '../lab/servers.ts';

let servers: Servers;
let freePort = 0;
beforeAll(async () => {
  [freePort = 0] = await freePorts(1);
  servers = await withServers(serviceKindNames);
});
afterAll(() => servers?.close());

const forever = new AbortController().signal;
/** What someone might try to break out of a statement, a path, a frame or a line with. */
const hostile = [
  `'; drop table users; --`,
  `" or true or r["a"] == "`,
  '\r\nFLUSHALL\r\n',
  '$ne',
  '{"$gt":""}',
  '${1+1} $(id) `id`',
  '*?[a-z]\\x',
  'a=b,c d',
  '%2F..%2F?x=1#y&z',
  'ünïcödé ✓',
];

describe.each(serviceKindNames)('%s', (kind) => {
  const verify = async (connection: Connection, signal: AbortSignal) => (await kindOf(kind).access()).verify(connection, signal);

  it('tells its version to the real user', async (test) => {
    const facts = await verify(connectionOf(servers, kind, test), forever);
    expect(facts.version).toMatch(/\d|dev/);
  });

  it('refuses another password or token, and says what to do', async (test) => {
    const connection = connectionOf(servers, kind, test);
    const wrong = { ...connection, parts: { ...connection.parts, password: 'not-this-one', token: 'not-this-one' } };
    await expect(verify(wrong, forever)).rejects.toMatchObject({
      code: 'wrong-password',
      problem: { todo: expect.any(String), command: expect.stringMatching(/^noodlebox /) },
    });
  });

  it('is not waited for once the caller has cancelled', async (test) => {
    const connection = closedPort(connectionOf(servers, kind, test));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    await expect(verify(connection, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });
});

it('each server that cannot be reached is named with its address, after the retries', async (test) => {
  const there = serviceKindNames.filter((kind) => servers.connections[kind]);
  if (there.length === 0) test.skip('no server could be had');
  const verified = there.map(async (kind) => (await kindOf(kind).access()).verify(closedPort(servers.connections[kind]!), forever));
  for (const result of await Promise.allSettled(verified)) {
    expect(result).toMatchObject({
      reason: {
        code: 'service-unreachable',
        problem: { what: expect.stringContaining(`127.0.0.1:${freePort}`), why: expect.stringContaining('ECONNREFUSED') },
      },
    });
  }
});

describe('PostgreSQL', () => {
  const open = async (test: TestContext): Promise<PostgresClient> => {
    const client = await openPostgres(connectionOf(servers, 'postgres', test));
    const [tables] = await client.query<{ there: boolean }>(`select to_regclass('users') is not null as there`);
    if (!tables?.there) await client.query(await readFile(new URL('../../seeds/postgres/0001_tables.sql', import.meta.url), 'utf8'));
    return client;
  };

  it('keeps hostile values as they are, in every table', async (test) => {
    const client = await open(test);
    const { users, projects, jobs, models, metrics } = postgresRepositories(client);
    try {
      for (const text of hostile) {
        const user = await users.insert({ username: text, email: `${text}@x`, password_hash: text });
        const project = await projects.insert({ name: text, owner_id: user.id, settings: { [text]: text } });
        const job = await jobs.insert({ project_id: project.id, user_id: user.id, source_code: text, memory_usage: 2 ** 40 });
        const model = await models.insert({ project_id: project.id, user_id: user.id, name: text, model_type: text, model_path: text });
        const metric = await metrics.insert({ job_id: job.id, metric_name: text, metric_value: 1.5, tags: [text] });

        expect(await users.get(user.id)).toMatchObject({ username: text, email: `${text}@x`, status: 'active' });
        expect(await projects.list({ limit: 10, where: { name: text } })).toEqual([project]);
        expect(project.settings).toEqual({ [text]: text });
        expect(await jobs.get(job.id)).toMatchObject({ source_code: text, memory_usage: String(2 ** 40), status: 'pending' });
        expect(await jobs.setStatus(job.id, text.slice(0, 20))).toMatchObject({ status: text.slice(0, 20) });
        expect(await models.list({ limit: 1, where: { model_type: text } })).toEqual([model]);
        expect(await metrics.get(metric.id)).toMatchObject({ metric_name: text, metric_value: 1.5 });
      }
    } finally {
      await client.query('truncate users, projects, compilation_jobs, models, performance_metrics');
      await client.close();
    }
  });

  it('has no columns but its own: a hostile column name never reaches a statement', async (test) => {
    const client = await open(test);
    const { users } = postgresRepositories(client);
    const column = `status" = 'x' or "status`;
    expect(await users.list({ limit: 1, where: { [column]: 'x' } as object })).toEqual([]);
    await expect(users.insert({ username: 'u', email: 'e', [column]: 'x' } as object)).rejects.toMatchObject({ code: '23502' });
    await client.close();
  });

  it('takes any quoted name as one name', async (test) => {
    const client = await open(test);
    for (const name of hostile) {
      await client.query(`create temporary table ${quoteIdentifier(name)} (a int)`);
    }
    await client.close();
  });

  it('rolls back all of a transaction that fails', async (test) => {
    const client = await open(test);
    const failing = client.transaction(async (query) => {
      await query('create table half_done (a int)');
      await query('select 1/0');
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await client.query(`select to_regclass('half_done') as there`)).toEqual([{ there: null }]);
    await client.close();
  });

  it('stops a statement on the server when it is cancelled', async (test) => {
    const client = await open(test);
    const abort = new AbortController();
    const sleeping = client.query('select pg_sleep(600)', [], abort.signal);
    const running = async () => {
      const rows = await client.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where query like $1 and state = 'active' and pid <> pg_backend_pid()`,
        ['%pg_sleep(600)%'],
      );
      return rows[0]?.n;
    };
    await expect.poll(running).toBe(1);
    abort.abort();
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(running).toBe(0);
    await client.close();
  });

  it('reads a large result a page at a time, and lets go of it half way', async (test) => {
    const client = await open(test);
    const sizes: number[] = [];
    for await (const rows of client.pages('select generate_series(1, $1::int)', [2_500])) sizes.push(rows.length);
    expect(sizes).toEqual([1_000, 1_000, 500]);
    for await (const rows of client.pages('select generate_series(1, $1::int)', [100_000_000])) {
      expect(rows).toHaveLength(1_000);
      break;
    }
    await client.close();
  });

  it('says so when TLS is required and the server has none, rather than do without', async (test) => {
    const connection = connectionOf(servers, 'postgres', test);
    await expect(openPostgres(connection, { tls: 'require' })).rejects.toMatchObject({ code: 'not-supported-by-server' });
  });
});

describe('Redis', () => {
  it('keeps hostile ids and values as they are, for an hour', async (test) => {
    const client = await openRedis(connectionOf(servers, 'redis', test));
    const { sessions, compilations, models, counters } = redisRepositories(client);
    for (const text of hostile) {
      const session = { user_id: text, username: text, created_at: text };
      await sessions.set(text, session);
      expect(await sessions.get(text)).toEqual(session);
      expect(await client.command('TTL', `session:${text}`)).toBeGreaterThan(3_590);
      const result = { job_id: text, project_id: text, status: text, optimization_level: 1, execution_time: null, memory_usage: null };
      await compilations.set(text, result);
      expect(await compilations.get(text)).toEqual(result);
      const model = { model_id: text, project_id: text, name: text, model_type: text, model_size: 1, status: text };
      await models.set(text, model);
      expect(await models.get(text)).toEqual(model);
      expect([await counters.increment(text), await counters.increment(text), await counters.get(text)]).toEqual([1, 2, 2]);

      const found: string[] = [];
      for await (const keys of client.scan(`session:${escapePattern(text)}`)) found.push(...keys);
      expect(new Set(found)).toEqual(new Set([`session:${text}`]));
      expect(await sessions.delete(text)).toBe(true);
      expect(await sessions.get(text)).toBeUndefined();
    }
    await client.close();
  });

  it('answers a pipeline in order, and throws the first error in it', async (test) => {
    const client = await openRedis(connectionOf(servers, 'redis', test));
    expect(await client.pipeline([['SET', 'p', 1], ['INCR', 'p'], ['DEL', 'p']])).toEqual(['OK', 2, 1]); // biome-ignore format: one line a pipeline
    await expect(client.pipeline([['INCR'], ['PING']])).rejects.toThrow(/wrong number of arguments/);
    await client.close();
  });
});

describe('MongoDB', () => {
  it('keeps hostile documents as they are, one an id', async (test) => {
    const client = await openMongodb(connectionOf(servers, 'mongodb', test));
    const { profiles, projects, models } = documentRepositories(client);
    for (const text of hostile) {
      await profiles.save({ user_id: text, display_name: text, preferences: { note: text } });
      await profiles.save({ user_id: text, display_name: `${text}!`, preferences: {} });
      await projects.save({ project_id: text, title: text, content: text, tags: [text] });
      await models.save({ model_id: text, name: text, model_type: text, parameters: { note: text } });
      const profile = await profiles.get(text);
      expect(profile).toMatchObject({ display_name: `${text}!`, created_at: expect.any(Date) });
      expect(profile!.updated_at.getTime()).toBeGreaterThanOrEqual(profile!.created_at.getTime());
      expect(await projects.get(text)).toMatchObject({ tags: [text] });
      expect(await models.get(text)).toMatchObject({ parameters: { note: text } });
    }
    expect(await profiles.list({ limit: 100 })).toHaveLength(hostile.length);
    await client.database.dropDatabase();
    await client.close();
  });

  it('takes an id that is an operator for a value, so that it finds nothing', async (test) => {
    const client = await openMongodb(connectionOf(servers, 'mongodb', test));
    const { profiles } = documentRepositories(client);
    await profiles.save({ user_id: 'someone', display_name: 'x', preferences: {} });
    const operator = JSON.parse('{"$ne":null}');
    expect(await profiles.get(operator).catch(() => undefined)).toBeUndefined();
    expect(await profiles.delete(operator).catch(() => false)).toBe(false);
    expect(await profiles.get('someone')).toBeDefined();
    await client.database.dropDatabase();
    await client.close();
  });

  it('tells what it can do, and leaves nothing behind by being asked', async (test) => {
    const client = await openMongodb(connectionOf(servers, 'mongodb', test));
    const capabilities = await askCapabilities(client.database);
    const { notes } = await (await kindOf('mongodb').access()).verify(connectionOf(servers, 'mongodb', test), forever);
    expect(notes.join(' ').includes('change streams')).toBe(!capabilities.changeStreams);
    expect(notes.join(' ').includes('validators')).toBe(!capabilities.validators);
    expect(await client.database.listCollections().toArray()).toEqual([]);
    await client.close();
  });
});

describe('InfluxDB', () => {
  it('keeps hostile tags as they are, and a filter finds its own only', async (test) => {
    const client = await openInflux(connectionOf(servers, 'influxdb', test));
    const metrics = metricsRepository(client);
    const time = new Date(Date.now() - 60_000);
    // Line protocol has no way to write these two ends, and the repository refuses them: see its spec.
    const ids = hostile.map((text) => text.replace(/[\r\n]/g, ' ').trim());
    for (const family of Object.keys(metricFamilies) as (keyof typeof metricFamilies)[]) {
      await metrics.write(family, ids.map((id) => ({ id, name: id, value: 1, time }))); // biome-ignore format: one act
      for (const id of ids) {
        await expect.poll(() => collect(metrics.range(family, { id }))).toEqual([{ id, name: id, value: 1, time }]);
        expect(await collect(metrics.range(family, { name: id }))).toHaveLength(1);
      }
    }
  });

  it('writes many points in batches, and a trickle after a while', async (test) => {
    const client = await openInflux(connectionOf(servers, 'influxdb', test));
    const metrics = metricsRepository(client);
    const start = Date.now() - 1_800_000;
    const many = Array.from({ length: 2_500 }, (_, index) => ({ id: 'many', name: 'n', value: index, time: new Date(start + index) }));
    await metrics.write('network', many);
    await expect.poll(async () => (await collect(metrics.range('network', { id: 'many' }))).length).toBe(2_500);

    const writer = client.writer((error) => expect.unreachable(String(error)));
    await writer.add(metricPoint('network', { id: 'one', name: 'n', value: 1, time: new Date(start) }));
    await expect.poll(() => collect(metrics.range('network', { id: 'one' })), { timeout: 30_000 }).toHaveLength(1);
  });

  it('reads more than a day only when asked to', async (test) => {
    const client = await openInflux(connectionOf(servers, 'influxdb', test));
    const metrics = metricsRepository(client);
    await expect(collect(metrics.range('ai', {}, { start: new Date(0) }))).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await collect(metrics.range('ai', { id: 'nobody' }, { start: new Date(0), wide: true }))).toEqual([]);
  });
});

describe('Pulsar', () => {
  const topic = () => stackTopic(`hostile ?#&=+%2F "'$ ${Date.now()}-${Math.random()}`);

  it('carries messages as they are, and a consumer gets each until it acknowledges it', async (test) => {
    const client = await openPulsar(connectionOf(servers, 'pulsar', test));
    const at = topic();
    await client.admin.createTopic(at);
    await client.admin.createSubscription(at, `s ?#'"`, 'earliest');
    const producer = await client.messages.producer(at);
    const sent = hostile.map((text) => ({ data: text, key: text, properties: { note: text } }));
    await sendAll(producer, sent);

    const consumer = await client.messages.consumer(at, { subscription: `s ?#'"` });
    const first = await receive(consumer, hostile.length);
    expect(first.map(({ data, key, properties }) => ({ data: String(data), key, properties }))).toEqual(sent);
    await consumer.refuse(first[0]!);
    for (const message of first.slice(1)) await consumer.acknowledge(message);
    const again = await consumer.receive(AbortSignal.timeout(30_000));
    expect([String(again.data), again.redeliveries]).toEqual([hostile[0], 1]);
    await consumer.acknowledge(again);

    await client.admin.deleteTopic(at);
    await client.admin.deleteTopic(at);
    await client.close();
  });

  it('reads from the earliest message, and on from any other', async (test) => {
    const client = await openPulsar(connectionOf(servers, 'pulsar', test));
    const at = topic();
    const producer = await client.messages.producer(at);
    const count = 3_000;
    expect(
      await sendAll(
        producer,
        Array.from({ length: count }, (_, index) => ({ data: String(index) })),
      ),
    ).toBe(count);
    const reader = await client.messages.reader(at, 'earliest');
    const read = await receive(reader, count);
    expect(read.map(({ data }) => Number(data))).toEqual(Array.from({ length: count }, (_, index) => index));
    const later = await client.messages.reader(at, { after: read[1_999]!.id });
    expect(String((await later.receive(AbortSignal.timeout(30_000))).data)).toBe('2000');
    const stats = await client.admin.stats(at);
    expect(stats.msgInCounter).toBe(count);
    await client.admin.deleteTopic(at);
    await client.close();
  });

  it('lets a reader that waits for what is to come be cancelled', async (test) => {
    const client = await openPulsar(connectionOf(servers, 'pulsar', test));
    const reader = await client.messages.reader(topic(), 'latest');
    await expect(reader.receive(AbortSignal.timeout(100))).rejects.toMatchObject({ name: 'TimeoutError' });
    await client.close();
  });

  it('publishes events of each stream to those who subscribed', async (test) => {
    const client = await openPulsar(connectionOf(servers, 'pulsar', test));
    for (const stream of ['compilation', 'ai', 'network'] as const) {
      const subscription = await subscribeEvents(client.messages, stream, { subscription: `test-${Date.now()}` });
      const publisher = await eventPublisher(client.messages, stream);
      const events = hostile.map((text) => ({ id: text, type: text, data: { text }, time: new Date(0) }));
      await publisher.publish(events);
      for (const event of events) {
        const got = await subscription.next(AbortSignal.timeout(30_000));
        expect(got.event).toEqual(event);
        await subscription.acknowledge(got.message);
      }
    }
    await client.close();
  });

  it('keeps the retention it was given, and shows an entry without taking it', async (test) => {
    const client = await openPulsar(connectionOf(servers, 'pulsar', test));
    const at = topic();
    await client.admin.createTopic(at);
    await client.admin.createSubscription(at, 'peeking', 'earliest');
    const retention = { retentionTimeInMinutes: 10_080, retentionSizeInMB: 10_240 };
    await client.admin.setTopicRetention(at, retention);
    await expect.poll(() => client.admin.topicRetention(at)).toEqual(retention);
    await (await client.messages.producer(at)).send({ data: 'look' });
    expect((await client.admin.peek(at, 'peeking', 1))?.data.toString()).toContain('look');
    expect((await client.admin.stats(at)).subscriptions.peeking?.msgBacklog).toBe(1);
    await client.admin.deleteTopic(at);
    await client.close();
  });

  it('refuses one message that is too large for its transport, and carries the next', async (test) => {
    const connection = connectionOf(servers, 'pulsar', test);
    const client = await openPulsar({ ...connection, parts: { ...connection.parts, transport: 'websocket' } });
    const at = topic();
    const producer = await client.messages.producer(at);
    await expect(producer.send({ data: Buffer.alloc(1024 * 1024) })).rejects.toMatchObject({ code: 'bad-argument' });
    expect(await producer.send({ data: 'small' })).toEqual(expect.any(String));
    await client.admin.deleteTopic(at);
    await client.close();
  });
});

/** The same connection with ports that were free a moment ago. */
function closedPort(connection: Connection): Connection {
  const closed = (url: string) => url.replace(/:\d+(?=$|\/)/, `:${freePort}`);
  const { adminUrl, wsUrl } = connection.parts;
  const urls: Record<string, string> = adminUrl && wsUrl ? { adminUrl: closed(adminUrl), wsUrl: closed(wsUrl) } : {};
  return { ...connection, port: freePort, url: closed(connection.url), parts: { ...connection.parts, ...urls } };
}

async function receive(from: Pick<Consumer, 'receive'>, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) messages.push(await from.receive(AbortSignal.timeout(30_000)));
  return messages;
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
