/** The items of two states of a store, in a file on the disk, compared there: memory stays small whatever they hold. */
import { DatabaseSync } from 'node:sqlite';
import type { DiffEntry } from '../../../../preload/contract/snapshots.ts';
import { limits } from '../../../limits.ts';
import type { ContentItem } from '../../../services/content.ts';

export type Side = 'before' | 'after';

export interface PartDiff {
  readonly added: number;
  readonly removed: number;
  readonly changed: number;
  readonly listed: DiffEntry[];
}

/** Both from where they begin to differ, with a little of what comes before. */
export function shown(before: string | null, after: string | null): Pick<DiffEntry, 'before' | 'after'> {
  let same = 0;
  if (before !== null && after !== null) while (same < before.length && before[same] === after[same]) same++;
  const from = Math.max(0, same - context);
  const part = (text: string | null) => {
    if (text === null) return null;
    const rest = text.slice(from);
    const cut = rest.length > limits.diffShown ? `${rest.slice(0, limits.diffShown - 1)}…` : rest;
    return from > 0 ? `…${cut}` : cut;
  };
  return { before: part(before), after: part(after) };
}

/** Characters before the first difference. */
const context = 40;

export class DiffSpool {
  readonly #database: DatabaseSync;

  /** @param path a file that is not there yet */
  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    // It is of use to this process only, and rebuilt from nothing should that end.
    this.#database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE');
    for (const side of ['before', 'after'] as const) {
      this.#database.exec(
        `CREATE TABLE ${side} (part TEXT, key TEXT, digest TEXT, text TEXT, times INTEGER, PRIMARY KEY (part, key)) WITHOUT ROWID`,
      );
    }
  }

  /** Reads all of a part. Items with the same key and no other are counted. @param told so many of them so far */
  async fill(side: Side, part: string, items: AsyncIterable<readonly ContentItem[]>, told: (count: number) => void): Promise<void> {
    const insert = this.#database.prepare(
      `INSERT INTO ${side} VALUES (?, ?, ?, ?, 1) ON CONFLICT (part, key) DO UPDATE SET times = times + 1`,
    );
    let count = 0;
    for await (const batch of items) {
      this.#database.exec('BEGIN');
      for (const { key, digest, text } of batch) insert.run(part, key, digest, text);
      this.#database.exec('COMMIT');
      count += batch.length;
      told(count);
    }
  }

  /** @param most differences that are listed */
  compare(part: string, most: number): PartDiff {
    const joined = `
      FROM (SELECT key FROM before WHERE part = $part UNION SELECT key FROM after WHERE part = $part) k
      LEFT JOIN before b ON b.part = $part AND b.key = k.key
      LEFT JOIN after a ON a.part = $part AND a.key = k.key`;
    const count = this.#database
      .prepare(
        `SELECT sum(max(0, coalesce(a.times, 0) - coalesce(b.times, 0))) AS added,
           sum(max(0, coalesce(b.times, 0) - coalesce(a.times, 0))) AS removed,
           sum(a.digest <> b.digest) AS changed ${joined}`,
      )
      .get({ part }) as Record<'added' | 'removed' | 'changed', number | null>;
    const listed = this.#database
      .prepare(
        `SELECT k.key AS key, b.text AS before, a.text AS after ${joined}
         WHERE a.digest IS NOT b.digest OR a.times IS NOT b.times ORDER BY k.key LIMIT $most`,
      )
      .all({ part, most }) as unknown as DiffEntry[];
    return {
      added: count.added ?? 0,
      removed: count.removed ?? 0,
      changed: count.changed ?? 0,
      listed: listed.map(({ key, before, after }) => ({ key, ...shown(before, after) })),
    };
  }

  close(): void {
    this.#database.close();
  }
}
