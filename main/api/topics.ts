import { writeFile } from 'node:fs/promises';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { PulsarSession } from '../services/pulsar/session.ts';
import { exportTail } from '../services/pulsar/tail/export.ts';
import type { Tail } from '../services/pulsar/tail/tail.ts';
import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

export function topicsRouter(os: Implementer['topics'], parts: Parts) {
  const tails = new Map<string, Tail>();
  const tailOf = (id: string): Tail => {
    const tail = tails.get(id);
    if (!tail) throw new NoodleError({ code: 'bad-argument', what: 'This tail has ended.', todo: 'Open the topic again.' });
    return tail;
  };
  const session = (input: { stack: string; service: string }): Promise<PulsarSession> => parts.session('pulsar', input);

  return os.router({
    version: os.version.handler(async ({ input, signal }) => ({ version: await (await session(input)).version(signal ?? untilClosed) })),
    namespaces: os.namespaces.handler(async ({ input, signal }) => (await session(input)).namespaces(signal ?? untilClosed)),
    list: os.list.handler(async ({ input, signal }) => (await session(input)).list(input.namespace, signal ?? untilClosed)),
    figures: os.figures.handler(async ({ input, signal }) => (await session(input)).figures(input.topics, signal ?? untilClosed)),
    detail: os.detail.handler(async ({ input, signal }) => (await session(input)).detail(input.topic, signal ?? untilClosed)),
    schemas: os.schemas.handler(async ({ input, signal }) => (await session(input)).schemas(input.topic, signal ?? untilClosed)),

    tail: os.tail.handler(async ({ input, signal = untilClosed }) => {
      const tail = await (await session(input)).tail(input.topic, input.from, input.filter, signal);
      tails.set(input.stream, tail);
      const end = async () => {
        if (tails.get(input.stream) === tail) tails.delete(input.stream);
        await tail.close();
      };
      // A reader that goes before it has read anything leaves an iterator that never began, and so never ends.
      if (signal.aborted) await end();
      signal.addEventListener('abort', () => void end(), { once: true });
      return parts.stream(input.stream, endingWith(end, tail.batches(signal)), signal);
    }),
    tailFilter: os.tailFilter.handler(({ input }) => tailOf(input.stream).filter(input.filter)),
    tailPause: os.tailPause.handler(({ input }) => tailOf(input.stream).pause(input.paused)),
    tailPage: os.tailPage.handler(({ input }) => tailOf(input.stream).page(input.from, input.count)),
    tailExport: os.tailExport.handler(({ input }) => {
      const tail = tailOf(input.stream);
      const file = { name: 'messages.jsonl', type: 'application/x-ndjson' };
      return parts.export(input.stack, 'Exporting messages', file, ({ path }, work) => exportTail(tail, path, work));
    }),

    message: os.message.handler(async ({ input, signal }) =>
      (await session(input)).message(
        input.topic,
        input.id,
        input.whole ? limits.topicsWholeBytes : limits.topicsPayloadBytes,
        signal ?? untilClosed,
      ),
    ),
    messageFile: os.messageFile.handler(async ({ input }) => {
      const opened = await session(input);
      const file = { name: `message-${input.id.replaceAll(/[^\w.-]+/g, '-')}.bin`, type: 'application/octet-stream' };
      return parts.export(input.stack, `Saving message ${input.id}`, file, async ({ path }, { signal }) =>
        writeFile(path, await opened.payload(input.topic, input.id, signal)),
      );
    }),
    peek: os.peek.handler(async ({ input, signal }) =>
      (await session(input)).peek(input.topic, input.subscription, input.count, signal ?? untilClosed),
    ),

    check: os.check.handler(async ({ input, signal }) => (await session(input)).check(input.topic, input.message, signal ?? untilClosed)),
    publish: os.publish.handler(async ({ input, signal }) => {
      const opened = await session(input);
      const notebook = await (await parts.stack(input.stack)).notebook();
      const begun = Date.now();
      const record = (failure: string | null) => {
        // A history of large payloads would outgrow what it is worth.
        if (input.message.payload.length > limits.topicsPayloadBytes) return;
        notebook.record({
          panel: 'topics',
          service: input.service,
          text: JSON.stringify({ topic: input.topic, message: input.message }),
          at: begun,
          took: Date.now() - begun,
          rows: failure === null ? 1 : 0,
          failure,
        });
      };
      try {
        const id = await opened.publish(input.topic, input.message, signal ?? untilClosed);
        record(null);
        return { id };
      } catch (error) {
        record(error instanceof Error ? error.message : String(error));
        throw error;
      }
    }),
    publishMany: os.publishMany.handler(async ({ input: { stack, topic, message, repeat, perSecond, ...input } }) => {
      const opened = await session({ stack, ...input });
      return parts.work('change', stack, `Publishing to ${shortName(topic)}`, async ({ signal, progress }) => {
        await opened.publishMany(
          topic,
          message,
          { times: repeat, perSecond, onProgress: (sent) => progress(sent, repeat, 'messages') },
          signal,
        );
      });
    }),

    preview: os.preview.handler(async ({ input, signal }) => (await session(input)).preview(input.act, signal ?? untilClosed)),
    perform: os.perform.handler(async ({ input, signal }) => (await session(input)).perform(input.act, signal ?? untilClosed)),

    deadLetterTopics: os.deadLetterTopics.handler(async ({ input, signal }) =>
      (await session(input)).deadLetterTopics(signal ?? untilClosed),
    ),
    deadLetters: os.deadLetters.handler(async ({ input, signal }) =>
      (await session(input)).deadLetters(input.topic, signal ?? untilClosed),
    ),
    redrive: os.redrive.handler(async ({ input: { stack, topic, ids, to, ...input } }) => {
      const opened = await session({ stack, ...input });
      return parts.work('change', stack, `Redriving ${shortName(topic)}`, async ({ signal, progress }) => {
        const onProgress = (done: number, total: number) => progress(done, total, 'messages');
        const { published, already, failed } = await opened.redrive(topic, { ids, to, onProgress }, signal);
        const first = failed[0];
        if (!first) return;
        throw new NoodleError({
          code: 'query-failed',
          what: `${failed.length} of ${failed.length + published + already} dead letters could not be redriven.`,
          why: `${first.id}: ${first.why}`,
          todo: 'The others have gone. Those that are left lie where they were.',
        });
      });
    }),

    lag: os.lag.handler(async ({ input, signal = untilClosed }) =>
      parts.stream(input.stream, (await session(input)).lag(input.topic, signal), signal),
    ),
  });
}

function shortName(topic: string): string {
  return topic.slice(topic.lastIndexOf('/') + 1);
}

async function* endingWith<T>(end: () => Promise<void>, source: AsyncIterable<T>): AsyncGenerator<T> {
  try {
    yield* source;
  } finally {
    await end();
  }
}
