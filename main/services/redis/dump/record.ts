/** One key in a part: lengths, when it expires, and what DUMP gives of it. Big-endian. */

const headLength = 4 + 4 + 8;

export interface KeyRecord {
  readonly key: Buffer;
  /** ms since the epoch; 0: never */
  readonly expires: number;
  /** https://redis.io/docs/latest/commands/dump/ */
  readonly payload: Buffer;
}

export function encodeRecord({ key, expires, payload }: KeyRecord): readonly Buffer[] {
  const head = Buffer.allocUnsafe(headLength);
  head.writeUInt32BE(headLength + key.length + payload.length, 0);
  head.writeUInt32BE(key.length, 4);
  head.writeBigUInt64BE(BigInt(expires), 8);
  return [head, key, payload];
}

/** See `recordsOf`. */
export function recordLength(bytes: Buffer): number | undefined {
  return bytes.length < headLength ? undefined : Math.max(bytes.readUInt32BE(0), headLength);
}

export function decodeRecord(bytes: Buffer): KeyRecord {
  const keyEnd = headLength + bytes.readUInt32BE(4);
  return {
    key: Buffer.from(bytes.subarray(headLength, keyEnd)),
    expires: Number(bytes.readBigUInt64BE(8)),
    payload: Buffer.from(bytes.subarray(keyEnd)),
  };
}

/** Types whose elements come in the order of a hash table, which is another in every process (rdb.h). */
const unorderedTypes: ReadonlySet<number> = new Set([2, 4, 24, 25]);

/**
 * What is the same for equal values: all bytes but the version and checksum at the end; of hash tables, how often each
 * byte value is in them.
 */
export function comparable(payload: Buffer): Buffer {
  const value = payload.subarray(0, Math.max(0, payload.length - 10));
  if (!unorderedTypes.has(value[0] ?? -1)) return value;
  const histogram = new Uint32Array(256);
  for (const byte of value) histogram[byte]!++;
  return Buffer.from(histogram.buffer);
}
