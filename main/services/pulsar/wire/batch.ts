/**
 * Messages of one entry, as the broker keeps a batch of them: of each its metadata, with its length before it, then its
 * payload. https://pulsar.apache.org/docs/4.0.x/developing-binary-protocol/#batch-messages, and SingleMessageMetadata in
 * https://github.com/apache/pulsar/blob/v4.0.7/pulsar-common/src/main/proto/PulsarApi.proto
 */
import { fieldsOf, property, slice } from './protobuf.ts';

export interface BatchedMessage {
  /** In its batch, from 0; those that were compacted away count. */
  readonly index: number;
  readonly key: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** ms since the epoch; 0: none */
  readonly eventTime: number;
  readonly payload: Buffer;
  /** All of it, metadata too. */
  readonly bytes: Buffer;
}

/** @throws RangeError when the bytes are no batch */
export function* batchedMessages(entry: Buffer, count: number): Generator<BatchedMessage> {
  let at = 0;
  for (let index = 0; index < count; index++) {
    const from = at + 4;
    const metadata = slice(entry, from, entry.readUInt32BE(at));
    let key: string | undefined;
    let [eventTime, size, gone] = [0, 0, false];
    const properties: Record<string, string> = {};
    for (const { field, value, bytes } of fieldsOf(metadata)) {
      if (field === 1) Object.assign(properties, property(bytes));
      else if (field === 2) key = bytes.toString();
      else if (field === 3) size = Number(value);
      else if (field === 4)
        gone = value !== 0n; // compacted away
      else if (field === 5) eventTime = Number(value);
    }
    const payload = slice(entry, from + metadata.length, size);
    const begin = at;
    at = from + metadata.length + size;
    if (!gone) yield { index, key, properties, eventTime, payload, bytes: entry.subarray(begin, at) };
  }
}
