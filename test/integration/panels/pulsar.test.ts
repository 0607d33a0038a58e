import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import avro from 'avsc';
import type { Type } from 'protobufjs';
import descriptor from 'protobufjs/ext/descriptor.js';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { limits } from '../../../main/limits.ts';
import { openPulsar, type PulsarClient } from '../../../main/services/pulsar/client.ts';
import { openSession, type PulsarSession } from '../../../main/services/pulsar/session.ts';
import { exportTail } from '../../../main/services/pulsar/tail/export.ts';
import type { Tail } from '../../../main/services/pulsar/tail/tail.ts';
import { parseTopic, segments, stackTopic, topicUrl } from '../../../main/services/pulsar/topic.ts';
import type { MessageRow, OutgoingMessage, TailFrom } from '../../../preload/contract/topics.ts';
import { connectionOf, freePorts, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from '../services/hostile.ts';

const { FileDescriptorSet } = descriptor as unknown as { FileDescriptorSet: Type };

let servers: Servers;
let session: PulsarSession;
let client: PulsarClient;
beforeAll(async () => {
  servers = await withServers(['pulsar']);
  const connection = servers.connections.pulsar;
  if (!connection) return;
  session = await openSession(connection, { spool: async () => '' });
  client = await openPulsar(connection);
});
afterAll(async () => {
  await session?.close();
  await client?.close();
  await servers?.close();
});

const soon = () => AbortSignal.timeout(60_000);
const text = (payload: string, more: Partial<OutgoingMessage> = {}): OutgoingMessage => ({
  payload,
  encoding: 'text',
  key: null,
  properties: {},
  eventTime: null,
  ...more,
});

let made = 0;
/** A new topic, its name full of what breaks names; gone after the test. */
async function topic(test: TestContext, partitions = 0): Promise<string> {
  connectionOf(servers, 'pulsar', test);
  const name = topicUrl(stackTopic(`t ?#&=+%2F "'$ 😀 ${++made}`));
  await session.perform({ kind: 'create-topic', topic: name, partitions }, soon());
  test.onTestFinished(() => session.perform({ kind: 'delete-topic', topic: name }, soon()));
  return name;
}

/** What a tail shows once it shows so many. */
async function rows(tail: Tail, count: number): Promise<MessageRow[]> {
  await expect.poll(() => tail.page(0, 500).length, { timeout: 60_000 }).toBeGreaterThanOrEqual(count);
  return tail.page(0, 500);
}

async function tailed(test: TestContext, name: string, from: TailFrom, filter = ''): Promise<Tail> {
  const tail = await session.tail(name, from, filter, soon());
  test.onTestFinished(() => tail.close());
  return tail;
}

describe('the topics panel', () => {
  it('lists tenants, namespaces and topics, partitioned ones once, dead-letter topics by what they are', async (test) => {
    const plain = await topic(test);
    const partitioned = await topic(test, 3);
    const dead = `${plain}-worker-DLQ`;
    await session.perform({ kind: 'create-topic', topic: dead, partitions: 0 }, soon());
    const tenants = await session.namespaces(soon());
    expect(tenants.find(({ tenant }) => tenant === 'public')?.namespaces).toContain('public/default');
    const entries = await session.list('public/default', soon());
    expect(entries).toContainEqual({ topic: plain, partitions: 0, deadLetter: null });
    expect(entries).toContainEqual({ topic: partitioned, partitions: 3, deadLetter: null });
    expect(entries).toContainEqual({
      topic: dead,
      partitions: 0,
      deadLetter: { kind: 'dead-letter', origin: plain, subscription: 'worker' },
    });
    expect(entries.filter(({ topic }) => topic.startsWith(partitioned))).toHaveLength(1);
    await session.perform({ kind: 'delete-topic', topic: dead }, soon());
    expect(await session.figures([plain, dead], soon())).toEqual([expect.objectContaining({ published: 0 }), null]);
    await expect(session.list('public', soon())).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('publishes messages as they are and tails them from wherever it is asked', async (test) => {
    const name = await topic(test);
    const ids: string[] = [];
    for (const [n, odd] of hostile.entries()) {
      ids.push(await session.publish(name, text(odd, { key: odd, properties: { note: odd, n: String(n) }, eventTime: 1_000 + n }), soon()));
    }
    const earliest = await rows(await tailed(test, name, { kind: 'earliest' }), hostile.length);
    expect(earliest.map(({ id }) => id)).toEqual(ids);
    expect(earliest.map(({ key }) => key)).toEqual(hostile);
    expect(earliest[0]).toMatchObject({ at: 0, eventTime: 1_000, form: 'text', size: Buffer.byteLength(hostile[0]!) });

    const fromId = await tailed(test, name, { kind: 'id', id: ids[4]! });
    expect((await rows(fromId, 1))[0]!.id).toBe(ids[4]);
    const last = await tailed(test, name, { kind: 'last', count: 2 });
    expect((await rows(last, 2)).map(({ id }) => id)).toEqual(ids.slice(-2));
    await sleep(20);
    const before = Date.now();
    await sleep(20);
    const latest = await tailed(test, name, { kind: 'latest' });
    const after = await session.publish(name, text('after'), soon());
    expect((await rows(latest, 1)).map(({ id }) => id)).toEqual([after]);
    const byTime = await tailed(test, name, { kind: 'time', time: before });
    expect((await rows(byTime, 1)).map(({ id }) => id)).toEqual([after]);

    const whole = await session.message(name, ids[3]!, limits.topicsPayloadBytes, soon());
    expect(whole).toMatchObject({ text: hostile[3], key: hostile[3], properties: { note: hostile[3], n: '3' }, cut: false });
    await expect(session.message(name, '999999:1', 1, soon())).rejects.toMatchObject({ code: 'not-found' });
  });

  it('leaves subscriptions as they are while it tails and peeks, and no trace of itself', async (test) => {
    const name = await topic(test);
    await session.perform({ kind: 'create-subscription', topic: name, subscription: `s '"#?%`, from: 'earliest' }, soon());
    for (let n = 0; n < 5; n++) await session.publish(name, text(`m${n}`), soon());
    const before = (await session.detail(name, soon())).subscriptions;
    const tail = await session.tail(name, { kind: 'earliest' }, '', soon());
    await rows(tail, 5);
    expect((await session.peek(name, `s '"#?%`, 3, soon())).map(({ text }) => text)).toEqual(['m0', 'm1', 'm2']);
    expect((await session.detail(name, soon())).readers).toBe(1);
    await tail.close();
    const after = await session.detail(name, soon());
    expect(after.subscriptions.map(({ name, backlog, unacknowledged }) => ({ name, backlog, unacknowledged }))).toEqual(
      before.map(({ name, backlog, unacknowledged }) => ({ name, backlog, unacknowledged })),
    );
    await expect.poll(async () => (await session.detail(name, soon())).readers).toBe(0);
  });

  it('merges partitions, and begins in each where a message id or a time says', async (test) => {
    const name = await topic(test, 3);
    const ids: string[] = [];
    for (let n = 0; n < 12; n++) ids.push(await session.publish(name, text(`m${n}`, { key: `k${n}` }), soon()));
    const all = await rows(await tailed(test, name, { kind: 'earliest' }), 12);
    expect(new Set(all.map(({ id }) => id))).toEqual(new Set(ids));
    expect(new Set(all.map(({ partition }) => partition)).size).toBeGreaterThan(1);
    const fromId = await tailed(test, name, { kind: 'id', id: ids[6]! });
    // Others of the same millisecond may come with them, from the other partitions.
    await expect
      .poll(() => fromId.page(0, 500).map(({ text }) => text))
      .toEqual(expect.arrayContaining(['m6', 'm7', 'm8', 'm9', 'm10', 'm11']));
    await expect(session.tail(name, { kind: 'id', id: '8:1' }, '', soon())).rejects.toMatchObject({ code: 'bad-argument' });
    expect((await session.message(name, ids[7]!, 100, soon())).text).toBe('m7');
  });

  it('makes no topic by looking at one that is not there', async (test) => {
    connectionOf(servers, 'pulsar', test);
    const name = topicUrl(stackTopic('nowhere'));
    await expect(session.tail(name, { kind: 'latest' }, '', soon())).rejects.toMatchObject({ code: 'not-found' });
    await expect(session.publish(name, text('x'), soon())).rejects.toMatchObject({ code: 'not-found' });
    await expect(session.detail(name, soon())).rejects.toMatchObject({ code: 'not-found' });
    await expect(session.deadLetters(name, soon())).rejects.toMatchObject({ code: 'not-found' });
    expect((await session.list('public/default', soon())).map(({ topic }) => topic)).not.toContain(name);
  });

  it('lets nothing out of a name into a path', async (test) => {
    connectionOf(servers, 'pulsar', test);
    for (const name of ['..', '.', 'a\nb', 'persistent://public/default/../x', '']) {
      await expect(session.tail(name, { kind: 'latest' }, '', soon())).rejects.toMatchObject({ code: 'bad-argument' });
    }
    const name = await topic(test);
    for (const subscription of hostile.filter((each) => !/[\\/\r\n]/.test(each))) {
      await session.perform({ kind: 'create-subscription', topic: name, subscription, from: 'latest' }, soon());
      expect((await session.detail(name, soon())).subscriptions.map((each) => each.name)).toEqual([subscription]);
      expect(await session.peek(name, subscription, 1, soon())).toEqual([]);
      await session.perform({ kind: 'delete-subscription', topic: name, subscription }, soon());
    }
    await expect(
      session.perform({ kind: 'delete-subscription', topic: name, subscription: '../../../default' }, soon()),
    ).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('filters by key, property, JSON path and text', async (test) => {
    const name = await topic(test);
    for (let n = 0; n < 6; n++) {
      await session.publish(
        name,
        text(JSON.stringify({ n, status: n % 2 ? 'failed' : 'done' }), { key: `k${n}`, properties: { n: String(n) } }),
        soon(),
      );
    }
    const tail = await tailed(test, name, { kind: 'earliest' }, "$.status = 'failed' -key:k1");
    expect((await rows(tail, 2)).map(({ key }) => key)).toEqual(['k3', 'k5']);
    expect(tail.filter('prop.n:4')).toEqual({ matched: 1 });
    expect(tail.page(0, 9).map(({ key }) => key)).toEqual(['k4']);
    expect(tail.filter('"status":"done"').matched).toBe(3);
    await expect(session.tail(name, { kind: 'latest' }, '$.a =', soon())).rejects.toMatchObject({
      code: 'bad-argument',
      problem: { at: { offset: 4 } },
    });
  });

  it('decodes Avro of every version, and holds what is published to the newest', async (test) => {
    const name = await topic(test);
    const first = {
      type: 'record',
      name: 'Job',
      fields: [
        { name: 'id', type: 'string' },
        { name: 'big', type: ['null', 'long'], default: null },
      ],
    };
    const second = { ...first, fields: [...first.fields, { name: 'tag', type: 'string', default: '-' }] };
    await schema(name, 'AVRO', JSON.stringify(first));
    const old = avro.Type.forSchema(first as avro.Schema);
    await session.publish(name, text(old.toBuffer({ id: 'old', big: 1 }).toString('base64'), { encoding: 'base64' }), soon());
    await schema(name, 'AVRO', JSON.stringify(second));
    await sleep(limits.streamBatchInterval);
    const fresh = await anew();
    const exact = text('{"id":"new","big":9007199254740993,"tag":"x"}');
    await fresh.publish(name, exact, soon());
    const tail = await fresh.tail(name, { kind: 'earliest' }, '$.id = "new"', soon());
    expect((await rows(tail, 1)).map(({ text, form }) => ({ text, form }))).toEqual([{ text: exact.payload, form: 'json' }]);
    tail.filter('');
    expect(tail.page(0, 9)[0]).toMatchObject({ text: '{"id":"old","big":1}', form: 'json' });
    await tail.close();
    expect((await fresh.schemas(name, soon())).map(({ version, type, lack }) => ({ version, type, lack }))).toEqual([
      { version: 1, type: 'AVRO', lack: null },
      { version: 0, type: 'AVRO', lack: null },
    ]);
    expect(await fresh.check(name, text('{"id":1}'), soon())).toMatchObject({
      schema: 'Avro, version 1',
      problem: { why: expect.stringContaining('id is 1') },
    });
    expect(await fresh.check(name, text('{"id":'), soon())).toMatchObject({ problem: { at: { offset: expect.any(Number) } } });
    await expect(fresh.publish(name, text('{"id":1}'), soon())).rejects.toMatchObject({ code: 'bad-argument' });
    await fresh.close();
  });

  it('decodes Protobuf by the descriptors in the registry', async (test) => {
    const name = await topic(test);
    const described = {
      fileDescriptorSet: jobDescriptors().toString('base64'),
      rootMessageTypeName: 'noodle.Job',
      rootFileDescriptorName: 'job.proto',
    };
    await schema(name, 'PROTOBUF_NATIVE', JSON.stringify(described));
    const fresh = await anew();
    await fresh.publish(name, text('{"id":"a","big":9007199254740993,"steps":[{"name":"x"}],"kind":"FAST"}'), soon());
    const tail = await fresh.tail(name, { kind: 'earliest' }, '$.steps[0].name = "x"', soon());
    expect((await rows(tail, 1))[0]).toMatchObject({
      form: 'json',
      text: '{"id":"a","big":9007199254740993,"steps":[{"name":"x"}],"kind":"FAST"}',
    });
    await tail.close();
    expect(await fresh.check(name, text('{"id":"a","typo":1}'), soon())).toMatchObject({
      problem: { why: expect.stringContaining('no field typo') },
    });
    expect((await fresh.schemas(name, soon()))[0]!.text).toContain('message Job {');
    await fresh.close();
  });

  it('shows binary as bytes, withholds what is large until it is asked for, and cuts characters at no half', async (test) => {
    const name = await topic(test);
    const binary = Buffer.from([0, 255, 1, 254]);
    await session.publish(name, text(binary.toString('base64'), { encoding: 'base64' }), soon());
    const large = 'ü'.repeat(limits.topicsPayloadBytes);
    const id = await session.publish(name, text(large), soon());
    await session.publish(name, text(''), soon());
    const found = await rows(await tailed(test, name, { kind: 'earliest' }), 3);
    expect(found.map(({ form, text }) => ({ form, text }))).toEqual([
      { form: 'binary', text: '' },
      { form: 'withheld', text: '' },
      { form: 'empty', text: '' },
    ]);
    const cut = await session.message(name, id, 11, soon());
    expect(cut).toMatchObject({ cut: true, form: 'text', text: 'ü'.repeat(5), size: large.length * 2 });
    expect((await session.message(name, id, limits.topicsWholeBytes, soon())).text).toBe(large);
    expect(Buffer.from((await session.message(name, found[0]!.id, 100, soon())).base64, 'base64')).toEqual(binary);
    expect((await session.payload(name, id, soon())).toString()).toBe(large);
    await expect(session.publish(name, text('x'.repeat(900_000)), soon())).rejects.toMatchObject({ code: 'too-large' });
  });

  it('publishes many, each with its number, and stops when it is told', async (test) => {
    const name = await topic(test);
    const told: number[] = [];
    const count = await session.publishMany(
      name,
      text('{"n":{{n}}}', { key: 'k{{n}}' }),
      { times: 2_500, perSecond: 0, onProgress: (sent) => told.push(sent) },
      soon(),
    );
    expect([count, told.at(-1)]).toEqual([2_500, 2_500]);
    const tail = await tailed(test, name, { kind: 'last', count: 10_000 });
    await rows(tail, 500);
    await expect.poll(() => tail.page(2_499, 1).map(({ key, text }) => [key, text])).toEqual([['k2500', '{"n":2500}']]);
    const stop = new AbortController();
    const stopped = session.publishMany(
      name,
      text('x'),
      { times: 1_000_000, perSecond: 50, onProgress: (sent) => sent > 5 && stop.abort() },
      stop.signal,
    );
    await expect(stopped).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('seeks, skips, expires and deletes, having said what is lost and by which calls', async (test) => {
    const name = await topic(test);
    const subscription = 'worker';
    const backlog = async () => (await session.detail(name, soon())).subscriptions[0]?.backlog;
    const act = async (change: object) => {
      const full = { topic: name, subscription, ...change } as Parameters<PulsarSession['perform']>[0];
      const preview = await session.preview(full, soon());
      await session.perform(full, soon());
      return preview;
    };
    await act({ kind: 'create-subscription', from: 'earliest' });
    const ids: string[] = [];
    for (let n = 0; n < 10; n++) ids.push(await session.publish(name, text(`m${n}`), soon()));
    expect(await act({ kind: 'skip', count: 3 })).toMatchObject({
      button: 'Skip 3 messages',
      losses: [expect.stringContaining('3 messages of the 10 messages')],
    });
    await expect.poll(backlog).toBe(7);
    const sought = await act({ kind: 'seek', to: { id: ids[8] } });
    expect(sought.statements).toContain('/resetcursor\n{"ledgerId"');
    await expect.poll(backlog).toBe(2);
    expect((await session.peek(name, subscription, 5, soon())).map(({ text }) => text)).toEqual(['m8', 'm9']);
    await act({ kind: 'seek', to: 'earliest' });
    await expect.poll(backlog).toBe(10);
    await act({ kind: 'seek', to: 'latest' });
    await expect.poll(backlog).toBe(0);
    await act({ kind: 'seek', to: { time: 0 } });
    await expect.poll(backlog).toBe(10);
    await act({ kind: 'skip', count: null });
    await expect.poll(backlog).toBe(0);
    await act({ kind: 'seek', to: 'earliest' });
    await sleep(2_000);
    await act({ kind: 'expire', seconds: 1 });
    await expect.poll(backlog).toBe(0);
    await act({ kind: 'set-retention', retention: { minutes: 60, megabytes: 10 } });
    await expect.poll(async () => (await session.detail(name, soon())).retention).toEqual({ minutes: 60, megabytes: 10 });
    expect((await session.detail(name, soon())).retentionFrom).toBe('topic');
    expect((await act({ kind: 'delete-subscription' })).losses[0]).toContain('0 messages that wait');
    expect(await backlog()).toBeUndefined();
    await expect(session.preview({ kind: 'skip', topic: name, subscription: 'gone', count: 1 }, soon())).rejects.toMatchObject({
      code: 'not-found',
    });
    const partitioned = await topic(test, 2);
    await session.perform({ kind: 'create-subscription', topic: partitioned, subscription, from: 'latest' }, soon());
    await expect(session.perform({ kind: 'skip', topic: partitioned, subscription, count: 1 }, soon())).rejects.toMatchObject({
      code: 'bad-argument',
    });
  });

  it('begins behind the whole of a batch, or within it', async (test) => {
    const name = await topic(test);
    await session.publishMany(name, text('b{{n}}'), { times: 20, perSecond: 0, onProgress: () => undefined }, soon());
    const all = await rows(await tailed(test, name, { kind: 'earliest' }), 20);
    expect(all.some(({ id }) => id.split(':').length === 4)).toBe(true);
    const latest = await tailed(test, name, { kind: 'latest' });
    const single = await session.publish(name, text('single'), soon());
    expect((await rows(latest, 1)).map(({ text }) => text)).toEqual(['single']);
    expect((await session.message(name, single, 100, soon())).text).toBe('single');
    expect((await rows(await tailed(test, name, { kind: 'id', id: all[7]!.id }), 14)).map(({ text }) => text)[0]).toBe('b8');
    expect((await session.message(name, all[7]!.id, 100, soon())).text).toBe('b8');
    await session.perform({ kind: 'create-subscription', topic: name, subscription: 's', from: 'latest' }, soon());
    await session.publish(name, text('waits'), soon());
    expect((await session.peek(name, 's', 9, soon())).map(({ text }) => text)).toEqual(['waits']);
  });

  it('reads all there is for scripts, and on from there', async (test) => {
    const name = await topic(test, 2);
    for (let n = 0; n < 6; n++) await session.publish(name, text(`m${n}`, { key: `k${n}` }), soon());
    const lines: { text: string }[] = [];
    for await (const message of session.read(name, { from: { kind: 'earliest' }, filter: '-m3', follow: false }, soon())) {
      lines.push(JSON.parse(message.line()) as { text: string });
    }
    expect(lines.map((each) => each.text)).toEqual(['m0', 'm1', 'm2', 'm4', 'm5']);
    const end = new AbortController();
    const followed = session.read(name, { from: { kind: 'latest' }, filter: '', follow: true }, end.signal);
    const next = followed.next();
    await expect.poll(async () => (await session.detail(name, soon())).readers).toBe(2);
    await session.publish(name, text('later', { key: 'k1' }), soon());
    expect((await next).value?.row()).toMatchObject({ text: 'later' });
    end.abort();
    await followed.return(undefined);
  });

  it('saves what a tail shows as a line of JSON for each message', async (test) => {
    const name = await topic(test);
    await session.publish(name, text('{"n": 9007199254740993,\n "s": "a\\nb"}', { key: 'k' }), soon());
    await session.publish(name, text('plain'), soon());
    await session.publish(name, text('AP8B', { encoding: 'base64' }), soon());
    await session.publish(name, text('left out'), soon());
    const tail = await tailed(test, name, { kind: 'earliest' }, '-"left out"');
    await rows(tail, 3);
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-export-'));
    test.onTestFinished(() => rm(folder, { recursive: true }));
    const progress: number[] = [];
    await exportTail(tail, join(folder, 'out.jsonl'), { signal: soon(), progress: (done) => progress.push(done) });
    const lines = (await readFile(join(folder, 'out.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines[0]).toContain('"value":{"n": 9007199254740993,  "s": "a\\nb"}}');
    expect(lines.slice(1).map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ text: 'plain' }),
      expect.objectContaining({ base64: 'AP8B' }),
    ]);
    expect(progress).toEqual([3]);
  });

  it('samples backlogs', async (test) => {
    const name = await topic(test);
    await session.perform({ kind: 'create-subscription', topic: name, subscription: 's', from: 'earliest' }, soon());
    await session.publish(name, text('x'), soon());
    const end = new AbortController();
    for await (const [sample] of session.lag(name, end.signal)) {
      expect(sample).toMatchObject({ backlog: { s: 1 } });
      break;
    }
    end.abort();
  });

  it('finds an id wherever it stands, and topics by their names', async (test) => {
    const name = await topic(test);
    const id = `0193-${Date.now()}`;
    await session.publish(name, text(JSON.stringify({ data: { project_id: id }, timestamp: '2026-01-01T00:00:00Z' })), soon());
    await session.publish(name, text('no json', { key: id }), soon());
    await session.publish(name, text('x', { properties: { job: id } }), soon());
    await session.publish(name, text('other'), soon());
    const { findings, cut } = await session.trace(id, soon());
    expect(cut).toBe(false);
    expect(findings.map(({ relation }) => relation)).toEqual(['as data.project_id', 'as its key', 'as the property job']);
    expect(findings[0]).toMatchObject({
      what: 'event',
      time: Date.parse('2026-01-01T00:00:00Z'),
      search: { topic: name, message: findings[0]!.name },
    });
    expect((await session.names('😀', soon())).map(({ search }) => search)).toContainEqual({ topic: name });
  });

  it('says so within moments when the server does not answer, and a bad token for what it is', async (test) => {
    const connection = connectionOf(servers, 'pulsar', test);
    const [port] = await freePorts(1);
    const nowhere = {
      ...connection,
      parts: { ...connection.parts, adminUrl: `http://127.0.0.1:${port}`, wsUrl: `ws://127.0.0.1:${port}/ws/v2` },
    };
    const away = await openSession(nowhere, { spool: async () => '' });
    await expect(away.namespaces(soon())).rejects.toMatchObject({ code: 'service-unreachable' });
    const barred = await openSession({ ...connection, parts: { ...connection.parts, token: 'x.y.z' } }, { spool: async () => '' });
    await expect(barred.namespaces(soon())).rejects.toMatchObject({ code: 'wrong-password' });
  });
});

/** A session that has not asked the registry yet. */
function anew(): Promise<PulsarSession> {
  return openSession(servers.connections.pulsar!, { spool: async () => '' });
}

async function schema(topic: string, type: string, definition: string): Promise<void> {
  const { tenant, namespace, name } = parseTopic(topic);
  await client.admin.call('POST', ['schemas', tenant, namespace, segments([name]), 'schema'], {
    body: { type, schema: definition, properties: {} },
  });
}

/** What protoc makes of a file with `message Job { string id = 1; int64 big = 2; repeated Step steps = 3; Kind kind = 4; }`. */
function jobDescriptors(): Buffer {
  const field = (name: string, number: number, type: string, more = {}) => ({ name, number, label: 'LABEL_OPTIONAL', type, ...more });
  const file = {
    name: 'job.proto',
    package: 'noodle',
    syntax: 'proto3',
    messageType: [
      {
        name: 'Job',
        field: [
          field('id', 1, 'TYPE_STRING'),
          field('big', 2, 'TYPE_INT64'),
          field('steps', 3, 'TYPE_MESSAGE', { label: 'LABEL_REPEATED', typeName: '.noodle.Step' }),
          field('kind', 4, 'TYPE_ENUM', { typeName: '.noodle.Kind' }),
        ],
      },
      { name: 'Step', field: [field('name', 1, 'TYPE_STRING')] },
    ],
    enumType: [
      {
        name: 'Kind',
        value: [
          { name: 'NONE', number: 0 },
          { name: 'FAST', number: 1 },
        ],
      },
    ],
  };
  return Buffer.from(FileDescriptorSet.encode(FileDescriptorSet.fromObject({ file: [file] })).finish());
}
