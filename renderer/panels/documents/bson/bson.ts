/**
 * A document as the window holds it, read from canonical Extended JSON. JSON.parse would lose the order of fields named by
 * numbers, and every number's type.
 */
export type Bson =
  | { readonly kind: 'object'; readonly fields: readonly (readonly [name: string, value: Bson])[] }
  | { readonly kind: 'array'; readonly items: readonly Bson[] }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'bool'; readonly value: boolean }
  | { readonly kind: 'int' | 'long' | 'double' | 'decimal'; readonly text: string }
  | { readonly kind: 'objectId'; readonly hex: string }
  | { readonly kind: 'date'; readonly ms: string }
  | { readonly kind: 'binary'; readonly base64: string; readonly subType: number }
  | { readonly kind: 'regex'; readonly pattern: string; readonly options: string }
  | { readonly kind: 'timestamp'; readonly t: string; readonly i: string }
  | { readonly kind: 'code'; readonly code: string; readonly scope: Bson | null }
  | { readonly kind: 'symbol'; readonly value: string }
  | { readonly kind: 'dbPointer'; readonly ref: string; readonly hex: string }
  | { readonly kind: 'null' | 'minKey' | 'maxKey' | 'undefined' };

/** @throws SyntaxError when the text is no JSON */
export function parseEjson(text: string): Bson {
  const reader = new JsonReader(text);
  return reader.whole();
}

class JsonReader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  whole(): Bson {
    const value = this.#value();
    this.#space();
    if (this.#at < this.#text.length) throw new SyntaxError(`more at ${this.#at}`);
    return value;
  }

  #value(): Bson {
    this.#space();
    const char = this.#text[this.#at];
    if (char === '{') return this.#object();
    if (char === '[') return this.#array();
    if (char === '"') return { kind: 'string', value: this.#string() };
    const word = /[-+\w.]+/y;
    word.lastIndex = this.#at;
    const found = word.exec(this.#text)?.[0];
    if (found === undefined) throw new SyntaxError(`no value at ${this.#at}`);
    this.#at += found.length;
    if (found === 'null') return { kind: 'null' };
    if (found === 'true' || found === 'false') return { kind: 'bool', value: found === 'true' };
    return { kind: /^-?\d+$/.test(found) ? 'int' : 'double', text: found };
  }

  #object(): Bson {
    const fields: [string, Bson][] = [];
    this.#at++;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === '}') break;
      const name = this.#string();
      this.#must(':');
      fields.push([name, this.#value()]);
      this.#space();
      if (this.#text[this.#at] !== ',') break;
      this.#at++;
    }
    this.#must('}');
    return unwrapped(fields);
  }

  #array(): Bson {
    const items: Bson[] = [];
    this.#at++;
    for (;;) {
      this.#space();
      if (this.#text[this.#at] === ']') break;
      items.push(this.#value());
      this.#space();
      if (this.#text[this.#at] !== ',') break;
      this.#at++;
    }
    this.#must(']');
    return { kind: 'array', items };
  }

  #string(): string {
    const from = this.#at;
    if (this.#text[from] !== '"') throw new SyntaxError(`no text at ${from}`);
    let end = from + 1;
    for (; this.#text[end] !== '"'; end++) {
      if (end >= this.#text.length) throw new SyntaxError('an open text');
      if (this.#text[end] === '\\') end++;
    }
    this.#at = end + 1;
    return JSON.parse(this.#text.slice(from, end + 1)) as string;
  }

  #must(mark: string): void {
    this.#space();
    if (this.#text[this.#at] !== mark) throw new SyntaxError(`no ${mark} at ${this.#at}`);
    this.#at++;
  }

  #space(): void {
    while (this.#at < this.#text.length && /\s/.test(this.#text[this.#at]!)) this.#at++;
  }
}

type Fields = readonly (readonly [string, Bson])[];

/** `{"$oid": …}` and the other wrappers; a document that only looks like one stays a document. */
function unwrapped(fields: Fields): Bson {
  const [first] = fields;
  const document: Bson = { kind: 'object', fields };
  if (first === undefined || !first[0].startsWith('$') || fields.length > 2) return document;
  const [name, value] = first;
  const text = value.kind === 'string' ? value.value : undefined;
  if (name === '$code' && text !== undefined) return { kind: 'code', code: text, scope: fields[1]?.[1] ?? null };
  if (fields.length === 2) return document;
  if (text !== undefined) {
    if (name === '$oid') return { kind: 'objectId', hex: text };
    if (name === '$symbol') return { kind: 'symbol', value: text };
    const number = numbers[name];
    if (number) return { kind: number, text };
    if (name === '$date') return { kind: 'date', ms: String(Date.parse(text)) };
  }
  const inner = (key: string): Bson | undefined => (value.kind === 'object' ? value.fields.find(([each]) => each === key)?.[1] : undefined);
  const innerText = (key: string): string => {
    const found = inner(key);
    return found?.kind === 'string' ? found.value : found !== undefined && 'text' in found ? found.text : '';
  };
  if (name === '$date' && value.kind === 'long') return { kind: 'date', ms: value.text };
  if (name === '$minKey') return { kind: 'minKey' };
  if (name === '$maxKey') return { kind: 'maxKey' };
  if (name === '$undefined') return { kind: 'undefined' };
  if (name === '$binary') return { kind: 'binary', base64: innerText('base64'), subType: Number.parseInt(innerText('subType') || '0', 16) };
  if (name === '$regularExpression') return { kind: 'regex', pattern: innerText('pattern'), options: innerText('options') };
  if (name === '$timestamp') return { kind: 'timestamp', t: innerText('t'), i: innerText('i') };
  if (name === '$dbPointer') {
    const id = inner('$id');
    return { kind: 'dbPointer', ref: innerText('$ref'), hex: id?.kind === 'objectId' ? id.hex : '' };
  }
  return document;
}

const numbers: Readonly<Record<string, 'int' | 'long' | 'double' | 'decimal'>> = {
  $numberInt: 'int',
  $numberLong: 'long',
  $numberDouble: 'double',
  $numberDecimal: 'decimal',
};

/** One field of a document. */
export function fieldOf(document: Bson, name: string): Bson | undefined {
  return document.kind === 'object' ? document.fields.find(([each]) => each === name)?.[1] : undefined;
}
