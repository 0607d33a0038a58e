import { NoodleError } from '../errors.ts';

/** A name or note as a person gave it; null for none. @param most characters @throws NoodleError bad-argument */
export function worded(text: string | null, most: number, what: string): string | null {
  const trimmed = text?.trim() || null;
  if (trimmed !== null && (trimmed.length > most || (what === 'name' && /\p{Cc}/u.test(trimmed)))) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `That ${what} is too long or holds control characters.`,
      todo: `Give at most ${most} characters.`,
    });
  }
  return trimmed;
}
