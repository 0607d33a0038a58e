import { limits } from '../../../limits.ts';
import { bytesOf } from '../bson/ejson.ts';
import type { ShellDocument } from '../shell/values.ts';

/** Documents in portions that one command takes. */
export function* batchesOf(documents: Iterable<ShellDocument>): Generator<ShellDocument[]> {
  let batch: ShellDocument[] = [];
  let bytes = 0;
  for (const document of documents) {
    const size = bytesOf(document as never).length;
    if (batch.length > 0 && (batch.length >= limits.documentWriteBatch || bytes + size > limits.documentWriteBytes)) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(document);
    bytes += size;
  }
  if (batch.length > 0) yield batch;
}
