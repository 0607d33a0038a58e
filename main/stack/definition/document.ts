/** A YAML document whose every value knows its line, so that an error can name it. */
import { type Document, isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { NoodleError } from '../../errors.ts';
import { InterpolationError, interpolate, type Variables } from './interpolate.ts';

/** One value of the file with where it stands. */
export class Value {
  private readonly source: Source;
  private readonly node: Node | null;
  /** What stands in the file at this place: the value, or an alias of it. */
  private readonly written: Node | null;
  private read: readonly Entry[] | undefined;
  /** Dotted path, such as `services.postgres.ports`. */
  readonly path: string;

  constructor(source: Source, node: Node | null, path: string) {
    this.source = source;
    this.written = node;
    this.node = isAlias(node) ? (node.resolve(source.document) ?? null) : node;
    this.path = path;
  }

  get isNull(): boolean {
    return this.node === null || (isScalar(this.node) && this.node.value === null);
  }

  get isMap(): boolean {
    return isMap(this.node);
  }

  get isList(): boolean {
    return isSeq(this.node);
  }

  /** Keys and values in the file's order, then those that `<<` merges in; an empty value has none. */
  entries(): readonly Entry[] {
    this.read ??= this.readEntries();
    return this.read;
  }

  private readEntries(): readonly Entry[] {
    if (this.isNull) return [];
    if (!isMap(this.node)) throw this.error('a mapping was expected');
    const own = new Map<string, Value>();
    const merged: Entry[] = [];
    for (const { key, value } of this.node.items) {
      const name = isScalar(key) ? (key.source ?? String(key.value)) : String(key);
      const entry = new Value(this.source, value as Node | null, this.path ? `${this.path}.${name}` : name);
      if (name === '<<') merged.push(...(entry.isList ? entry.items() : [entry]).flatMap((map) => map.entries()));
      else own.set(name, entry);
    }
    for (const [name, value] of merged) if (!own.has(name)) own.set(name, value);
    return [...own];
  }

  items(): readonly Value[] {
    if (this.isNull) return [];
    if (!isSeq(this.node)) throw this.error('a list was expected');
    return this.node.items.map((item, at) => new Value(this.source, item as Node, `${this.path}[${at}]`));
  }

  /** The value of a known key; undefined when it is absent or empty. */
  get(key: string): Value | undefined {
    return this.entries().find(([name, value]) => name === key && !value.isNull)?.[1];
  }

  /** A scalar as text, interpolated. @throws NoodleError variable-missing, definition-invalid */
  text(): string {
    if (!isScalar(this.node) || this.node.value === null) throw this.error('a text was expected');
    const text = typeof this.node.value === 'string' ? this.node.value : (this.node.source ?? String(this.node.value));
    try {
      return interpolate(text, this.source.variables);
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      if (error.variable === undefined) throw this.error(error.message);
      throw new NoodleError({
        code: 'variable-missing',
        what: `${this.place}: the variable ${error.variable} is not set.`,
        why: error.message,
        todo: 'Set it in the environment or in the .env beside the file.',
        command: 'noodlebox env --init',
      });
    }
  }

  integer(): number {
    const number = Number(this.text());
    if (!Number.isInteger(number)) throw this.error('a whole number was expected');
    return number;
  }

  boolean(): boolean {
    const text = this.text();
    if (text !== 'true' && text !== 'false') throw this.error('true or false was expected');
    return text === 'true';
  }

  /** The texts of a list; of a single text, what `alone` makes of it. */
  strings(alone: (value: Value) => string[]): string[] {
    return this.isList ? this.items().map((item) => item.text()) : alone(this);
  }

  /** `{a: b}` from a mapping or from a list of `a=b`; a name alone gets what `alone` says, or is left out. */
  dictionary(alone: (name: string) => string | undefined): Record<string, string> {
    const pairs = this.isList
      ? this.items().map((item) => {
          const text = item.text();
          const at = text.indexOf('=');
          return at < 0 ? ([text, alone(text)] as const) : ([text.slice(0, at), text.slice(at + 1)] as const);
        })
      : this.entries().map(([name, value]) => [name, value.isNull ? alone(name) : value.text()] as const);
    return Object.fromEntries(pairs.filter((pair): pair is readonly [string, string] => pair[1] !== undefined));
  }

  /** Refuses every key that is not listed; `x-…` is anybody's. @throws NoodleError definition-key-unsupported */
  only(supported: readonly string[]): void {
    for (const [name, value] of this.entries()) {
      if (supported.includes(name) || name.startsWith('x-')) continue;
      throw new NoodleError({
        code: 'definition-key-unsupported',
        what: `${value.place}: the key "${value.path}" is not honoured.`,
        why: `Here these are: ${supported.join(', ')}.`,
        todo: 'Remove it, or write what it does by a key that is honoured (docs/compose.md).',
      });
    }
  }

  error(why: string): NoodleError {
    return new NoodleError({ code: 'definition-invalid', what: `${this.place}: "${this.path || 'the file'}" cannot be used: ${why}.` });
  }

  /** The variables that the file is read with. */
  get variables(): Variables {
    return this.source.variables;
  }

  /** `file:line` */
  get place(): string {
    const offset = this.written?.range?.[0];
    return offset === undefined ? this.source.file : `${this.source.file}:${this.source.lines.linePos(offset).line}`;
  }
}

type Entry = readonly [name: string, value: Value];

interface Source {
  readonly file: string;
  readonly document: Document;
  readonly lines: LineCounter;
  readonly variables: Variables;
}

/** @throws NoodleError definition-invalid with file, line and column */
export function parseYaml(file: string, text: string, variables: Variables): Value {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, merge: true, uniqueKeys: true });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    throw new NoodleError(
      { code: 'definition-invalid', what: `${file}:${line}:${col}: this is not valid YAML.`, why: error.message.split('\n')[0] },
      { cause: error },
    );
  }
  return new Value({ file, document, lines, variables }, document.contents as Node | null, '');
}
