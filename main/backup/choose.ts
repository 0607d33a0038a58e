/** What snapshots and backups have in common: their ids, and how one of them is named. */
import { randomBytes } from 'node:crypto';
import { NoodleError } from '../errors.ts';

/**
 * By time, and readable: 20260314-092653-1a2b (UTC). The last part begins with the ms, so that of two in one second the later
 * one is the greater one: of those that a restore keeps the older ones go. @param now ms since the epoch
 */
export function newId(now: number): string {
  const [, date, time] = /^(.{10})T(.{8})/.exec(new Date(now).toISOString())!;
  const [random = 0] = randomBytes(1);
  const last = (Math.floor(now) % 1_000) * 64 + (random % 64);
  return `${date!.replaceAll('-', '')}-${time!.replaceAll(':', '')}-${last.toString(16).padStart(4, '0')}`;
}

export function isId(text: string): boolean {
  return /^\d{8}-\d{6}-[0-9a-f]{4}$/.test(text);
}

/** By id, by the beginning of one, or by name, where only one has it. @throws NoodleError not-found, bad-argument */
export function chosen<Entry extends { readonly id: string }>(
  entries: readonly Entry[],
  asked: string,
  what: 'snapshot' | 'backup',
  nameOf: (entry: Entry) => string | null,
): Entry {
  const exact = entries.find(({ id }) => id === asked);
  if (exact) return exact;
  const named = entries.filter((entry) => nameOf(entry) === asked);
  const begun = asked.length >= 4 ? entries.filter(({ id }) => id.startsWith(asked)) : [];
  const found = named.length > 0 ? named : begun;
  if (found.length === 1) return found[0]!;
  if (found.length > 1) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `"${asked}" stands for ${found.length} ${what}s: ${found.map(({ id }) => id).join(', ')}.`,
      todo: 'Give the whole id of one.',
    });
  }
  throw new NoodleError({
    code: 'not-found',
    what: `There is no ${what} "${asked}".`,
    todo: 'See those there are.',
    command: `noodlebox ${what} list`,
  });
}
