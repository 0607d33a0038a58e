/**
 * Texts in shell syntax and Extended JSON to BSON values. It reads literals, the shell's constructors and sums of numbers
 * and dates; it runs nothing. (mongodb-query-parser evaluates method calls, and a text can make it call `Function`.)
 */
import { BSONRegExp, Double, Int32, MaxKey, MinKey } from 'mongodb';
import { notWritten, unwrapped } from './ejson-wrappers.ts';
import { type Token, tokenAt, wrongAt } from './scan.ts';
import { makers, numberOf, type ShellDocument, type ShellValue, stored } from './values.ts';

/** As deep as the server nests. */
const deepest = 100;

/** The one value a text stands for. @throws NoodleError bad-argument with the place */
export function parseShell(text: string): ShellValue {
  const reader = new Reader(text);
  const value = reader.expression(0);
  reader.end();
  return value;
}

/** The same for a text that must be a document; an empty text is `{}`. */
export function parseDocument(text: string): ShellDocument {
  if (text.trim() === '') return new Map();
  const value = parseShell(text);
  if (value instanceof Map) return value;
  const from = text.length - text.trimStart().length;
  return wrongAt('A document in braces is wanted here.', from, text.trim().length, 'Write { field: value }.');
}

/** For pipelines: stages in brackets. An update may be either. */
export function parseDocuments(text: string): ShellDocument[] {
  if (text.trim() === '') return [];
  const value = parseShell(text);
  if (value instanceof Map) return [value];
  if (Array.isArray(value) && value.every((each) => each instanceof Map)) return value as ShellDocument[];
  const from = text.length - text.trimStart().length;
  return wrongAt('A list of documents is wanted here.', from, text.trim().length, 'Write [{ $match: … }, { … }].');
}

class Reader {
  readonly #text: string;
  #position = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    const token = this.#peek(false);
    if (token.kind !== 'end') unexpected(token, 'the end');
  }

  /** Sums, then products, then values: as JavaScript binds them. */
  expression(depth: number): ShellValue {
    let left = this.#product(depth);
    for (;;) {
      const token = this.#peek(false);
      if (token.kind !== 'mark' || (token.text !== '+' && token.text !== '-')) return left;
      this.#take(token);
      const right = this.#product(depth);
      left = this.#reckoned(token, left, right);
    }
  }

  #product(depth: number): ShellValue {
    let left = this.#value(depth);
    for (;;) {
      const token = this.#peek(false);
      if (token.kind !== 'mark' || !'*/%'.includes(token.text)) return left;
      this.#take(token);
      left = this.#reckoned(token, left, this.#value(depth));
    }
  }

  #reckoned(token: Token, left: ShellValue, right: ShellValue): ShellValue {
    if (token.text === '+' && typeof left === 'string' && typeof right === 'string') return left + right;
    const [a, b] = this.#said(token, () => [numberOf(left), numberOf(right)] as const);
    switch (token.text) {
      case '+':
        return stored(a + b);
      case '-':
        return stored(a - b);
      case '*':
        return stored(a * b);
      case '/':
        return stored(a / b);
      default:
        return stored(a % b);
    }
  }

  #value(depth: number): ShellValue {
    const token = this.#peek(true);
    if (depth > deepest) wrongAt(`Documents nest ${deepest} deep at most.`, token.from);
    this.#take(token);
    switch (token.kind) {
      case 'string':
        return token.text;
      case 'number':
        return this.#number(token);
      case 'regex':
        return this.#said(token, () => new BSONRegExp(token.text.replaceAll('\\/', '/'), ordered(token.flags)));
      case 'name':
        return this.#named(token, depth);
      case 'end':
        return unexpected(token, 'a value');
    }
    if (token.text === '{') return this.#document(token, depth);
    if (token.text === '[') return this.#list(']', depth);
    if (token.text === '(') {
      const value = this.expression(depth + 1);
      this.#must(')');
      return value;
    }
    if (token.text === '-' || token.text === '+') {
      const value = this.#value(depth);
      const number = this.#said(token, () => numberOf(value));
      const signed = token.text === '-' ? -number : number;
      return value instanceof Int32 ? stored(signed) : new Double(signed);
    }
    return unexpected(token, 'a value');
  }

  /** As the shell: whole numbers of 32 bits are ints. A point makes a double, so that 5.0 stays one. */
  #number(token: Token): ShellValue {
    if (token.text.endsWith('n')) return this.#said(token, () => makers.NumberLong!([String(BigInt(token.text.slice(0, -1)))]));
    const value = Number(token.text);
    return /^\d+$|^0x/i.test(token.text) ? stored(value) : new Double(value);
  }

  #document(open: Token, depth: number): ShellValue {
    const document: ShellDocument = new Map();
    for (;;) {
      const key = this.#peek(true);
      this.#take(key);
      if (key.kind === 'mark' && key.text === '}') break;
      if (key.kind !== 'name' && key.kind !== 'string' && key.kind !== 'number') unexpected(key, 'a field');
      const name = key.kind === 'number' ? String(Number(key.text)) : key.text;
      if (name.includes('\0')) wrongAt('A field’s name cannot hold the character 0.', key.from, key.to - key.from);
      if (document.has(name)) wrongAt(`The field ${JSON.stringify(name)} stands here twice.`, key.from, key.to - key.from);
      this.#must(':');
      document.set(name, this.expression(depth + 1));
      const next = this.#peek(false);
      this.#take(next);
      if (next.text === '}' && next.kind === 'mark') break;
      if (next.text !== ',' || next.kind !== 'mark') unexpected(next, 'a comma or }');
    }
    return this.#said(open, () => unwrapped(document));
  }

  #list(close: ']' | ')', depth: number): ShellValue[] {
    const values: ShellValue[] = [];
    for (;;) {
      const first = this.#peek(true);
      if (first.kind === 'mark' && first.text === close) {
        this.#take(first);
        return values;
      }
      values.push(this.expression(depth + 1));
      const next = this.#peek(false);
      this.#take(next);
      if (next.kind === 'mark' && next.text === close) return values;
      if (next.text !== ',' || next.kind !== 'mark') unexpected(next, `a comma or ${close}`);
    }
  }

  #named(token: Token, depth: number): ShellValue {
    if (token.text === 'new') {
      const name = this.#peek(true);
      this.#take(name);
      if (name.kind !== 'name') unexpected(name, 'a type');
      return this.#call(name, depth);
    }
    if (Object.hasOwn(words, token.text)) {
      const next = this.#peek(false);
      if (next.text !== '(') return words[token.text]!();
    }
    return this.#call(token, depth);
  }

  #call(name: Token, depth: number): ShellValue {
    const next = this.#peek(false);
    if (next.kind === 'mark' && next.text === '.' && name.text === 'Date') return this.#dateNow(name);
    if (name.text === 'undefined') return wrongAt(notWritten('undefined'), name.from, name.to - name.from, 'Write null.');
    const make = makers[name.text];
    if (make === undefined) {
      const todo = name.text === 'function' ? "Write a function as Code('…')." : 'A text stands in quotes.';
      return wrongAt(`${name.text} is unknown here.`, name.from, name.to - name.from, todo);
    }
    if (next.text !== '(') return unexpected(next, `( after ${name.text}`);
    this.#take(next);
    const args = this.#list(')', depth);
    const made = this.#said({ ...name, to: this.#position }, () => make(args));
    return this.#method(made);
  }

  /** `.getTime()` and `.valueOf()` of a date: enough to reckon with times. */
  #method(value: ShellValue): ShellValue {
    const point = this.#peek(false);
    if (point.kind !== 'mark' || point.text !== '.' || !(value instanceof Date)) return value;
    this.#take(point);
    const method = this.#peek(false);
    this.#take(method);
    if (method.text !== 'getTime' && method.text !== 'valueOf') unexpected(method, 'getTime');
    this.#must('(');
    this.#must(')');
    return stored(value.getTime());
  }

  #dateNow(name: Token): ShellValue {
    this.#must('.');
    const method = this.#peek(false);
    this.#take(method);
    if (method.text !== 'now') unexpected(method, 'now');
    this.#must('(');
    this.#must(')');
    return this.#said(name, () => stored(Date.now()));
  }

  #peek(value: boolean): Token {
    return tokenAt(this.#text, this.#position, value);
  }

  #take(token: Token): void {
    this.#position = token.to;
  }

  #must(mark: string): void {
    const token = this.#peek(false);
    if (token.kind !== 'mark' || token.text !== mark) unexpected(token, mark);
    this.#take(token);
  }

  /** What a maker says is wrong, with its place. */
  #said<T>(token: Token, act: () => T): T {
    try {
      return act();
    } catch (error) {
      return wrongAt((error as Error).message, token.from, token.to - token.from);
    }
  }
}

const words: Readonly<Record<string, () => ShellValue>> = {
  true: () => true,
  false: () => false,
  null: () => null,
  NaN: () => new Double(Number.NaN),
  Infinity: () => new Double(Number.POSITIVE_INFINITY),
  MinKey: () => new MinKey(),
  MaxKey: () => new MaxKey(),
};

/** The server wants options in the order of the alphabet. */
function ordered(flags: string): string {
  return [...flags].sort().join('');
}

function unexpected(token: Token, wanted: string): never {
  const what =
    token.kind === 'end'
      ? `The text ends where ${wanted} is expected.`
      : `${JSON.stringify(token.text)} stands where ${wanted} is expected.`;
  return wrongAt(what, token.from, token.to - token.from);
}
