/** How Pulsar's clients name the topics that take what a subscription gave up, and what they write on the messages. */
import type { DeadLetterOf } from '../../../../preload/contract/topics.ts';

/** Without the parent to tell where the topic ends and the subscription begins, the last dash is taken. @param known all topics there are */
export function deadLetterOf(topic: string, known: ReadonlySet<string>): DeadLetterOf | null {
  const match = /^(.+)-(DLQ|RETRY)$/.exec(topic);
  if (!match) return null;
  const [, rest, suffix] = match;
  const kind = suffix === 'DLQ' ? 'dead-letter' : 'retry';
  const start = rest!.lastIndexOf('/') + 1;
  let fallback: DeadLetterOf | null = null;
  for (let dash = rest!.lastIndexOf('-'); dash > start; dash = rest!.lastIndexOf('-', dash - 1)) {
    const found: DeadLetterOf = { kind, origin: rest!.slice(0, dash), subscription: rest!.slice(dash + 1) };
    if (known.has(found.origin)) return found;
    fallback ??= found;
  }
  return fallback;
}

/** Properties that a client writes on a dead letter; a redriven message goes without them. */
export const systemProperties = new Set([
  'REAL_TOPIC',
  'REAL_SUBSCRIPTION',
  'ORIGIN_MESSAGE_ID',
  // Its misspelling is Pulsar's own.
  'ORIGIN_MESSAGE_IDY_TIME',
  'RECONSUMETIMES',
  'DELAY_TIME',
  'RETRY_TOPIC',
]);

/** Written on every message that was redriven: the dead letter it was. */
export const redriveProperty = 'NOODLEBOX_REDRIVE_OF';

type Properties = Readonly<Record<string, string>>;

/** Where a dead letter came from, by what stands on it, else by the name of its topic. */
export function originOf(properties: Properties, named: DeadLetterOf | null) {
  return {
    origin: properties.REAL_TOPIC ?? named?.origin ?? null,
    originId: properties.ORIGIN_MESSAGE_ID ?? properties.ORIGIN_MESSAGE_IDY_TIME ?? null,
    subscription: properties.REAL_SUBSCRIPTION ?? named?.subscription ?? null,
  };
}

const telling = /exception|error|reason|cause|failure/i;

/** Why it was given up, in the words of whoever did. Pulsar itself writes none. */
export function reasonOf(properties: Properties): string {
  const told = Object.entries(properties).filter(([name, value]) => telling.test(name) && !systemProperties.has(name) && value !== '');
  // A stack trace tells less than the line above it.
  const shortest = told.sort(([a], [b]) => Number(/trace/i.test(a)) - Number(/trace/i.test(b)) || a.length - b.length)[0];
  if (shortest) return shortest[1].split('\n', 1)[0]!.slice(0, 500);
  const times = properties.RECONSUMETIMES;
  return times
    ? `Given up after ${times} retries; nothing on it says why.`
    : 'Refused or not acknowledged as often as its subscription allows; nothing on it says why.';
}
