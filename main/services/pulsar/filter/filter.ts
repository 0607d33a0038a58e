/**
 * The filter of a tail, one line of terms that must all hold; docs/panels/topics.md tells its grammar.
 *
 *     filter = { [ "-" ] term }
 *     term   = "key:" glob | "prop." name [ ":" glob ] | path [ op value ] | word
 *     path   = "$" …                                 (json-path.ts)
 *     op     = "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"
 */
import { NoodleError } from '../../../errors.ts';
import { parsePath, pick, readQuoted, type Step } from './json-path.ts';

/** What a filter asks of a message; each is worked out when it is first asked for. */
export interface Subject {
  readonly key: string | undefined;
  readonly properties: Readonly<Record<string, string>>;
  /** The payload as text, lower case; empty when it has none. */
  text(): string;
  /** The payload as a value; undefined when it has none. */
  value(): unknown;
}

export interface Filter {
  /** It lets everything pass, and asks nothing. */
  readonly all: boolean;
  test(subject: Subject): boolean;
}

type Test = (subject: Subject) => boolean;

/** @throws NoodleError bad-argument, with the place */
export function parseFilter(text: string): Filter {
  const tests: Test[] = [];
  let at = 0;
  const fail = (message: string, offset: number, length = 1): never => {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'The filter cannot be understood.',
      why: message,
      todo: "Write words, key:abc*, prop.name:value or $.path = 'value'.",
      at: { offset: Math.min(offset, Math.max(0, text.length - 1)), length },
    });
  };
  const blank = () => {
    while (at < text.length && /\s/.test(text[at]!)) at++;
  };
  /** A quoted text, or what stands until the next blank. */
  const readWord = (): { readonly value: string; readonly quoted: boolean } => {
    if (text[at] === '"' || text[at] === "'") {
      const quoted = readQuoted(text, at);
      if (!quoted.ok) return fail('The quote is not closed.', at, text.length - at);
      at = quoted.end;
      return { value: quoted.value, quoted: true };
    }
    const value = /^\S*/.exec(text.slice(at))![0];
    at += value.length;
    return { value, quoted: false };
  };
  const readGlob = (): ((value: string) => boolean) => {
    const { value, quoted } = readWord();
    return quoted ? (given) => given === value : glob(value);
  };

  const readPath = (): Test => {
    const path = parsePath(text, at);
    if (!path.ok) return fail(path.message, path.offset);
    at = path.end;
    const { steps } = path;
    const after = at;
    blank();
    const op = /^(!=|<=|>=|=|<|>|~)/.exec(text.slice(at))?.[0] as Op | undefined;
    if (!op) {
      at = after;
      if (at < text.length && !/\s/.test(text[at]!)) return fail('The path is followed by something that is no part of it.', at);
      return (subject) => pickIn(subject, steps).length > 0;
    }
    at += op.length;
    blank();
    if (at >= text.length) return fail(`A value is wanted after ${op}.`, at - op.length, op.length);
    const start = at;
    const { value, quoted } = readWord();
    const wanted = quoted ? value : literal(value);
    if (wanted === undefined) return fail('A value is a number, true, false, null, or a text in quotes.', start, value.length);
    if (op === '~' && typeof wanted !== 'string') return fail('~ wants a text in quotes.', start, value.length);
    return (subject) => compared(pickIn(subject, steps), op, wanted);
  };

  for (blank(); at < text.length; blank()) {
    const negated = text[at] === '-' && at + 1 < text.length && !/\s/.test(text[at + 1]!);
    if (negated) at++;
    const test = readTerm();
    tests.push(negated ? (subject) => !test(subject) : test);
  }
  return { all: tests.length === 0, test: (subject) => tests.every((test) => test(subject)) };

  function readTerm(): Test {
    if (text[at] === '$') return readPath();
    if (text.startsWith('key:', at)) {
      at += 4;
      const start = at;
      const matches = readGlob();
      if (at === start) return fail('A key is wanted after key:.', start - 4, 4);
      return ({ key }) => key !== undefined && matches(key);
    }
    if (text.startsWith('prop.', at)) {
      const start = at;
      at += 5;
      const name = propertyName();
      if (name === '') return fail('The name of a property is wanted after prop.', start, 5);
      if (text[at] !== ':') return ({ properties }) => Object.hasOwn(properties, name);
      at++;
      const matches = readGlob();
      return ({ properties }) => Object.hasOwn(properties, name) && matches(properties[name]!);
    }
    const word = readWord().value.toLowerCase();
    return (subject) => subject.text().includes(word);
  }

  function propertyName(): string {
    if (text[at] === '"' || text[at] === "'") return readWord().value;
    const name = /^[^\s:]*/.exec(text.slice(at))![0];
    at += name.length;
    return name;
  }
}

type Op = '=' | '!=' | '<' | '<=' | '>' | '>=' | '~';
type Literal = string | number | bigint | boolean | null;

function literal(word: string): Literal | undefined {
  if (word === 'true' || word === 'false') return word === 'true';
  if (word === 'null') return null;
  if (/^-?\d+$/.test(word)) return Number.isSafeInteger(Number(word)) ? Number(word) : BigInt(word);
  return /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/.test(word) ? Number(word) : undefined;
}

function pickIn(subject: Subject, steps: readonly Step[]): unknown[] {
  const value = subject.value();
  return value === undefined ? [] : pick(value, steps);
}

/** One of the values that were picked must compare; `!=` holds when none is equal, of at least one. */
function compared(values: readonly unknown[], op: Op, wanted: Literal): boolean {
  if (op === '!=') return values.length > 0 && !values.some((value) => equal(value, wanted));
  return values.some((value) => {
    if (op === '=') return equal(value, wanted);
    if (op === '~') return typeof value === 'string' && value.toLowerCase().includes(String(wanted).toLowerCase());
    const order = orderOf(value, wanted);
    if (order === undefined) return false;
    if (op === '<') return order < 0;
    if (op === '<=') return order <= 0;
    return op === '>' ? order > 0 : order >= 0;
  });
}

function equal(value: unknown, wanted: Literal): boolean {
  // Between number and bigint, which compare exactly when neither is made the other.
  if (isNumeric(value) && isNumeric(wanted)) return !(value < wanted) && !(value > wanted);
  return value === wanted;
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

/** Undefined between values of different kinds. */
function orderOf(value: unknown, wanted: Literal): number | undefined {
  if (isNumeric(value) && isNumeric(wanted)) return value < wanted ? -1 : value > wanted ? 1 : 0;
  if (typeof value === 'string' && typeof wanted === 'string') return value < wanted ? -1 : value > wanted ? 1 : 0;
  return undefined;
}

/** `*` stands for any characters; everything else for itself. */
function glob(pattern: string): (value: string) => boolean {
  if (!pattern.includes('*')) return (value) => value === pattern;
  const pieces = pattern.split('*');
  const [head, ...middle] = pieces;
  const tail = middle.pop()!;
  return (value) => {
    if (value.length < head!.length + tail.length || !value.startsWith(head!) || !value.endsWith(tail)) return false;
    let at = head!.length;
    const end = value.length - tail.length;
    for (const piece of middle) {
      const found = value.indexOf(piece, at);
      if (found === -1 || found + piece.length > end) return false;
      at = found + piece.length;
    }
    return true;
  };
}
