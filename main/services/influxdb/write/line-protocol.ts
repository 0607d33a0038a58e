/**
 * Line protocol, checked before it is sent, so that what is wrong can be pointed at.
 * https://docs.influxdata.com/influxdb/v2/reference/syntax/line-protocol/
 */
import type { LinePrecision } from '../../../../preload/contract/index.ts';

export interface PlacedReason {
  /** Characters from the start of the line. */
  readonly offset: number;
  readonly length: number;
  readonly reason: string;
}

export type LineVerdict = { readonly kind: 'blank' } | { readonly kind: 'point' } | ({ readonly kind: 'wrong' } & PlacedReason);

const blank: LineVerdict = { kind: 'blank' };
const point: LineVerdict = { kind: 'point' };

class Wrong extends Error {
  readonly offset: number;
  readonly length: number;

  constructor(offset: number, length: number, reason: string) {
    super(reason);
    this.offset = offset;
    this.length = Math.max(1, length);
  }
}

/** One line, without the newline that ends it; a string field may hold newlines of its own. */
export function checkLine(line: string, precision: LinePrecision): LineVerdict {
  let at = 0;
  while (at < line.length && isSpace(line[at]!)) at++;
  if (at === line.length || line[at] === '#') return blank;
  try {
    const measurement = readKey(line, at, ',');
    if (measurement === at) throw new Wrong(at, 1, 'There is no measurement before the tags.');
    const fieldsFrom = afterSpace(line, readTags(line, measurement));
    const timeFrom = afterSpace(line, readFields(line, fieldsFrom));
    readTime(line, timeFrom, precision);
    return point;
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { kind: 'wrong', offset: error.offset, length: error.length, reason: error.message };
  }
}

/**
 * From a line's first character to behind its last: a newline inside a string field does not end it. A string that has
 * no end within `most` characters is wrong on its own line, and not on all that follow.
 */
export function endOfLine(text: string, from: number, most: number): number {
  let at = from;
  // Quotes are plain characters before the fields, and in a remark.
  while (at < text.length && text[at] !== '\n' && text[at] !== ' ') at += text[at] === '\\' ? 2 : 1;
  let quoted = false;
  let firstNewline = -1;
  for (; at < text.length && at - from < most; at++) {
    const character = text[at]!;
    if (character === '\\') at++;
    else if (character === '"' && (quoted || text[at - 1] === '=')) quoted = !quoted;
    else if (character === '\n') {
      if (!quoted || isRemark(text, from)) return at;
      if (firstNewline < 0) firstNewline = at;
    }
  }
  if (quoted && firstNewline >= 0) return firstNewline;
  const newline = text.indexOf('\n', Math.min(at, text.length));
  return newline < 0 ? text.length : newline;
}

function isRemark(text: string, from: number): boolean {
  let at = from;
  while (text[at] === ' ' || text[at] === '\t') at++;
  return text[at] === '#';
}

function readTags(line: string, from: number): number {
  let at = from;
  const seen = new Set<string>();
  while (line[at] === ',') {
    const keyFrom = at + 1;
    const keyTo = readKey(line, keyFrom, ',=');
    if (keyTo === keyFrom) throw new Wrong(keyFrom, 1, 'A tag has no key.');
    if (line[keyTo] !== '=') throw new Wrong(keyFrom, keyTo - keyFrom, 'A tag has no value: write key=value.');
    const key = line.slice(keyFrom, keyTo);
    if (seen.has(key)) throw new Wrong(keyFrom, keyTo - keyFrom, `The tag ${key} stands twice.`);
    seen.add(key);
    at = readKey(line, keyTo + 1, ',=');
    if (at === keyTo + 1) throw new Wrong(keyFrom, keyTo + 1 - keyFrom, `The tag ${key} has no value: leave it out.`);
    if (line[at] === '=') throw new Wrong(at, 1, 'An equals sign in a tag is written \\=.');
  }
  return at;
}

function readFields(line: string, from: number): number {
  if (from >= line.length) throw new Wrong(Math.max(0, line.length - 1), 1, 'There are no fields: write measurement,tags field=value.');
  let at = from;
  for (;;) {
    const keyTo = readKey(line, at, ',=');
    if (keyTo === at) throw new Wrong(at, 1, 'A field has no key.');
    if (line[keyTo] !== '=') throw new Wrong(at, keyTo - at, 'A field has no value: write key=value.');
    at = readValue(line, keyTo + 1);
    if (line[at] !== ',') return at;
    at++;
  }
}

const wholeNumber = /^-?\d+$/;
const number = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;
const booleans = new Set(['t', 'T', 'true', 'True', 'TRUE', 'f', 'F', 'false', 'False', 'FALSE']);

function readValue(line: string, from: number): number {
  if (line[from] === '"') {
    for (let at = from + 1; at < line.length; at++) {
      if (line[at] === '\\') at++;
      else if (line[at] === '"') return at + 1;
    }
    throw new Wrong(from, line.length - from, 'This string has no end: a double quote is missing.');
  }
  const to = readKey(line, from, ',');
  const value = line.slice(from, to);
  const wrong = (reason: string) => new Wrong(from, to - from, reason);
  if (value === '') throw new Wrong(Math.max(0, from - 1), 1, 'A field has no value.');
  if (booleans.has(value)) return to;
  if (value.endsWith('i')) {
    if (!wholeNumber.test(value.slice(0, -1))) throw wrong(`${value} is no whole number.`);
    if (BigInt.asIntN(64, BigInt(value.slice(0, -1))) !== BigInt(value.slice(0, -1))) throw wrong(`${value} does not fit in 64 bits.`);
    return to;
  }
  if (value.endsWith('u')) {
    if (!/^\d+$/.test(value.slice(0, -1))) throw wrong(`${value} is no whole number of zero or more.`);
    if (BigInt.asUintN(64, BigInt(value.slice(0, -1))) !== BigInt(value.slice(0, -1))) throw wrong(`${value} does not fit in 64 bits.`);
    return to;
  }
  if (!number.test(value)) throw wrong(`${value} is neither a number, a boolean nor a string in double quotes.`);
  if (!Number.isFinite(Number(value))) throw wrong(`${value} is too large.`);
  return to;
}

/** What one unit of a precision is in ns. */
const nanoseconds: Readonly<Record<LinePrecision, bigint>> = { ns: 1n, us: 1_000n, ms: 1_000_000n, s: 1_000_000_000n };
const earliest = -9_223_372_036_854_775_806n;
const latest = 9_223_372_036_854_775_806n;

function readTime(line: string, from: number, precision: LinePrecision): void {
  const text = line.slice(from).trimEnd();
  if (text === '') return;
  if (!wholeNumber.test(text)) throw new Wrong(from, text.length, `${text} is no time: it is a whole number of ${precision}.`);
  const time = BigInt(text) * nanoseconds[precision];
  if (time < earliest || time > latest) {
    throw new Wrong(from, text.length, `${text} ${precision} is outside of what InfluxDB can hold; is the precision right?`);
  }
}

/** Behind a key: at the first space or one of `ends` that is not escaped. */
function readKey(line: string, from: number, ends: string): number {
  let at = from;
  while (at < line.length) {
    const character = line[at]!;
    if (character === '\\' && at + 1 < line.length) at += 2;
    else if (isSpace(character) || ends.includes(character)) break;
    else at++;
  }
  return Math.min(at, line.length);
}

function afterSpace(line: string, from: number): number {
  if (from < line.length && !isSpace(line[from]!)) throw new Wrong(from, 1, 'A space is missing here.');
  let at = from;
  while (at < line.length && isSpace(line[at]!)) at++;
  return at;
}

function isSpace(character: string): boolean {
  return character === ' ' || character === '\t' || character === '\r' || character === '\0';
}
