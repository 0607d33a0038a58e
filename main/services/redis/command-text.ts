/** Commands as they are typed: redis-cli's quoting, both ways. */
import { isUtf8 } from 'node:buffer';
import { NoodleError } from '../../errors.ts';
import type { Argv } from './link.ts';

/** A command as it could be typed into redis-cli. @param longest characters of one argument, before it is cut with its size */
export function commandText(command: readonly (string | number | Buffer)[], longest = 400): string {
  return command.map((part) => quoted(part, longest)).join(' ');
}

function quoted(part: string | number | Buffer, longest: number): string {
  const bytes = Buffer.isBuffer(part) ? part : Buffer.from(String(part));
  const shown = bytes.length > longest ? bytes.subarray(0, longest) : bytes;
  const rest = bytes.length > longest ? `…(${bytes.length} bytes)` : '';
  const text = shown.toString('utf8');
  if (isUtf8(shown) && /^[^\s"'\\\p{Cc}]+$/u.test(text)) return text + rest;
  if (isUtf8(shown) && !/\p{Cc}/u.test(text)) return `"${text.replace(/["\\]/g, '\\$&')}"${rest}`;
  let out = '';
  for (const byte of shown) {
    if (byte === 34 || byte === 92) out += `\\${String.fromCharCode(byte)}`;
    else if (byte === 10) out += '\\n';
    else if (byte === 13) out += '\\r';
    else if (byte === 9) out += '\\t';
    else out += byte >= 32 && byte < 127 ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`;
  }
  return `"${out}"${rest}`;
}

const escapes: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, a: 7 };

/** A typed line cut into arguments, as redis-cli does it (sds.c, sdssplitargs). @throws NoodleError bad-argument, with the place of a quote that is never closed */
export function splitCommand(line: string): Buffer[] {
  const parts: Buffer[] = [];
  let at = 0;
  while (at < line.length) {
    if (/\s/.test(line[at]!)) {
      at++;
      continue;
    }
    const part: Buffer[] = [];
    const begun = at;
    while (at < line.length && !/\s/.test(line[at]!)) {
      const char = line[at]!;
      if (char === '"') at = doubleQuoted(line, at, part);
      else if (char === "'") at = singleQuoted(line, at, part);
      else {
        const point = String.fromCodePoint(line.codePointAt(at)!);
        part.push(Buffer.from(point));
        at += point.length;
        continue;
      }
      if (at < line.length && !/\s/.test(line[at]!)) throw unbalanced('A closing quote is followed by more text.', begun, at - begun + 1);
    }
    parts.push(Buffer.concat(part));
  }
  return parts;
}

function doubleQuoted(line: string, from: number, into: Buffer[]): number {
  for (let at = from + 1; at < line.length; ) {
    const char = line[at]!;
    if (char === '"') return at + 1;
    const hex = char === '\\' ? /^\\x([0-9a-f]{2})/i.exec(line.slice(at, at + 4)) : null;
    if (hex) {
      into.push(Buffer.from([Number.parseInt(hex[1]!, 16)]));
      at += 4;
    } else if (char === '\\' && at + 1 < line.length) {
      const next = String.fromCodePoint(line.codePointAt(at + 1)!);
      const known = escapes[next];
      into.push(known === undefined ? Buffer.from(next) : Buffer.from([known]));
      at += 1 + next.length;
    } else {
      const point = String.fromCodePoint(line.codePointAt(at)!);
      into.push(Buffer.from(point));
      at += point.length;
    }
  }
  throw unbalanced('This quote is never closed.', from, line.length - from);
}

function singleQuoted(line: string, from: number, into: Buffer[]): number {
  for (let at = from + 1; at < line.length; ) {
    if (line[at] === "'") return at + 1;
    if (line.startsWith("\\'", at)) {
      into.push(Buffer.from("'"));
      at += 2;
      continue;
    }
    const point = String.fromCodePoint(line.codePointAt(at)!);
    into.push(Buffer.from(point));
    at += point.length;
  }
  throw unbalanced('This quote is never closed.', from, line.length - from);
}

function unbalanced(what: string, offset: number, length: number): NoodleError {
  return new NoodleError({ code: 'bad-argument', what, todo: 'Close it, or write \\" within double quotes.', at: { offset, length } });
}

/** The arguments as a command. @throws NoodleError bad-argument when there is none */
export function asCommand(parts: readonly Buffer[]): Argv {
  const [name, ...args] = parts;
  if (name === undefined || name.length === 0)
    throw new NoodleError({ code: 'bad-argument', what: 'There is no command.', todo: 'Type one, such as GET key.' });
  return [name.toString('latin1'), ...args];
}
