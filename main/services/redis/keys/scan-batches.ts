/** Keys in batches, at the pace of whoever takes them. */
import { limits } from '../../../limits.ts';
import type { RedisLink } from '../link.ts';
import { type ScanFilter, scanKeys } from './scan-wire.ts';

/**
 * All keys that pass a filter; what is asked of the server next waits until a batch was taken. A key may come
 * twice while others change (SCAN's own promise).
 * @param size the most keys of one batch
 * @param ahead keys read before it waits
 */
export async function* keysOf(
  link: RedisLink,
  filter: ScanFilter,
  signal: AbortSignal,
  size: number = limits.cacheBulkKeys,
  ahead: number = size,
): AsyncGenerator<Buffer[]> {
  let cursor = '0';
  do {
    const keys: Buffer[] = [];
    await scanKeys(
      link.connection,
      filter,
      cursor,
      (buffer, from, to) => keys.push(Buffer.from(buffer.subarray(from, to))),
      (step) => {
        cursor = step.cursor;
        return keys.length < ahead;
      },
      signal,
    );
    for (let at = 0; at < keys.length; at += size) yield keys.slice(at, at + size);
  } while (cursor !== '0');
}
