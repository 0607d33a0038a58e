/** PostgreSQL's words, strings and comments, as far as one must know them to find where a statement ends and a parameter stands. Never fails: what is not closed goes to the end. */

export type TokenKind = 'space' | 'comment' | 'string' | 'name' | 'word' | 'number' | 'param' | 'end' | 'other';

export interface Token {
  readonly kind: TokenKind;
  readonly from: number;
  readonly to: number;
}

const wordStart = /[\p{L}_\u0080-\uffff]/u;
const word = /[\p{L}\p{N}_$\u0080-\uffff]*/uy;
const number = /[0-9][0-9a-zA-Z_.]*/y;
const space = /\s+/y;
const line = /--[^\n]*/y;
const dollar = /\$(?:[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*)?\$/y;
const paramName = /:([A-Za-z_][A-Za-z0-9_]*)/y;
/** After one of these a colon belongs to a slice, a cast or an assignment. */
const beforeSlice = /[\p{L}\p{N}_$"'\])]/u;

export function* tokens(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const { kind, to } = next(text, at);
    yield { kind, from: at, to };
    at = to;
  }
}

function next(text: string, at: number): { kind: TokenKind; to: number } {
  const char = text[at]!;
  const run = (pattern: RegExp): number => {
    pattern.lastIndex = at;
    return pattern.test(text) ? pattern.lastIndex : -1;
  };
  const two = text.slice(at, at + 2);
  if (/\s/.test(char)) return { kind: 'space', to: run(space) };
  if (two === '--') return { kind: 'comment', to: run(line) };
  if (two === '/*') return { kind: 'comment', to: blockEnd(text, at) };
  if (char === ';') return { kind: 'end', to: at + 1 };
  if (char === "'") return { kind: 'string', to: quotedEnd(text, at + 1, "'", false) };
  if (/[eE]/.test(char) && text[at + 1] === "'") return { kind: 'string', to: quotedEnd(text, at + 2, "'", true) };
  if (char === '"') return { kind: 'name', to: quotedEnd(text, at + 1, '"', false) };
  if (char === '$') {
    const opened = run(dollar);
    if (opened > 0) {
      const close = text.indexOf(text.slice(at, opened), opened);
      return { kind: 'string', to: close < 0 ? text.length : close + (opened - at) };
    }
  }
  if (char === ':') {
    if (text[at + 1] === ':' || text[at + 1] === '=') return { kind: 'other', to: at + 2 };
    const to = run(paramName);
    if (to > 0 && !(at > 0 && beforeSlice.test(text[at - 1]!))) return { kind: 'param', to };
  }
  if (/[0-9]/.test(char)) return { kind: 'number', to: run(number) };
  if (wordStart.test(String.fromCodePoint(text.codePointAt(at)!))) return { kind: 'word', to: Math.max(at + 1, run(word)) };
  return { kind: 'other', to: at + 1 };
}

/** Block comments nest. */
function blockEnd(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const two = text.slice(at, at + 2);
    if (two === '/*') depth++;
    else if (two === '*/') depth--;
    else continue;
    at++;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

function quotedEnd(text: string, from: number, quote: string, escapes: boolean): number {
  for (let at = from; at < text.length; at++) {
    if (escapes && text[at] === '\\') at++;
    else if (text[at] === quote) {
      if (text[at + 1] !== quote) return at + 1;
      at++;
    }
  }
  return text.length;
}
