/** The elements of a key as lines of JSON, whole: what the grid shows, for other programs. */
import { createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import type { ElementFilter, ElementRow, RedisBytes } from '../../../../preload/contract/cache-models.ts';
import { limits } from '../../../limits.ts';
import type { Progress } from '../bulk/change.ts';
import type { RedisLink } from '../link.ts';
import { readElements } from './elements.ts';

/** @returns elements written */
export async function exportElements(
  link: RedisLink,
  key: string,
  filter: ElementFilter,
  path: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<number> {
  let done = 0;
  async function* lines(): AsyncGenerator<string> {
    for (let cursor: string | null = ''; cursor !== null; ) {
      signal.throwIfAborted();
      const page = await readElements(link, key, cursor, limits.scanCount, filter, limits.cacheStringBytes);
      for (const row of page.rows) yield `${JSON.stringify(plain(row))}\n`;
      done += page.rows.length;
      progress(done, page.total, 'elements exported');
      cursor = page.next;
    }
  }
  await pipeline(lines, createWriteStream(path, { flags: 'w', mode: 0o600 }), { signal });
  return done;
}

/** An entry of a stream with its fields in order; a member with its score; else a name and a value. */
function plain({ name, value, score, fields }: ElementRow): object {
  if (fields !== null) return { id: name, fields: fields.map((field) => [field.name, bytes(field.value)]) };
  if (score !== null) return { member: bytes(value), score };
  return { name, value: bytes(value) };
}

/** What is no text stands as base64. */
function bytes({ data, binary }: RedisBytes): string | { base64: string } {
  return binary ? { base64: data } : data;
}
