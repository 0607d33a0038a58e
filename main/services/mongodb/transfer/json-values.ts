/** The values of a JSON file one after another: of a list, or of lines, or written one behind the other. */
import { NoodleError } from '../../../errors.ts';

interface JsonValue {
  readonly text: string;
  /** Characters from the beginning of the file. */
  readonly at: number;
}

/** @param most characters of one value @throws NoodleError bad-argument, too-large */
export async function* jsonValues(chunks: AsyncIterable<string>, most: number): AsyncGenerator<JsonValue> {
  let pending = '';
  let start = 0;
  /** How far `pending` was looked through. */
  let position = 0;
  let depth = 0;
  let inString = false;
  let begun = -1;
  let first = true;
  let inList = false;
  for await (const chunk of chunks) {
    pending += first ? chunk.replace(/^\ufeff/, '') : chunk;
    for (; position < pending.length; position++) {
      const char = pending[position]!;
      if (inString) {
        if (char === '\\') position++;
        else if (char === '"') inString = false;
        continue;
      }
      if (depth === 0 && begun < 0) {
        if (/\s/.test(char)) continue;
        if (first && char === '[') {
          inList = true;
          first = false;
          continue;
        }
        first = false;
        if (inList && (char === ',' || char === ']')) continue;
        if (char !== '{') throw wrong(start + position, char);
        begun = position;
      }
      if (char === '"') inString = true;
      else if (char === '{' || char === '[') depth++;
      else if (char === '}' || char === ']') {
        depth--;
        if (depth > 0) continue;
        yield { text: pending.slice(begun, position + 1), at: start + begun };
        begun = -1;
      }
    }
    // What was handed on is let go; an escape at the end of a chunk may have gone beyond it.
    const keep = begun < 0 ? Math.min(position, pending.length) : begun;
    start += keep;
    position -= keep;
    pending = pending.slice(keep);
    if (begun >= 0) begun = 0;
    if (pending.length > most) {
      throw new NoodleError({ code: 'too-large', what: `The document at character ${start} is bigger than any that MongoDB takes.` });
    }
  }
  if (begun >= 0) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'The file ends within a document.',
      why: `It begins at character ${start}.`,
      at: { offset: start, length: 1 },
    });
  }
}

function wrong(offset: number, char: string): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: `${JSON.stringify(char)} stands where a document is expected, at character ${offset}.`,
    todo: 'Give documents in braces: a list of them, or one a line.',
    at: { offset, length: 1 },
  });
}
