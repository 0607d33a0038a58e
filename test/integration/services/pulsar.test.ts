import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { limits } from '../../../main/limits.ts';
import type { Connection } from '../../../main/services/kind.ts';
import { openBroker } from '../../../main/services/pulsar/broker.ts';
import { openPulsar } from '../../../main/services/pulsar/client.ts';
import { eventPublisher, subscribeEvents } from '../../../main/services/pulsar/events.ts';
import { type Consumer, type Message, sendAll } from '../../../main/services/pulsar/messaging.ts';
import { type Entry, entriesOf } from '../../../main/services/pulsar/search/entries.ts';
import { stackTopic, type Topic } from '../../../main/services/pulsar/topic.ts';
import { readEntries } from '../../../main/services/pulsar/wire/read.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from './hostile.ts';
import { verifiesAsEveryKindDoes } from './verifying.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(['pulsar']);
});
afterAll(() => servers?.close());

describe('Pulsar', () => {
  verifiesAsEveryKindDoes('pulsar', () => servers);

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

  it('gives the same entries by its own protocol as by its REST API, also when there are more than it sends at once', async (test) => {
    const connection = connectionOf(servers, 'pulsar', test);
    const client = await openPulsar(connection);
    const at = topic();
    const producer = await client.messages.producer(at);
    const count = limits.topicsWirePermits * 2 + 17;
    await sendAll(
      producer,
      Array.from({ length: count }, (_, index) => ({
        data: `${index} ${hostile[index % hostile.length]}`,
        properties: { index: String(index) },
      })),
    );
    await sendAll(producer, [{ data: 'alone', key: 'a key', properties: { note: 'by itself' } }]);
    const signal = AbortSignal.timeout(60_000);
    const wire = await entries(connection, at, signal);
    const rest = await entries({ ...connection, url: String(connection.parts.adminUrl) }, at, signal);
    expect(wire.map(({ bytes, position, messages }) => ({ bytes, position, messages }))).toEqual(
      rest.map(({ bytes, position, messages }) => ({ bytes, position, messages })),
    );
    expect(wire.reduce((sum, { messages }) => sum + (messages ?? 1), 0)).toBe(count + 1);
    expect(wire.map(({ published }) => Date.parse(published))).toEqual(rest.map(({ published }) => Date.parse(published)));
    await expect.poll(async () => Object.keys((await client.admin.stats(at)).subscriptions)).toEqual([]);
    const wrong = { ...connection, parts: { ...connection.parts, token: 'x.y.z' } };
    await expect(readEntries(wrong, at, signal).next()).rejects.toMatchObject({ code: 'wrong-password' });
    await expect(readEntries(connection, topic(), signal).next()).rejects.toMatchObject({ code: 'not-found' });
    await expect(readEntries(connection, at, AbortSignal.abort(new Error('enough'))).next()).rejects.toThrow('enough');
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

async function receive(from: Pick<Consumer, 'receive'>, count: number): Promise<Message[]> {
  const messages: Message[] = [];
  while (messages.length < count) messages.push(await from.receive(AbortSignal.timeout(30_000)));
  return messages;
}

async function entries(connection: Connection, topic: Topic, signal: AbortSignal): Promise<Entry[]> {
  const all: Entry[] = [];
  for await (const entry of entriesOf(openBroker(connection), topic, signal)) all.push(entry);
  return all;
}
