/**
 * Strings inside of JSON text, found and replaced where they stand: all else of the text (numbers that no double can
 * hold, the order of fields, spaces) stays as it is.
 */

/** @param bare a number, true or false @returns what stands there now; undefined: it stays */
export type Replace = (path: string, value: string, bare: boolean) => string | null | undefined;

/** Where a value stands: names joined by dots, a list's elements under their list's own path. */
function below(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}

/**
 * @param text JSON
 * @param replace asked for every string, and for every number, true and false as it is written; not for null
 * @returns the text with what was replaced; undefined when it is no JSON
 */
export function rewriteJson(text: string, replace: Replace): string | undefined {
  const reader = new Reader(text, replace);
  try {
    reader.value('');
    reader.end();
  } catch (error) {
    if (error instanceof NoJson) return undefined;
    throw error;
  }
  return reader.rewritten();
}

class NoJson extends Error {}

/** Deeper texts are taken for no JSON: each level is a call on the stack. */
const deepest = 500;

class Reader {
  readonly #text: string;
  readonly #replace: Replace;
  #at = 0;
  #copied = 0;
  #out = '';
  #depth = 0;

  constructor(text: string, replace: Replace) {
    this.#text = text;
    this.#replace = replace;
  }

  rewritten(): string {
    return this.#copied === 0 ? this.#text : this.#out + this.#text.slice(this.#copied);
  }

  end(): void {
    this.#space();
    if (this.#at !== this.#text.length) throw new NoJson();
  }

  value(path: string): void {
    if (++this.#depth > deepest) throw new NoJson();
    this.#space();
    const begin = this.#text[this.#at];
    if (begin === '{') this.#members(path);
    else if (begin === '[') this.#elements(path);
    else this.#scalar(path);
    this.#depth--;
  }

  #members(path: string): void {
    this.#list('}', () => {
      this.#space();
      const name = this.#string();
      this.#space();
      this.#expect(':');
      this.value(below(path, name));
    });
  }

  #elements(path: string): void {
    this.#list(']', () => this.value(path));
  }

  #list(end: string, item: () => void): void {
    this.#at++;
    this.#space();
    if (this.#text[this.#at] === end) {
      this.#at++;
      return;
    }
    for (;;) {
      item();
      this.#space();
      if (this.#text[this.#at] !== ',') break;
      this.#at++;
    }
    this.#expect(end);
  }

  #scalar(path: string): void {
    const from = this.#at;
    if (this.#text[from] === '"') {
      const value = this.#string();
      const instead = this.#replace(path, value, false);
      if (instead !== undefined && instead !== value) this.#put(from, instead === null ? 'null' : JSON.stringify(instead));
      return;
    }
    bare.lastIndex = from;
    const token = bare.exec(this.#text)?.[0];
    if (token === undefined) throw new NoJson();
    this.#at += token.length;
    if (token === 'null') return;
    const instead = this.#replace(path, token, true);
    if (instead !== undefined && instead !== token) this.#put(from, instead === null ? 'null' : JSON.stringify(instead));
  }

  #put(from: number, token: string): void {
    this.#out += this.#text.slice(this.#copied, from) + token;
    this.#copied = this.#at;
  }

  #string(): string {
    quoted.lastIndex = this.#at;
    const token = quoted.exec(this.#text)?.[0];
    if (token === undefined) throw new NoJson();
    this.#at += token.length;
    try {
      return JSON.parse(token) as string;
    } catch {
      throw new NoJson();
    }
  }

  #space(): void {
    space.lastIndex = this.#at;
    this.#at += space.exec(this.#text)![0].length;
  }

  #expect(character: string): void {
    if (this.#text[this.#at] !== character) throw new NoJson();
    this.#at++;
  }
}

const quoted = /"(?:[^"\\]|\\.)*"/sy;
const bare = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null/y;
const space = /[ \t\r\n]*/y;
