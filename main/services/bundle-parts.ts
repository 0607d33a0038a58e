/** Parts of a bundle as a loader gets them. */
import type { Readable } from 'node:stream';
import type { z } from 'zod';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import { whole } from './whole.ts';

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

/** @param part its path @throws NoodleError too-large */
export async function wholeText(content: Readable, part: string, most: number): Promise<string> {
  const tooLarge = () => new NoodleError({ code: 'too-large', what: `The part ${part} of the bundle is larger than ${most} bytes.` });
  return (await whole(content, most, tooLarge)).toString('utf8');
}

/**
 * Lines in batches of about `limits.bundleLoadBytes`, newlines left out.
 * @param part its path
 * @throws NoodleError too-large for a line that no writer makes
 */
export async function* lineBatches(content: Readable, part: string): AsyncGenerator<readonly string[]> {
  let held: Buffer[] = [];
  let length = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    const end = length + chunk.length < limits.bundleLoadBytes ? -1 : chunk.lastIndexOf(10);
    if (end >= 0) {
      yield Buffer.concat([...held, chunk.subarray(0, end)])
        .toString('utf8')
        .split('\n');
      held = [];
      length = 0;
    }
    const rest = chunk.subarray(end + 1);
    held.push(rest);
    length += rest.length;
    if (length > limits.bundleLineBytes)
      throw new NoodleError({ code: 'too-large', what: `The part ${part} of the bundle has a line that is too long.` });
  }
  const rest = Buffer.concat(held).toString('utf8');
  const lines = rest.endsWith('\n') ? rest.slice(0, -1).split('\n') : rest.split('\n');
  if (rest !== '') yield lines;
}
