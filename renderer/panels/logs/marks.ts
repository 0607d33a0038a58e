/** A piece of a text, where it begins, and whether it is what was searched for. */
export interface Piece {
  text: string;
  at: number;
  found: boolean;
}

/** Cuts a text at every place where `wanted` stands, without regard to case. */
export function marked(text: string, wanted: string): Piece[] {
  if (wanted === '') return [{ text, at: 0, found: false }];
  const pieces: Piece[] = [];
  const inLower = text.toLowerCase();
  const lower = wanted.toLowerCase();
  // A few letters change length with their case (İ): places in the one are then none in the other.
  if (inLower.length !== text.length) return [{ text, at: 0, found: false }];
  let done = 0;
  for (let at = inLower.indexOf(lower); at >= 0; at = inLower.indexOf(lower, done)) {
    if (at > done) pieces.push({ text: text.slice(done, at), at: done, found: false });
    pieces.push({ text: text.slice(at, at + lower.length), at, found: true });
    done = at + lower.length;
  }
  if (done < text.length) pieces.push({ text: text.slice(done), at: done, found: false });
  return pieces;
}
