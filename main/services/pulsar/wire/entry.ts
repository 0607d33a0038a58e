/** An entry as the broker keeps it: `MessageMetadata` and the payload of one message or of a batch (PulsarApi.proto, see frames.ts). */
import { inflateSync, zstdDecompressSync } from 'node:zlib';
import { limits } from '../../../limits.ts';
import { fieldsOf, property, slice } from './protobuf.ts';

export interface EntryMetadata {
  /** In its batch; undefined: it is none. */
  readonly messages: number | undefined;
  readonly key: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** ms since the epoch */
  readonly published: number;
  /** Of the one message or of the batch, plain; undefined: compressed or encrypted in a way that is not read here. */
  readonly bytes: Buffer | undefined;
}

/** Before metadata with a checksum (CRC-32C, of what came over TCP and is not checked again). */
const withChecksum = 0x0e01;

/** @param rest what follows the command in a frame @throws RangeError */
export function metadataOf(rest: Buffer): EntryMetadata {
  const at = rest.length >= 2 && rest.readUInt16BE(0) === withChecksum ? 6 : 0;
  const size = rest.readUInt32BE(at);
  const payload = rest.subarray(at + 4 + size);
  let [messages, key, published, compression, uncompressed, encrypted]: [number | undefined, string | undefined, number, number, number, boolean] =
    [undefined, undefined, 0, 0, 0, false]; // biome-ignore format: one after the other
  const properties: Record<string, string> = {};
  for (const { field, value, bytes } of fieldsOf(slice(rest, at + 4, size))) {
    if (field === 3) published = Number(value);
    else if (field === 4) Object.assign(properties, property(bytes));
    else if (field === 6) key = bytes.toString();
    else if (field === 8) compression = Number(value);
    else if (field === 9) uncompressed = Number(value);
    else if (field === 11) messages = Number(value);
    else if (field === 13) encrypted = true;
  }
  return { messages, key, properties, published, bytes: encrypted ? undefined : plain(payload, compression, uncompressed) };
}

/** `CompressionType`: LZ4 (1) and Snappy (4) are not in Node. */
function plain(payload: Buffer, compression: number, size: number): Buffer | undefined {
  if (compression === 0) return payload;
  if (size > limits.topicsWireBytes) return undefined;
  const options = { maxOutputLength: limits.topicsWireBytes };
  if (compression === 2) return inflateSync(payload, options);
  if (compression === 3) return zstdDecompressSync(payload, options);
  return undefined;
}
