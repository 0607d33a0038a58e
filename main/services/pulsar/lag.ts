/** Backlogs over time: sampled here while somebody looks and for a while after, so that a window that comes back sees what it missed. */
import type { LagSample } from '../../../preload/contract/topics.ts';
import { limits } from '../../limits.ts';
import type { Broker } from './broker.ts';
import { rawStats } from './detail.ts';
import { type Topic, topicUrl } from './topic.ts';

interface Sampled {
  readonly samples: LagSample[];
  /** Samples that were let go before the first. */
  gone: number;
  looking: number;
  left: number;
  readonly timer: NodeJS.Timeout;
  wake: PromiseWithResolvers<void>;
}

export interface Lag {
  /** What there is, then what comes. */
  follow(topic: Topic, signal: AbortSignal): AsyncGenerator<LagSample[]>;
  close(): void;
}

export function openLag(broker: Broker): Lag {
  const topics = new Map<string, Sampled>();

  const sample = async (topic: Topic, into: Sampled): Promise<void> => {
    try {
      const stats = await rawStats(broker, topic, await broker.partitions(topic));
      const durable = Object.entries(stats.subscriptions).filter(([, { isDurable }]) => isDurable);
      into.samples.push({
        at: Date.now(),
        rateIn: stats.msgRateIn,
        rateOut: stats.msgRateOut,
        backlog: Object.fromEntries(durable.slice(0, 50).map(([name, { msgBacklog }]) => [name, msgBacklog])),
      });
      if (into.samples.length > limits.topicsLagKept) {
        into.samples.shift();
        into.gone++;
      }
      into.wake.resolve();
    } catch {
      // A gap in the chart: the server was away, or the topic is gone.
    }
  };

  const begin = (topic: Topic): Sampled => {
    const name = topicUrl(topic);
    const known = topics.get(name);
    if (known) return known;
    let busy = false;
    const timer = setInterval(() => {
      if (made.looking === 0 && Date.now() - made.left > limits.topicsLagAfter) {
        clearInterval(timer);
        topics.delete(name);
      } else if (!busy) {
        busy = true;
        void sample(topic, made).finally(() => {
          busy = false;
        });
      }
    }, limits.topicsLagInterval);
    timer.unref();
    const made: Sampled = { samples: [], gone: 0, looking: 0, left: Date.now(), timer, wake: Promise.withResolvers() };
    topics.set(name, made);
    void sample(topic, made);
    return made;
  };

  return {
    async *follow(topic, signal) {
      const sampled = begin(topic);
      const stopped = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      sampled.looking++;
      let next = 0;
      try {
        while (!signal.aborted) {
          const { promise } = sampled.wake;
          const fresh = sampled.samples.slice(Math.max(0, next - sampled.gone));
          next = sampled.gone + sampled.samples.length;
          if (fresh.length > 0) yield fresh;
          else {
            await Promise.race([promise, stopped]);
            if (sampled.wake.promise === promise) sampled.wake = Promise.withResolvers();
          }
        }
      } finally {
        sampled.looking--;
        sampled.left = Date.now();
      }
    },
    close() {
      for (const { timer } of topics.values()) clearInterval(timer);
      topics.clear();
    },
  };
}
