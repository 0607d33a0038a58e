/** Where a reader begins: found by the broker's REST API, so that no subscription is made for it. */
import type { TailFrom } from '../../../../preload/contract/topics.ts';
import { NoodleError } from '../../../errors.ts';
import { type Broker, type TopicPart, topicSegments } from '../broker.ts';
import { afterEntry, afterWhich, type MessageId, parseId } from '../message-id.ts';

import type { Topic } from '../topic.ts';
import { entriesBack, fromRest, internalStats, lastId, type RestId } from './ends.ts';
import { readMessage } from './message.ts';
import { timeOf } from './raw.ts';

/** What to give a reader of each part as the id after which it begins. */
export async function startsOf(
  broker: Broker,
  parts: readonly TopicPart[],
  from: TailFrom,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const each = (find: (part: TopicPart) => Promise<string>) => Promise.all(parts.map(find));
  switch (from.kind) {
    case 'earliest':
      return parts.map(() => 'earliest');
    case 'latest':
      // As an id, not as the word: a reader that must be opened anew goes on where it was.
      return each(async ({ topic }) => afterEntry(await lastId(broker, topic, signal)));
    case 'last':
      return each(async ({ topic }) => afterEntry(entriesBack(await internalStats(broker, topic, signal), from.count)));
    case 'time':
      return each(({ topic }) => atTime(broker, topic, from.time, signal));
    case 'id': {
      const id = parseId(from.id);
      const holder = partOf(parts, id);
      const others = parts.length > 1 ? (timeOf((await readMessage(broker, holder.topic, id, signal)).publishTime) ?? 0) : 0;
      return each(async (part) => (part === holder ? afterWhich(id) : atTime(broker, part.topic, others, signal)));
    }
  }
}

/** @throws NoodleError bad-argument for an id that does not say which partition it is of */
export function partOf(parts: readonly TopicPart[], id: MessageId): TopicPart {
  const found = parts.length === 1 ? parts[0] : parts.find(({ partition }) => partition === id.partition);
  if (found) return found;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'This message id does not say of which partition it is.',
    why: `The topic has ${parts.length} partitions.`,
    todo: 'Write ledger:entry:partition.',
  });
}

async function atTime(broker: Broker, topic: Topic, time: number, signal: AbortSignal): Promise<string> {
  const id = await broker.get<RestId>([...topicSegments(topic), 'messageid', String(Math.floor(time))], undefined, signal);
  return afterWhich(fromRest(id));
}
