/**
 * JSON paths, the part of RFC 9535 that picks: `$.a.b`, `$['a b'][0]`, `[-1]` from the end, `.*` and `[*]` for all
 * members, `..a` at any depth.
 */

export type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'all' }
  /** The next step applies to the value and to everything in it. */
  | { readonly kind: 'deep' };

export type PathParse =
  | { readonly ok: true; readonly steps: readonly Step[] /** Where the path ends in the text. */; readonly end: number }
  | { readonly ok: false; readonly message: string; readonly offset: number };

/** @param start where `$` stands */
export function parsePath(text: string, start: number): PathParse {
  const steps: Step[] = [];
  let at = start + 1;
  const failed = (message: string, offset = at): PathParse => ({ ok: false, message, offset });
  for (;;) {
    if (text[at] === '.') {
      at++;
      if (text[at] === '.') {
        steps.push({ kind: 'deep' });
        at++;
        if (text[at] === '[') continue;
      }
      if (text[at] === '*') {
        steps.push({ kind: 'all' });
        at++;
        continue;
      }
      const name = /^[\p{L}\p{N}_$-]+/u.exec(text.slice(at))?.[0];
      if (!name) return failed("A name is wanted after the dot; names with other characters are written ['…'].");
      steps.push({ kind: 'name', name });
      at += name.length;
    } else if (text[at] === '[') {
      const open = at++;
      const quoted = text[at] === "'" || text[at] === '"' ? readQuoted(text, at) : undefined;
      if (quoted) {
        if (!quoted.ok) return failed('The quote is not closed.', at);
        steps.push({ kind: 'name', name: quoted.value });
        at = quoted.end;
      } else if (text[at] === '*') {
        steps.push({ kind: 'all' });
        at++;
      } else {
        const index = /^-?\d{1,9}/.exec(text.slice(at))?.[0];
        if (!index) return failed('A quoted name, a number or * is wanted in the brackets.');
        steps.push({ kind: 'index', index: Number(index) });
        at += index.length;
      }
      if (text[at] !== ']') return failed('The bracket is not closed.', open);
      at++;
    } else return { ok: true, steps, end: at };
  }
}

export type Quoted = { readonly ok: true; readonly value: string; readonly end: number } | { readonly ok: false };

/** A text in single or double quotes; backslash escapes the next character, `\n`, `\t`, `\r` and `\uXXXX` as in JSON. */
export function readQuoted(text: string, start: number): Quoted {
  const quote = text[start];
  let value = '';
  for (let at = start + 1; at < text.length; at++) {
    const char = text[at]!;
    if (char === quote) return { ok: true, value, end: at + 1 };
    if (char !== '\\') {
      value += char;
      continue;
    }
    const next = text[++at];
    if (next === undefined) break;
    const code = next === 'u' ? /^[0-9a-fA-F]{4}/.exec(text.slice(at + 1))?.[0] : undefined;
    if (code) {
      value += String.fromCharCode(Number.parseInt(code, 16));
      at += 4;
    } else value += ({ n: '\n', t: '\t', r: '\r' } as Record<string, string>)[next] ?? next;
  }
  return { ok: false };
}

/** Everything the path picks. */
export function pick(value: unknown, steps: readonly Step[]): unknown[] {
  let found: unknown[] = [value];
  for (const step of steps) {
    found = step.kind === 'deep' ? found.flatMap(withAllInside) : found.flatMap((each) => stepped(each, step));
    if (found.length === 0) return found;
  }
  return found;
}

function stepped(value: unknown, step: Exclude<Step, { kind: 'deep' }>): unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  if (step.kind === 'all') return Object.values(value);
  if (step.kind === 'index') {
    if (!Array.isArray(value)) return [];
    const index = step.index < 0 ? value.length + step.index : step.index;
    return index in value ? [value[index]] : [];
  }
  if (Array.isArray(value)) return [];
  return Object.hasOwn(value, step.name) ? [(value as Record<string, unknown>)[step.name]] : [];
}

function withAllInside(value: unknown): unknown[] {
  const all: unknown[] = [];
  const waiting = [value];
  while (waiting.length > 0) {
    const each = waiting.pop();
    all.push(each);
    if (typeof each === 'object' && each !== null) waiting.push(...Object.values(each).reverse());
  }
  return all;
}
