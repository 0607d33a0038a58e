/** What waits in a subscription, read beside it: nothing is taken, nothing is marked. */
import type { MessageRow } from '../../../preload/contract/topics.ts';
import { NoodleError } from '../../errors.ts';
import { acknowledgedBy } from './acknowledged.ts';
import { type Broker, mustExist } from './broker.ts';
import { afterEntry, decodeId } from './message-id.ts';
import type { Registry } from './schemas/registry.ts';
import { internalStats } from './tail/ends.ts';
import { readStretch } from './tail/message.ts';
import { rowOf } from './tail/row.ts';
import { type Topic, topicUrl } from './topic.ts';

/** Messages that are not acknowledged, oldest first; of a partitioned topic so many of each partition, by time. */
export async function peek(
  broker: Broker,
  registry: Registry,
  topic: Topic,
  subscription: string,
  count: number,
  signal: AbortSignal,
): Promise<MessageRow[]> {
  await mustExist(broker, topic, signal);
  const versions = await registry.versions(topic, signal);
  const parts = await broker.parts(topic, signal);
  const rows = await Promise.all(
    parts.map(async (part) => {
      const acknowledged = acknowledgedBy(await internalStats(broker, part.topic, signal), subscription);
      if (!acknowledged) throw new NoodleError({ code: 'not-found', what: `${topicUrl(topic)} has no subscription ${subscription}.` });
      const found: MessageRow[] = [];
      const after = afterEntry(acknowledged.upTo);
      for await (const raw of readStretch(broker, part.topic, after, signal, Math.min(count + 4, 100))) {
        if (acknowledged.has(decodeId(raw.messageId))) continue;
        found.push(rowOf(raw, part.partition, found.length, versions));
        if (found.length === count) break;
      }
      return found;
    }),
  );
  return rows
    .flat()
    .sort((a, b) => a.published - b.published)
    .slice(0, count)
    .map((row, at) => ({ ...row, at }));
}
