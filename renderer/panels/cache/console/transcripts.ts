/** What was asked and answered, kept while the window is open: a console is not emptied by looking elsewhere. */
export type ConsoleEntry =
  | { readonly id: number; readonly line: string; readonly kind: 'running'; readonly since: number }
  | {
      readonly id: number;
      readonly line: string;
      readonly kind: 'answered';
      readonly text: string;
      readonly failed: boolean;
      readonly cut: boolean;
      readonly took: number;
    };

const most = 500;
const transcripts = new Map<string, readonly ConsoleEntry[]>();
let last = 0;

export const nextEntry = (): number => ++last;

export function transcriptOf(place: string): readonly ConsoleEntry[] {
  return transcripts.get(place) ?? [];
}

/** Adds an entry, or puts it in the place of the one with its id. */
export function keepEntry(place: string, entry: ConsoleEntry): readonly ConsoleEntry[] {
  const before = transcriptOf(place);
  const known = before.some(({ id }) => id === entry.id);
  const entries = known ? before.map((each) => (each.id === entry.id ? entry : each)) : [...before, entry].slice(-most);
  transcripts.set(place, entries);
  return entries;
}

export function emptyTranscript(place: string): readonly ConsoleEntry[] {
  transcripts.delete(place);
  return [];
}
