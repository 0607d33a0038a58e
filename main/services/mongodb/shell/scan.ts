/** Characters to tokens of the shell's syntax: JavaScript's literals, and nothing that would be run. */
import { NoodleError } from '../../../errors.ts';

export type Token =
  | { readonly kind: 'name' | 'string' | 'mark'; readonly text: string; readonly from: number; readonly to: number }
  | { readonly kind: 'number'; readonly text: string; readonly from: number; readonly to: number }
  | { readonly kind: 'regex'; readonly text: string; readonly flags: string; readonly from: number; readonly to: number }
  | { readonly kind: 'end'; readonly text: ''; readonly from: number; readonly to: number };

/** @param offset where in the text that was given it is @throws always */
export function wrongAt(what: string, offset: number, length = 1, todo?: string): never {
  throw new NoodleError({ code: 'bad-argument', what, at: { offset, length: Math.max(1, length) }, ...(todo ? { todo } : {}) });
}

const nameStart = /[\p{L}_$]/u;
const namePart = /[\p{L}\p{N}_$\u200c\u200d]/u;
const number = /(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)n?/y;
const space = /(?:[\s\ufeff]+|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*/y;

/** The token at a position, spaces and comments passed over. @param value a value may begin here, so that `/` opens a regular expression */
export function tokenAt(text: string, position: number, value: boolean): Token {
  space.lastIndex = position;
  space.test(text);
  const from = space.lastIndex;
  const char = charAt(text, from);
  if (char === '') return { kind: 'end', text: '', from, to: from };
  if (char === '"' || char === "'" || char === '`') return stringToken(text, from, char);
  if (char === '/' && value) return regexToken(text, from);
  number.lastIndex = from;
  const digits = number.exec(text);
  if (digits) return { kind: 'number', text: digits[0], from, to: number.lastIndex };
  if (nameStart.test(char)) {
    let to = from;
    for (let part = char; part !== '' && namePart.test(part); part = charAt(text, to)) to += part.length;
    return { kind: 'name', text: text.slice(from, to), from, to };
  }
  if ('{}[](),:.+-*/%'.includes(char)) return { kind: 'mark', text: char, from, to: from + 1 };
  if (text.startsWith('/*', from)) wrongAt('This comment is not closed.', from, 2);
  return wrongAt(`${JSON.stringify(char)} is not expected here.`, from, char.length);
}

function charAt(text: string, at: number): string {
  const code = text.codePointAt(at);
  return code === undefined ? '' : String.fromCodePoint(code);
}

function regexToken(text: string, from: number): Token {
  let inClass = false;
  for (let at = from + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === '\n') break;
    if (char === '\\') at++;
    else if (char === '[') inClass = true;
    else if (char === ']') inClass = false;
    else if (char === '/' && !inClass) {
      const flags = /^[a-z]*/.exec(text.slice(at + 1))![0];
      return { kind: 'regex', text: text.slice(from + 1, at), flags, from, to: at + 1 + flags.length };
    }
  }
  return wrongAt('This regular expression is not closed.', from, 1, 'End it with a slash.');
}

const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', 0: '\0', '\n': '' };

function stringToken(text: string, from: number, quote: string): Token {
  let value = '';
  let at = from + 1;
  for (;;) {
    const char = text[at];
    if (char === undefined || (char === '\n' && quote !== '`'))
      return wrongAt('This text is not closed.', from, 1, `End it with ${quote}.`);
    if (char === quote) return { kind: 'string', text: value, from, to: at + 1 };
    if (quote === '`' && text.startsWith('${', at)) wrongAt('Nothing is put into texts here.', at, 2);
    if (char !== '\\') {
      value += char;
      at++;
      continue;
    }
    const next = text[at + 1] ?? '';
    const hex = /^(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\})/.exec(text.slice(at + 1, at + 12));
    if (hex) {
      const code = Number.parseInt((hex[1] ?? hex[2] ?? hex[3])!, 16);
      if (code > 0x10ffff) wrongAt('There is no such character.', at, hex[0].length + 1);
      value += String.fromCodePoint(code);
      at += 1 + hex[0].length;
    } else if (next === 'x' || next === 'u') {
      wrongAt('This escape is not complete.', at, 2, 'Write \\xHH or \\uHHHH with hexadecimal digits.');
    } else {
      value += escapes[next] ?? next;
      at += 1 + next.length;
    }
  }
}
