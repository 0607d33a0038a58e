/** Message ids: Pulsar's own form (protobuf `MessageIdData`, in base64 over the WebSocket API) and the one people write, `ledger:entry:partition:batch`. */
import { NoodleError } from '../../errors.ts';
import { fieldsOf, messageWith } from './wire/protobuf.ts';

export interface MessageId {
  readonly ledger: bigint;
  /** -1n: before the first entry of the ledger. */
  readonly entry: bigint;
  /** -1: of a topic without partitions. */
  readonly partition: number;
  /** -1: not of a batch. */
  readonly batch: number;
  /** Messages in its batch; 0 when unknown or none. */
  readonly batchSize: number;
}

/** @throws NoodleError bad-argument */
export function decodeId(base64: string): MessageId {
  const id = idOf(Buffer.from(base64, 'base64'));
  if (!id) throw noId(base64);
  return id;
}

/** A `MessageIdData`; undefined for what is none. */
export function idOf(bytes: Buffer): MessageId | undefined {
  const fields = new Map<number, bigint>();
  try {
    for (const { field, value } of fieldsOf(bytes)) fields.set(field, BigInt.asIntN(64, value));
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  const ledger = fields.get(1);
  const entry = fields.get(2);
  if (ledger === undefined || entry === undefined) return undefined;
  return {
    ledger,
    entry,
    partition: Number(fields.get(3) ?? -1n),
    batch: Number(fields.get(4) ?? -1n),
    batchSize: Number(fields.get(6) ?? 0n),
  };
}

export function encodeId({ ledger, entry, partition, batch }: Omit<MessageId, 'batchSize'>): string {
  const parts = { 1: ledger, 2: entry, 3: partition >= 0 ? partition : undefined, 4: batch >= 0 ? batch : undefined };
  return messageWith(parts).toString('base64');
}

/** `8:42`, `8:42:1` on a partition, `8:42:-1:3` in a batch. */
export function idText({ ledger, entry, partition, batch }: Omit<MessageId, 'batchSize'>): string {
  if (batch >= 0) return `${ledger}:${entry}:${partition}:${batch}`;
  return partition >= 0 ? `${ledger}:${entry}:${partition}` : `${ledger}:${entry}`;
}

/** Either form. @throws NoodleError bad-argument */
export function parseId(text: string): MessageId {
  const match = /^(\d{1,19}):(-?\d{1,19})(?::(-?\d{1,6}))?(?::(-?\d{1,6}))?$/.exec(text.trim());
  if (match) {
    const [, ledger, entry, partition, batch] = match;
    return {
      ledger: BigInt(ledger!),
      entry: BigInt(entry!),
      partition: Number(partition ?? -1),
      batch: Number(batch ?? -1),
      batchSize: 0,
    };
  }
  if (/^[A-Za-z0-9+/]{4,}={0,2}$/.test(text.trim())) return decodeId(text.trim());
  throw noId(text);
}

/** Beyond the last message of any batch. */
const wholeEntry = 2 ** 31 - 1;

/** An id in base64, after which a reader begins: behind the whole of its entry, should that be a batch. */
export function afterEntry({ ledger, entry }: Pick<MessageId, 'ledger' | 'entry'>): string {
  return encodeId({ ledger, entry, partition: -1, batch: entry < 0n ? -1 : wholeEntry });
}

/** The id after which a reader begins so that this one is the first it gives. */
export function afterWhich(id: MessageId): string {
  return id.batch > 0 ? encodeId({ ...id, partition: -1, batch: id.batch - 1 }) : afterEntry({ ledger: id.ledger, entry: id.entry - 1n });
}

export function compareIds(a: MessageId, b: MessageId): number {
  if (a.ledger !== b.ledger) return a.ledger < b.ledger ? -1 : 1;
  if (a.entry !== b.entry) return a.entry < b.entry ? -1 : 1;
  return a.batch - b.batch;
}

function noId(text: string): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: `${JSON.stringify(text)} is no message id.`,
    todo: 'Write ledger:entry, such as 8:42, with :partition and :batch where they apply.',
    at: { offset: 0, length: text.length },
  });
}
