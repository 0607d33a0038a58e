/** Message ids: Pulsar's own form (protobuf `MessageIdData`, in base64 over the WebSocket API) and the one people write, `ledger:entry:partition:batch`. */
import { NoodleError } from '../../errors.ts';

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
  const bytes = Buffer.from(base64, 'base64');
  const fields = new Map<number, bigint>();
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = bytes[at++];
      if (byte === undefined) throw noId(base64);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asIntN(64, value);
    }
    throw noId(base64);
  };
  while (at < bytes.length) {
    const tag = Number(varint());
    if ((tag & 7) === 0) fields.set(tag >> 3, varint());
    else if ((tag & 7) === 2) at += Number(varint());
    else throw noId(base64);
  }
  const ledger = fields.get(1);
  const entry = fields.get(2);
  if (ledger === undefined || entry === undefined) throw noId(base64);
  return {
    ledger,
    entry,
    partition: Number(fields.get(3) ?? -1n),
    batch: Number(fields.get(4) ?? -1n),
    batchSize: Number(fields.get(6) ?? 0n),
  };
}

export function encodeId({ ledger, entry, partition, batch }: Omit<MessageId, 'batchSize'>): string {
  const bytes = [8, ...varint(ledger), 16, ...varint(entry)];
  if (partition >= 0) bytes.push(24, ...varint(BigInt(partition)));
  if (batch >= 0) bytes.push(32, ...varint(BigInt(batch)));
  return Buffer.from(bytes).toString('base64');
}

function varint(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  do {
    const low = Number(rest & 0x7fn);
    rest >>= 7n;
    bytes.push(rest > 0n ? low | 0x80 : low);
  } while (rest > 0n);
  return bytes;
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
