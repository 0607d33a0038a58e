/** Values of an answer that was read exactly, as JavaScript has them: for what is reckoned with, not for what is shown. */
import { Double, Int32, Long } from 'mongodb';

export function plain(value: unknown): unknown {
  if (value instanceof Int32 || value instanceof Double) return value.value;
  if (value instanceof Long) return value.toNumber();
  return value;
}

/** @returns null where there is no number */
export function plainNumber(value: unknown): number | null {
  const number = plain(value);
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}
