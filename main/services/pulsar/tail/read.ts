/** A topic read without losing anything, as fast as whoever reads takes it in: for scripts. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { TailFrom } from '../../../../preload/contract/topics.ts';
import { limits } from '../../../limits.ts';
import { abortable } from '../../connect.ts';
import { type Broker, mustExist, type TopicPart } from '../broker.ts';
import type { Topic } from '../topic.ts';
import { openReader, readStretch } from './message.ts';
import { startsOf } from './position.ts';
import { asRaw, type RawMessage } from './raw.ts';

export interface Read {
  readonly raw: RawMessage;
  readonly partition: number | null;
}

/** @param follow goes on when the end is reached; else what is there now is all, by the time it was published */
export async function* readTopic(broker: Broker, topic: Topic, from: TailFrom, follow: boolean, signal: AbortSignal): AsyncGenerator<Read> {
  await mustExist(broker, topic, signal);
  const parts = await broker.parts(topic, signal);
  const starts = await startsOf(broker, parts, from, signal);
  const streams = parts.map((part, at) => {
    const raws = follow ? readOn(broker, part, starts[at]!, signal) : readStretch(broker, part.topic, starts[at]!, signal);
    return tagged(raws, part);
  });
  yield* follow ? asTheyCome(streams) : byTime(streams);
}

async function* tagged(raws: AsyncIterable<RawMessage>, { partition }: TopicPart): AsyncGenerator<Read> {
  for await (const raw of raws) yield { raw, partition };
}

/** Over lost connections, from where it was. */
async function* readOn(broker: Broker, { topic }: TopicPart, start: string, signal: AbortSignal): AsyncGenerator<RawMessage> {
  let after = start;
  for (let round = 0; ; ) {
    let come: RawMessage[] = [];
    let ended = false;
    let wake = Promise.withResolvers<void>();
    const listener = {
      onFrame(frame: Readonly<Record<string, unknown>>) {
        const raw = asRaw(frame);
        if (raw) come.push(raw);
        wake.resolve();
      },
      onEnd() {
        ended = true;
        wake.resolve();
      },
    };
    try {
      await mustExist(broker, topic, signal);
      const socket = await openReader(broker, topic, after, limits.topicsReaderQueue, listener, signal);
      try {
        while (!ended || come.length > 0) {
          const batch = come;
          come = [];
          for (const raw of batch) {
            yield raw;
            after = raw.messageId;
          }
          round = 0;
          // Only what was taken in makes room for more.
          if (batch.length > 0) socket.sendAll('{}', batch.length);
          else if (!ended) await abortable(wake.promise, signal);
          wake = Promise.withResolvers();
          if (come.length > 0 || ended) wake.resolve();
        }
      } finally {
        await socket.close();
      }
    } catch (error) {
      if (signal.aborted || after === start) throw error;
    }
    await sleep(limits.topicsReopen[Math.min(round++, limits.topicsReopen.length - 1)], undefined, { signal });
  }
}

async function* byTime(streams: readonly AsyncGenerator<Read>[]): AsyncGenerator<Read> {
  const heads = await Promise.all(streams.map(async (stream) => ({ stream, next: await stream.next() })));
  try {
    for (;;) {
      let first: (typeof heads)[number] | undefined;
      for (const head of heads) {
        if (head.next.done) continue;
        if (first === undefined || head.next.value.raw.publishTime < (first.next.value as Read).raw.publishTime) first = head;
      }
      if (!first) return;
      yield first.next.value as Read;
      first.next = await first.stream.next();
    }
  } finally {
    await Promise.all(streams.map((stream) => stream.return(undefined)));
  }
}

async function* asTheyCome(streams: readonly AsyncGenerator<Read>[]): AsyncGenerator<Read> {
  const step = (stream: AsyncGenerator<Read>) => stream.next().then((next) => ({ stream, next }));
  const waiting = new Map(streams.map((stream) => [stream, step(stream)]));
  try {
    while (waiting.size > 0) {
      const { stream, next } = await Promise.race(waiting.values());
      if (next.done) waiting.delete(stream);
      else {
        yield next.value;
        waiting.set(stream, step(stream));
      }
    }
  } finally {
    for (const pending of waiting.values()) pending.catch(() => undefined);
    // One that waits for what is to come ends with its signal, not before.
    for (const stream of streams) void stream.return(undefined).catch(() => undefined);
  }
}
