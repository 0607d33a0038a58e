/** What a subscription has acknowledged, as the broker's internal statistics tell it: by entries, so of a batch all or nothing. */
import type { Cursor, InternalStats } from './admin.ts';
import { compareIds, type MessageId } from './message-id.ts';

type EntryId = Pick<MessageId, 'ledger' | 'entry'>;

export interface Acknowledged {
  /** Everything up to it is. */
  readonly upTo: EntryId;
  /** The entry is acknowledged. */
  has(id: EntryId): boolean;
}

/** Undefined when there is no such subscription. */
export function acknowledgedBy(stats: InternalStats, subscription: string): Acknowledged | undefined {
  const found = Object.entries(stats.cursors).find(([name]) => decoded(name) === subscription);
  return found && acknowledgedOf(found[1]);
}

export function acknowledgedOf({ markDeletePosition, individuallyDeletedMessages }: Cursor): Acknowledged {
  const upTo = entryId(markDeletePosition);
  const ranges = [...individuallyDeletedMessages.matchAll(/\((-?\d+:-?\d+)\.\.(-?\d+:-?\d+)\]/g)].map(([, from, to]) => ({
    from: entryId(from!),
    to: entryId(to!),
  }));
  return {
    upTo,
    has: (id) => compare(id, upTo) <= 0 || ranges.some(({ from, to }) => compare(id, from) > 0 && compare(id, to) <= 0),
  };
}

function entryId(text: string): EntryId {
  const [ledger, entry] = text.split(':');
  return { ledger: BigInt(ledger!), entry: BigInt(entry!) };
}

function compare(a: EntryId, b: EntryId): number {
  return compareIds({ ...a, partition: -1, batch: -1, batchSize: 0 }, { ...b, partition: -1, batch: -1, batchSize: 0 });
}

/** Cursors are named as Java's URLEncoder writes. */
function decoded(name: string): string {
  try {
    return decodeURIComponent(name.replaceAll('+', ' '));
  } catch {
    return name;
  }
}
