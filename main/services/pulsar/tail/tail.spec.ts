import { describe, expect, it } from 'vitest';
import type { TailBatch } from '../../../../preload/contract/topics.ts';
import { encodeId } from '../message-id.ts';
import type { RawMessage } from './raw.ts';
import { Tail } from './tail.ts';

function message(n: number, size = 0): RawMessage {
  return {
    messageId: encodeId({ ledger: 1n, entry: BigInt(n), partition: -1, batch: -1 }),
    payload: Buffer.from(JSON.stringify({ n, odd: n % 2 === 1, pad: 'x'.repeat(size) })).toString('base64'),
    properties: undefined,
    publishTime: '2026-01-01T00:00:00Z',
    eventTime: undefined,
    key: `k${n}`,
  };
}

function tail(options: { from?: 'latest' | 'earliest'; filter?: string; messages?: number; bytes?: number } = {}) {
  const made = new Tail({
    from: { kind: options.from ?? 'latest' },
    filter: options.filter ?? '',
    versions: () => [],
    room: { messages: options.messages ?? 10, bytes: options.bytes ?? 1_000_000 },
  });
  return { made, send: (from: number, to: number) => Array.from({ length: to - from }, (_, at) => made.take(message(from + at), null)) };
}

async function told(made: Tail): Promise<TailBatch> {
  const end = new AbortController();
  for await (const batch of made.batches(end.signal)) {
    end.abort();
    return batch;
  }
  throw new Error('nothing was told');
}

const keys = (made: Tail, from: number, count: number) => made.page(from, count).map(({ at, key }) => `${at}${key}`);

describe('a tail', () => {
  it('keeps the newest and says how many it let go', async () => {
    const { made, send } = tail();
    send(0, 25);
    expect(await told(made)).toMatchObject({ seen: 25, matched: 25, first: 15, end: 25, dropped: 15, paused: false });
    expect(keys(made, 0, 500)).toHaveLength(10);
    expect(keys(made, 15, 2)).toEqual(['15k15', '16k16']);
    expect(keys(made, 24, 500)).toEqual(['24k24']);
    expect(keys(made, 99, 5)).toEqual([]);
  });

  it('lets go by bytes too, but never of the newest', async () => {
    const { made } = tail({ bytes: 2_000 });
    made.take(message(0, 5_000), null);
    expect((await told(made)).end).toBe(1);
    made.take(message(1, 5_000), null);
    expect(await told(made)).toMatchObject({ first: 1, end: 2, dropped: 1 });
  });

  it('filters what it has and what comes', async () => {
    const { made, send } = tail({ filter: '$.odd = true' });
    send(0, 4);
    expect(keys(made, 0, 9)).toEqual(['0k1', '1k3']);
    expect(made.filter('$.n >= 2')).toEqual({ matched: 2 });
    send(4, 5);
    expect(keys(made, 0, 9)).toEqual(['0k2', '1k3', '2k4']);
    expect(() => made.filter('$.n >')).toThrow(/cannot be understood/);
    expect(await told(made)).toMatchObject({ seen: 5, matched: 3 });
  });

  it('holds what is shown while paused, and counts on', async () => {
    const { made, send } = tail();
    send(0, 5);
    made.pause(true);
    send(5, 40);
    expect(await told(made)).toMatchObject({ seen: 40, first: 0, end: 5, paused: true, since: 35 });
    expect(keys(made, 0, 9)).toEqual(['0k0', '1k1', '2k2', '3k3', '4k4']);
    made.filter('$.odd = true');
    expect(keys(made, 0, 9)).toEqual(['0k1', '1k3']);
    made.filter('');
    made.pause(false);
    expect(await told(made)).toMatchObject({ end: 10, paused: false, since: 0 });
    expect(keys(made, 0, 1)).toEqual(['0k30']);
  });

  it('holds the beginning when it was asked for one and there is no more room', async () => {
    const { made, send } = tail({ from: 'earliest' });
    send(0, 30);
    expect(await told(made)).toMatchObject({ seen: 30, paused: true, first: 0 });
    expect(keys(made, 0, 2)).toEqual(['0k0', '1k1']);
    made.pause(false);
    expect(await told(made)).toMatchObject({ first: 20, end: 30, paused: false });
  });

  it('sends rows once', async () => {
    const { made, send } = tail();
    const end = new AbortController();
    const batches = made.batches(end.signal);
    send(0, 3);
    expect((await batches.next()).value?.rows.map(({ key }: { key: string | null }) => key)).toEqual(['k0', 'k1', 'k2']);
    send(3, 4);
    expect((await batches.next()).value?.rows.map(({ key }: { key: string | null }) => key)).toEqual(['k3']);
    end.abort();
    await batches.return(undefined);
  });
});
