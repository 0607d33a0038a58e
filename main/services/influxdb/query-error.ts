/** What InfluxDB says of a query that failed, as a problem that points into the text. */
import type { HttpError } from '@influxdata/influxdb-client';
import { NoodleError } from '../../errors.ts';

export interface TextProblem {
  readonly offset: number;
  readonly length: number;
  readonly message: string;
}

/** `@2:3-2:44`: lines and columns from 1, columns in bytes of UTF-8, the end exclusive. */
const place = /@(\d+):(\d+)-(\d+):(\d+)/;

/** Every `error @l:c-l:c: message` of what the server said. */
export function problemsIn(text: string, message: string): TextProblem[] {
  return message.split(/\n+(?=error @)/).map((part) => {
    const found = place.exec(part);
    const words = part
      .replace(/^((compilation failed|runtime error|error|loc)( @?[\d:-]+)?: )+/, '')
      .replace(/ @[\d:-]+/g, '')
      .trim();
    if (!found) return { offset: 0, length: 0, message: words };
    const [line, column, endLine, endColumn] = found.slice(1).map(Number) as [number, number, number, number];
    const offset = offsetOf(text, line, column);
    return { offset, length: Math.max(1, offsetOf(text, endLine, endColumn) - offset), message: words };
  });
}

/** A place the server names, as characters from the start of the text. */
export function offsetOf(text: string, line: number, column: number): number {
  let start = 0;
  for (let passed = 1; passed < line; passed++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  const bytes = new TextEncoder().encode(text.slice(start, end < 0 ? text.length : end));
  return start + new TextDecoder().decode(bytes.subarray(0, Math.max(0, column - 1))).length;
}

/** What the answer's body says; the body itself when it is not the server's usual JSON. */
export function messageOf(error: HttpError): string {
  try {
    const { message } = JSON.parse(error.body ?? '') as { readonly message?: string };
    return message ?? error.message;
  } catch {
    return error.body || error.message;
  }
}

/** A query the server refused or gave up. @param text what the person wrote, to point into; none for a query of our own */
export function queryFailed(message: string, text: string | undefined, cause?: unknown): NoodleError {
  const [first] = problemsIn(text ?? '', message);
  const words = first?.message || message;
  const at = text !== undefined && first && first.length > 0 ? { offset: first.offset, length: first.length } : undefined;
  return new NoodleError({ code: 'query-failed', what: `${upper(words)}.`.replace(/\.+$/, '.'), todo: todoFor(words), at }, { cause });
}

function todoFor(message: string): string | undefined {
  if (/unsupported (input|aggregate column) type|unsupported.*(string|bool)/i.test(message))
    return 'Choose count, first or last for values that are no numbers.';
  if (/schema collision/i.test(message))
    return 'Its series hold values of different types: choose count, or narrow it to one type with a filter.';
  if (/could not find bucket/i.test(message)) return 'Choose a bucket that is there.';
  return undefined;
}

function upper(words: string): string {
  return words === '' ? 'The query failed' : words[0]!.toUpperCase() + words.slice(1);
}
