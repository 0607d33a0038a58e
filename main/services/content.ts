/** What a store holds, item by item, so that two states of it can be compared (`main/backup/snapshots/diff/`). */
export interface StoreContent {
  /** What it is made of, for people: "row", "key", "message", "document", "point". */
  readonly item: string;
  /** Tables, topics, collections …; none that is the server's or Noodlebox's own. */
  parts(signal: AbortSignal): Promise<readonly ContentPart[]>;
  /** Everything in a part, in any order, in batches. Nothing is changed by reading it. */
  items(part: string, signal: AbortSignal): AsyncIterable<readonly ContentItem[]>;
  /** What this comparison cannot see, in words. */
  readonly notes: readonly string[];
  close(): Promise<void>;
}

export interface ContentPart {
  readonly name: string;
  readonly items: number;
  /** The same for the same content, whatever its order; null where the server cannot tell it without sending all. */
  readonly digest: string | null;
}

export interface ContentItem {
  /** What is the same item in both states: a primary key, an id. Items that have none are each other's equals. */
  readonly key: string;
  /** The same for the same value. */
  readonly digest: string;
  /** The value for people, at most `limits.diffText` characters. */
  readonly text: string;
}

/** @param text cut where it is too long to be shown beside others */
export function shownText(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most - 1)}…` : text;
}
