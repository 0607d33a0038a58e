import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { redriveProperty } from '../../main/services/pulsar/dead-letters/naming.ts';
import { openSession, type PulsarSession } from '../../main/services/pulsar/session.ts';
import { stackTopic, topicUrl } from '../../main/services/pulsar/topic.ts';
import { openSocket } from '../../main/services/pulsar/websocket/socket.ts';
import type { OutgoingMessage } from '../../preload/contract/topics.ts';
import { connectionOf, type Servers, withServers } from '../lab/servers.ts';

/**
 * Jobs pile up: somebody looks why. One consumer holds messages and acknowledges none; before it hung it refused some for
 * good, and they lie among the dead letters. The consumer is mended, the dead letters go back, and everything is worked off.
 */
describe('a stuck consumer, and its dead letters', () => {
  let servers: Servers;
  let session: PulsarSession;
  const topic = topicUrl(stackTopic('jobs'));
  const subscription = 'worker';
  const dead = `${topic}-worker-DLQ`;
  const soon = () => AbortSignal.timeout(60_000);
  const message = (n: number): OutgoingMessage => ({
    payload: JSON.stringify({ job_id: `j${n}`, n }),
    encoding: 'text',
    key: `j${n}`,
    properties: { source: 'api' },
    eventTime: 1_700_000_000_000 + n,
  });

  beforeAll(async () => {
    servers = await withServers(['pulsar']);
    if (servers.connections.pulsar) session = await openSession(servers.connections.pulsar, { spool: async () => '' });
  });
  afterAll(async () => {
    await session?.close();
    await servers?.close();
  });

  /** A worker as an application's would be. @param judge whether it takes a job, refuses it, or hangs with it in hand */
  async function worker(test: TestContext, judge: (n: number) => 'done' | 'refused' | 'hangs') {
    const done: number[] = [];
    const query = { subscriptionType: 'Shared', negativeAckRedeliveryDelay: '100', maxRedeliverCount: '1', receiverQueueSize: '10' };
    const opening = openSocket(
      connectionOf(servers, 'pulsar', test),
      ['consumer', 'persistent', 'public', 'default', 'jobs', subscription],
      query,
      {
        onFrame(frame) {
          const { messageId, payload } = frame as { messageId?: string; payload: string };
          if (messageId === undefined) return;
          const { n } = JSON.parse(Buffer.from(payload, 'base64').toString()) as { n: number };
          const verdict = judge(n);
          void opening.then((socket) => {
            if (verdict === 'done') socket.send(JSON.stringify({ messageId }));
            if (verdict === 'refused') socket.send(JSON.stringify({ type: 'negativeAcknowledge', messageId }));
          });
          if (verdict === 'done') done.push(n);
        },
        onEnd: () => undefined,
      },
      soon(),
    );
    const socket = await opening;
    return { done, close: () => socket.close() };
  }

  const health = async () => {
    const { subscriptions } = await session.detail(topic, soon());
    return subscriptions.find(({ name }) => name === subscription)!;
  };

  it('is found by what the subscription shows', async (test) => {
    connectionOf(servers, 'pulsar', test);
    await session.perform({ kind: 'create-topic', topic, partitions: 0 }, soon());
    await session.perform({ kind: 'create-subscription', topic, subscription, from: 'earliest' }, soon());
    for (let n = 0; n < 10; n++) await session.publish(topic, message(n), soon());
    expect(await health()).toMatchObject({ health: 'unattended', backlog: 10 });

    const hung = await worker(test, (n) => (n < 4 ? 'refused' : 'hangs'));
    // It is stuck for a while with those in hand, too, that it is about to give up.
    await expect.poll(health, { timeout: 60_000, interval: 500 }).toMatchObject({
      health: 'stuck',
      reason: expect.stringMatching(/6 messages wait\. Its consumer.*holds 6 of them/s),
      deadLetters: dead,
    });
    await hung.close();
  });

  it('left dead letters that say where they came from', async (test) => {
    connectionOf(servers, 'pulsar', test);
    await expect
      .poll(() => session.deadLetterTopics(soon()))
      .toContainEqual(
        expect.objectContaining({ topic: dead, kind: 'dead-letter', origin: topic, subscription, waiting: 4, interrupted: false }),
      );
    const { messages, waiting } = await session.deadLetters(dead, soon());
    expect(waiting).toBe(4);
    expect(messages.map(({ key }) => key).sort()).toEqual(['j0', 'j1', 'j2', 'j3']);
    for (const each of messages)
      expect(each).toMatchObject({ origin: topic, subscription, redriven: false, originId: expect.stringMatching(/^\d+:\d+/) });
  });

  it('is worked off once the worker is mended, the dead letters redriven in part, then whole', async (test) => {
    const mended = await worker(test, () => 'done');
    await expect.poll(() => mended.done.length, { timeout: 60_000 }).toBe(6);
    const { messages } = await session.deadLetters(dead, soon());
    const told: number[] = [];
    const part = await session.redrive(dead, { ids: [messages[0]!.id], to: null, onProgress: (done) => told.push(done) }, soon());
    expect([part, told]).toEqual([{ published: 1, already: 0, failed: [] }, [1]]);
    await expect.poll(() => mended.done.length, { timeout: 60_000 }).toBe(7);
    const after = await session.deadLetters(dead, soon());
    expect(after.messages.map(({ redriven }) => redriven)).toEqual([true, false, false, false]);

    expect(await session.redrive(dead, { ids: null, to: null, onProgress: () => undefined }, soon())).toMatchObject({
      published: 3,
      failed: [],
    });
    await expect.poll(() => mended.done.toSorted((a, b) => a - b), { timeout: 60_000 }).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    await expect.poll(async () => (await health()).backlog).toBe(0);
    expect(await session.deadLetters(dead, soon())).toMatchObject({ waiting: 0 });
    // A second time there is nothing to do.
    expect(await session.redrive(dead, { ids: null, to: null, onProgress: () => undefined }, soon())).toEqual({
      published: 0,
      already: 0,
      failed: [],
    });
    await mended.close();
  });

  it('keeps what a redriven message carried, and says what it was', async (test) => {
    connectionOf(servers, 'pulsar', test);
    const tail = await session.tail(topic, { kind: 'last', count: 4 }, '', soon());
    await expect.poll(() => tail.page(0, 9).length).toBe(4);
    for (const row of tail.page(0, 9)) {
      const whole = await session.message(topic, row.id, 10_000, soon());
      const { n } = JSON.parse(whole.text) as { n: number };
      expect(whole).toMatchObject({ key: `j${n}`, eventTime: 1_700_000_000_000 + n });
      expect(Object.keys(whole.properties).sort()).toEqual([redriveProperty, 'source']);
      expect(whole.properties[redriveProperty]).toMatch(new RegExp(`^${dead}@\\d+:\\d+$`));
    }
    await tail.close();
  });

  it('does not send again what an interrupted redrive had sent', async (test) => {
    const connection = connectionOf(servers, 'pulsar', test);
    const refusing = await worker(test, () => 'refused');
    for (let n = 20; n < 23; n++) await session.publish(topic, message(n), soon());
    await expect.poll(async () => (await session.deadLetters(dead, soon())).waiting, { timeout: 60_000 }).toBe(3);
    await refusing.close();
    const { messages } = await session.deadLetters(dead, soon());
    const first = messages.find(({ key }) => key === 'j20')!;
    // As if it had died after the broker took the message and before it was acknowledged.
    await session.publish(topic, { ...message(20), properties: { [redriveProperty]: `${dead}@${first.id}` } }, soon());
    const url = `${connection.parts.adminUrl}/admin/v2/persistent/public/default/jobs-worker-DLQ/subscription/noodlebox-redrive/properties`;
    const answer = await fetch(url, {
      method: 'PUT',
      headers: { authorization: `Bearer ${connection.parts.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ 'redrive-since': String(Date.now() - 60_000), kept: 'yes' }),
    });
    expect(answer.ok).toBe(true);
    expect((await session.deadLetterTopics(soon())).find((each) => each.topic === dead)).toMatchObject({ interrupted: true, waiting: 3 });

    expect(await session.redrive(dead, { ids: null, to: null, onProgress: () => undefined }, soon())).toEqual({
      published: 2,
      already: 1,
      failed: [],
    });
    const mended = await worker(test, () => 'done');
    await expect.poll(() => mended.done.toSorted((a, b) => a - b), { timeout: 60_000 }).toEqual([20, 21, 22]);
    await mended.close();
    expect((await session.deadLetterTopics(soon())).find((each) => each.topic === dead)).toMatchObject({ interrupted: false, waiting: 0 });
    expect((await (await fetch(url, { headers: { authorization: `Bearer ${connection.parts.token}` } })).json()) as object).toEqual({
      kept: 'yes',
    });
  });

  it('tells which dead letters it could not send back, and leaves them', async (test) => {
    connectionOf(servers, 'pulsar', test);
    const orphan = topicUrl(stackTopic('lost-and-found'));
    await session.perform({ kind: 'create-topic', topic: orphan, partitions: 0 }, soon());
    await session.publish(
      orphan,
      { ...message(30), properties: { REAL_TOPIC: topicUrl(stackTopic('gone')), ORIGIN_MESSAGE_ID: '1:1:-1' } },
      soon(),
    );
    await session.publish(orphan, message(31), soon());
    expect(await session.deadLetterTopics(soon())).toContainEqual(
      expect.objectContaining({ topic: orphan, origin: topicUrl(stackTopic('gone')) }),
    );
    const result = await session.redrive(orphan, { ids: null, to: topic, onProgress: () => undefined }, soon());
    expect(result).toMatchObject({ published: 1, failed: [{ why: expect.stringContaining('There is no topic') }] });
    expect((await session.deadLetters(orphan, soon())).messages.map(({ redriven }) => redriven)).toEqual([true, false]);
  });
});
