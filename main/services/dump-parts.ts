/** What the dumpers of all stores share in reading and writing their parts. */
import type { z } from 'zod';
import { NoodleError } from '../errors.ts';
import { parsedJson } from '../home/files.ts';
import { limits } from '../limits.ts';
import type { DumpPart } from './dumper.ts';
import { whole } from './whole.ts';

/** Joins small pieces to chunks worth handing on. */
export async function* inChunks(pieces: AsyncIterable<string | Uint8Array> | Iterable<string | Uint8Array>): AsyncGenerator<Buffer> {
  let held: Uint8Array[] = [];
  let length = 0;
  for await (const piece of pieces) {
    const bytes = typeof piece === 'string' ? Buffer.from(piece) : piece;
    held.push(bytes);
    length += bytes.length;
    if (length < limits.dumpChunk) continue;
    yield Buffer.concat(held);
    held = [];
    length = 0;
  }
  if (length > 0) yield Buffer.concat(held);
}

/** @throws NoodleError too-large for what could not be read again */
export function jsonPart(value: unknown): Iterable<Uint8Array> {
  const bytes = Buffer.from(JSON.stringify(value));
  if (bytes.length <= limits.dumpMetaBytes) return [bytes];
  throw new NoodleError({
    code: 'too-large',
    what: 'The store holds more things (databases, collections, topics) than a backup can tell of.',
  });
}

/** A part that is small enough to be read whole, checked. @throws NoodleError archive-damaged */
export async function readJsonPart<T>(part: DumpPart | undefined, name: string, schema: z.ZodType<T>): Promise<T> {
  if (part?.name !== name) throw wrongPart(name, part ? `${part.name} stands in its place` : 'it is missing');
  const bytes = await whole(part.content, limits.dumpMetaBytes, () => wrongPart(name, 'it is larger than any that Noodlebox writes'));
  const read = schema.safeParse(parsedJson(bytes.toString('utf8')));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw wrongPart(name, `${issue?.path.join('.')}: ${issue?.message}`);
}

export function wrongPart(name: string, why: string): NoodleError {
  return new NoodleError({ code: 'archive-damaged', what: `The part ${name} of the backup cannot be used.`, why });
}

/** Lines of a part. @param most bytes of one @throws NoodleError archive-damaged */
export async function* linesOf(content: AsyncIterable<Uint8Array>, name: string, most: number): AsyncGenerator<Buffer> {
  let rest: Buffer[] = [];
  let held = 0;
  for await (const chunk of content) {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let from = 0;
    for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
      const line = bytes.subarray(from, end);
      yield rest.length > 0 ? Buffer.concat([...rest, line]) : line;
      rest = [];
      held = 0;
      from = end + 1;
    }
    if (from === bytes.length) continue;
    held += bytes.length - from;
    if (held > most) throw wrongPart(name, `a line in it is longer than ${most} bytes`);
    rest.push(Buffer.from(bytes.subarray(from)));
  }
  if (rest.length > 0) yield Buffer.concat(rest);
}

/**
 * Records that begin with their own length.
 * @param lengthOf how long the record is that begins there, undefined while that cannot be seen yet
 * @param most bytes of one
 * @throws NoodleError archive-damaged
 */
export async function* recordsOf(
  content: AsyncIterable<Uint8Array>,
  name: string,
  lengthOf: (bytes: Buffer) => number | undefined,
  most: number,
): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  let waiting: Uint8Array[] = [];
  let waitingFor = 0;
  let waited = 0;
  for await (const chunk of content) {
    waiting.push(chunk);
    waited += chunk.length;
    if (held.length + waited < waitingFor) continue;
    held = Buffer.concat([held, ...waiting]);
    waiting = [];
    waited = 0;
    let from = 0;
    for (;;) {
      const length = lengthOf(held.subarray(from));
      waitingFor = length ?? 0;
      if (length === undefined) break;
      if (length <= 0) throw wrongPart(name, 'a record in it has no length');
      if (length > most) throw wrongPart(name, `a record in it would be ${length} bytes long`);
      if (from + length > held.length) break;
      yield held.subarray(from, from + length);
      from += length;
    }
    held = held.subarray(from);
  }
  if (held.length + waited > 0) throw wrongPart(name, 'its last record is cut off');
}
