/** JSON without rounding: integers beyond 2^53 are bigints on this side and plain numerals in the text. */

type Reviver = (this: unknown, key: string, value: unknown, context?: { readonly source?: string }) => unknown;
const raw = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** @throws SyntaxError */
export function parseExact(text: string): unknown {
  const revive: Reviver = (_key, value, context) =>
    typeof value === 'number' && !Number.isSafeInteger(value) && context?.source && /^-?\d+$/.test(context.source)
      ? BigInt(context.source)
      : value;
  return JSON.parse(text, revive as (this: unknown, key: string, value: unknown) => unknown);
}

/** Bytes come out as base64, and what JSON has no number for by its name. */
export function exactJson(value: unknown, indent?: number): string {
  return JSON.stringify(plain(value), undefined, indent) ?? 'null';
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return raw(String(value));
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'object' && value !== null) {
    // A key such as __proto__ is a key like any other.
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plain(inner)]));
  }
  return value;
}

/** Where JSON.parse stopped, as it says it in words. @param message of its SyntaxError */
export function placeOf(message: string, text: string): { readonly offset: number; readonly length: number } {
  const position = /at position (\d+)/.exec(message);
  const offset = Math.min(position ? Number(position[1]) : text.length, text.length);
  return offset < text.length ? { offset, length: 1 } : { offset: Math.max(0, text.length - 1), length: Math.min(1, text.length) };
}
