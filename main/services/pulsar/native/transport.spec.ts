import { describe, expect, it } from 'vitest';
import type { Connection } from '../../kind.ts';
import { stackTopic } from '../topic.ts';
import type { LibraryMessage, LibraryMessageId, PulsarLibrary } from './library.ts';
import { nativeTransport } from './transport.ts';

// pulsar-client cannot be installed everywhere these specs run; this stands for as much of it as is called.

const connection: Connection = {
  kind: 'pulsar',
  host: '127.0.0.1',
  port: 6650,
  url: 'pulsar://127.0.0.1:6650',
  maskedUrl: '',
  environment: {},
  parts: { token: 'a-token' },
};

const idOf = (text: string): LibraryMessageId => ({ serialize: () => Buffer.from(text) });

function library(arriving: readonly LibraryMessage[] = []) {
  const queue = [...arriving];
  const asked: Record<string, unknown> = {};
  const acknowledged: string[] = [];
  const refused: string[] = [];
  const receive = async () => {
    const message = queue.shift();
    if (message) return message;
    await new Promise(setImmediate);
    throw new Error('Failed to receive message: TimeOut');
  };
  class Client {
    constructor(config: object) {
      asked.client = config;
    }
    async createProducer(config: object) {
      asked.producer = config;
      return {
        send: async (message: object) => {
          asked.message = message;
          return idOf('stored');
        },
        close: async () => null,
      };
    }
    async subscribe(config: object) {
      asked.consumer = config;
      return {
        receive,
        acknowledgeId: async (id: LibraryMessageId) => {
          acknowledged.push(String(id.serialize()));
          return null;
        },
        negativeAcknowledgeId: (id: LibraryMessageId) => void refused.push(String(id.serialize())),
        close: async () => null,
      };
    }
    async createReader(config: object) {
      asked.reader = config;
      return { readNext: receive, close: async () => null };
    }
    async close() {
      return null;
    }
  }
  class AuthenticationToken {
    readonly token: string;
    constructor({ token }: { token: string }) {
      this.token = token;
    }
  }
  const fake: PulsarLibrary = {
    Client,
    AuthenticationToken,
    MessageId: { earliest: () => idOf('earliest'), latest: () => idOf('latest'), deserialize: (data) => idOf(String(data)) },
  };
  return { fake, asked, acknowledged, refused };
}

const message = (text: string): LibraryMessage => ({
  getMessageId: () => idOf(`id-${text}`),
  getData: () => Buffer.from(text),
  getPartitionKey: () => '',
  getProperties: () => ({ note: text }),
  getPublishTimestamp: () => 7,
  getRedeliveryCount: () => 1,
});

describe('the native transport of Pulsar', () => {
  it('opens its client with the token and a log that goes nowhere', () => {
    const { fake, asked } = library();
    nativeTransport(fake, connection);
    expect(asked.client).toMatchObject({
      serviceUrl: 'pulsar://127.0.0.1:6650',
      authentication: { token: 'a-token' },
      log: expect.any(Function),
    });
  });

  it('sends in batches of 1,000 messages or 1 MiB, and tells the id of what was stored', async () => {
    const { fake, asked } = library();
    const producer = await nativeTransport(fake, connection).producer(stackTopic('ai-events'));
    expect(await producer.send({ data: 'x', key: 'k' })).toBe(Buffer.from('stored').toString('base64'));
    expect(asked.message).toMatchObject({ data: Buffer.from('x'), partitionKey: 'k' });
    expect(asked.producer).toMatchObject({
      topic: 'persistent://public/default/ai-events',
      sendTimeoutMs: 30_000,
      batchingMaxMessages: 1_000,
      batchingMaxAllowedSizeInBytes: 1024 * 1024,
    });
  });

  it('acknowledges and refuses the very messages it received', async () => {
    const { fake, asked, acknowledged, refused } = library([message('a'), message('b')]);
    const consumer = await nativeTransport(fake, connection).consumer(stackTopic('t'), {
      subscription: 's',
      type: 'key-shared',
      from: 'earliest',
    });
    const [a, b] = [await consumer.receive(), await consumer.receive()];
    expect(a).toEqual({
      id: Buffer.from('id-a').toString('base64'),
      data: Buffer.from('a'),
      key: undefined,
      properties: { note: 'a' },
      publishedAt: 7,
      redeliveries: 1,
    });
    await consumer.acknowledge(a);
    await consumer.refuse(b);
    expect({ acknowledged, refused }).toEqual({ acknowledged: ['id-a'], refused: ['id-b'] });
    expect(asked.consumer).toMatchObject({
      subscriptionType: 'KeyShared',
      subscriptionInitialPosition: 'Earliest',
      receiverQueueSize: 1_000,
      ackTimeoutMs: 30_000,
      nAckRedeliverTimeoutMs: 1_000,
    });
  });

  it('reads on from the message it is told', async () => {
    const { fake, asked } = library([message('a')]);
    const reader = await nativeTransport(fake, connection).reader(stackTopic('t'), { after: Buffer.from('id-z').toString('base64') });
    expect(String((asked.reader as { startMessageId: LibraryMessageId }).startMessageId.serialize())).toBe('id-z');
    expect(String((await reader.receive()).data)).toBe('a');
  });

  it('stops waiting for a message when it is cancelled', async () => {
    const { fake } = library();
    const reader = await nativeTransport(fake, connection).reader(stackTopic('t'), 'latest');
    const abort = new AbortController();
    const waiting = reader.receive(abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});
