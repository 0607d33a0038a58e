/** Parts of a bundle as a loader gets them. */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';

/** @throws NoodleError archive-damaged: what says how to load a part is not what it has to be */
export function checkedIndex<T>(schema: z.ZodType<T>, value: unknown, service: string): T {
  const read = schema.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw notAsSaid(`${service}/index.json: ${issue?.path.join('.')}: ${issue?.message}`);
}

export function notAsSaid(why: string): NoodleError {
  return new NoodleError({
    code: 'archive-damaged',
    what: 'The bundle does not hold what it says.',
    why,
    todo: 'Get another copy of it.',
  });
}

/** @throws NoodleError too-large */
export async function wholeText(content: Readable, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > most) throw new NoodleError({ code: 'too-large', what: `A part of the bundle is larger than ${most} bytes.` });
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** Lines in batches of about `limits.bundleLoadBytes`, newlines left out. @throws NoodleError too-large for a line that no writer makes */
export async function* lineBatches(content: Readable): AsyncGenerator<readonly string[]> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    held.push(chunk);
    length += chunk.length;
    if (length < limits.bundleLoadBytes) continue;
    const all = Buffer.concat(held);
    const end = all.lastIndexOf(10);
    if (end < 0 && length > limits.bundleLineBytes) throw new NoodleError({ code: 'too-large', what: 'A line of the bundle is too long.' });
    if (end < 0) {
      held = [all];
      continue;
    }
    yield all.toString('utf8', 0, end).split('\n');
    held = [all.subarray(end + 1)];
    length = all.length - end - 1;
  }
  const rest = Buffer.concat(held).toString('utf8');
  const lines = rest.endsWith('\n') ? rest.slice(0, -1).split('\n') : rest.split('\n');
  if (rest !== '') yield lines;
}
