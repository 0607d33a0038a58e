/** Where each statement of a text stands, and which parameters it has. */
import { type Token, tokens } from './lexer.ts';

export interface Statement {
  /** Without the semicolon, and without space and comments around it. */
  readonly text: string;
  /** Of its first character, in the whole text. */
  readonly offset: number;
}

/** Cuts a text at its semicolons. Those in strings, comments, parentheses and `begin atomic … end` bodies belong to their statement. */
export function statements(text: string): Statement[] {
  const found: Statement[] = [];
  let first: Token | undefined;
  let last: Token | undefined;
  const body = new BodyDepth();
  const close = () => {
    if (first && last) found.push({ text: text.slice(first.from, last.to), offset: first.from });
    first = last = undefined;
    body.reset();
  };
  for (const token of tokens(text)) {
    if (token.kind === 'space' || token.kind === 'comment') continue;
    if (token.kind === 'end' && body.outside) {
      close();
      continue;
    }
    body.take(token, text);
    first ??= token;
    last = token;
  }
  close();
  return found;
}

/** Follows what psql follows: parentheses, and BEGIN, CASE and END of a routine written in SQL's own form. */
class BodyDepth {
  #words = 0;
  #creates = false;
  #routine = false;
  #depth = 0;
  #blocks = 0;

  get outside(): boolean {
    return this.#depth === 0 && this.#blocks === 0;
  }

  reset(): void {
    this.#words = this.#depth = this.#blocks = 0;
    this.#creates = this.#routine = false;
  }

  take({ kind, from, to }: Token, text: string): void {
    if (kind === 'other') {
      const char = text[from];
      if (char === '(') this.#depth++;
      else if (char === ')' && this.#depth > 0) this.#depth--;
      return;
    }
    if (kind !== 'word') return;
    const word = text.slice(from, to).toLowerCase();
    this.#words++;
    if (this.#words === 1) this.#creates = word === 'create';
    else if (this.#words <= 4 && this.#creates && (word === 'function' || word === 'procedure')) this.#routine = true;
    if (!this.#routine) return;
    if (word === 'begin' || (word === 'case' && this.#blocks > 0)) this.#blocks++;
    else if (word === 'end' && this.#blocks > 0) this.#blocks--;
  }
}

/** A statement as the server is given it: `$1` for each `:name`. */
export interface Numbered {
  readonly text: string;
  /** A name for each `$n`. */
  readonly names: readonly string[];
  /** The place in the statement as it was written. @param position from 0, in the text that was sent */
  original(position: number): number;
}

export function numbered(statement: string): Numbered {
  const names: string[] = [];
  const moved: { sent: number; written: number }[] = [];
  let sent = '';
  for (const { kind, from, to } of tokens(statement)) {
    if (kind !== 'param') {
      sent += statement.slice(from, to);
      continue;
    }
    const name = statement.slice(from + 1, to);
    let index = names.indexOf(name);
    if (index < 0) index = names.push(name) - 1;
    moved.push({ sent: sent.length, written: from });
    sent += `$${index + 1}`;
    moved.push({ sent: sent.length, written: to });
  }
  return {
    text: sent,
    names,
    original(position) {
      const before = moved.findLast((each) => each.sent <= position);
      return before ? before.written + (position - before.sent) : position;
    },
  };
}

/** The length of the word, name or string that begins at an offset; at least 1. */
export function lengthAt(text: string, offset: number): number {
  for (const { from, to } of tokens(text)) if (to > offset) return Math.max(1, to - Math.max(from, offset));
  return 1;
}

/** An offset in code points, from 0, as an offset in a string's own units. */
export function unitsOf(text: string, points: number): number {
  let units = 0;
  for (let left = points; left > 0 && units < text.length; left--) units += text.codePointAt(units)! > 0xffff ? 2 : 1;
  return units;
}
