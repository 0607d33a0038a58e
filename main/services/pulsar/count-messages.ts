/** How many messages a topic holds: the broker tells entries, each of which may be a batch. */
import { limits } from '../../limits.ts';
import type { PulsarAdmin } from './admin.ts';
import { topicSegments } from './broker.ts';
import { PulsarHttpError } from './errors.ts';
import type { Topic } from './topic.ts';

interface Analysis {
  readonly messages: number;
  /** True when the broker stopped at its limit of entries or time; it goes on from `lastMessageId` when asked. */
  readonly aborted: boolean;
  readonly lastMessageId?: string;
}

const countingSubscription = 'noodlebox-count-';

/**
 * The broker counts by a subscription's backlog, so one is made for as long as it counts.
 * @returns undefined when there is no such topic
 */
export async function countMessages(admin: PulsarAdmin, topic: Topic, signal: AbortSignal): Promise<number | undefined> {
  const subscription = `${countingSubscription}${Date.now()}-${Math.random().toString(36).slice(2, 8)}`;
  const analyze = [...topicSegments(topic), 'subscription', subscription, 'analyzeBacklog'];
  try {
    await admin.createSubscription(topic, subscription, 'earliest', signal);
  } catch (error) {
    if (error instanceof PulsarHttpError && error.status === 404) return undefined;
    throw error;
  }
  try {
    let rows = 0;
    let from: { readonly ledgerId: number; readonly entryId: number } | undefined;
    for (;;) {
      const { messages, aborted, lastMessageId } = await admin.call<Analysis>('POST', analyze, { body: from ?? {}, signal });
      rows += messages;
      if (!aborted || !lastMessageId) return rows;
      const [ledgerId, entryId] = lastMessageId.split(':').map(Number) as [number, number];
      from = { ledgerId, entryId: entryId + 1 };
    }
  } finally {
    await admin.deleteSubscription(topic, subscription);
    await removeLeftOver(admin, topic);
  }
}

/** One that a killed process left behind would keep messages for ever. */
async function removeLeftOver(admin: PulsarAdmin, topic: Topic): Promise<void> {
  const subscriptions = await admin.call<string[]>('GET', [...topicSegments(topic), 'subscriptions']);
  const old = subscriptions.filter((each) => {
    const [, started] = /^noodlebox-count-(\d+)-/.exec(each) ?? [];
    return started !== undefined && Number(started) < Date.now() - 10 * limits.connectTimeout;
  });
  for (const each of old) await admin.deleteSubscription(topic, each);
}
