/** What a person asks of bundles and is shown of them, as plain values. */
import type { BundleAbout, BundleRequest, BundleService, PersonalField } from '../../../../preload/contract/index.ts';
import { count, plural } from '../../../ui/format.ts';

export interface Wanted {
  readonly what: 'everything' | 'reached';
  /** One a line. */
  readonly ids: string;
  readonly mask: boolean;
  /** In YAML; null: those that come with Noodlebox. */
  readonly rules: string | null;
  readonly note: string;
}

export const everything: Wanted = { what: 'everything', ids: '', mask: true, rules: null, note: '' };

const mostIds = 1_000;

export function idsOf(text: string): string[] {
  return [...new Set(text.split(/\r?\n/).map((line) => line.trim()))].filter((line) => line !== '');
}

/** Why these ids cannot be asked for; null when they can, and while there are none. */
export function idsProblem(text: string): string | null {
  const ids = idsOf(text).length;
  return ids > mostIds ? `${count(ids)} ids: a bundle is of ${count(mostIds)} at most` : null;
}

/** null while something is missing or wrong. */
export function requestOf({ what, ids, mask, rules, note }: Wanted): BundleRequest | null {
  const rest = { mask, rules: rules?.trim() ? rules : null, note: note.trim() || null };
  if (what === 'everything') return { ...rest, ids: null };
  const asked = idsOf(ids);
  return asked.length === 0 || idsProblem(ids) !== null ? null : { ...rest, ids: asked };
}

export function rowsOf({ counts }: Pick<BundleService, 'counts'>): number {
  return counts.reduce((sum, { rows }) => sum + rows, 0);
}

/** "120 users · 340 projects" */
export function holdsWords({ counts }: Pick<BundleService, 'counts'>): string {
  const there = counts.filter(({ rows }) => rows > 0).map(({ name, rows }) => `${count(rows)} ${name}`);
  return there.length === 0 ? 'nothing' : there.join(' · ');
}

const idsShown = 3;

/** "everything", "what users:42 and 2 more reached" */
export function scopeWords(scope: BundleAbout['scope']): string {
  if (scope.what === 'everything') return 'everything';
  const rest = scope.ids.length - idsShown;
  const named = scope.ids.slice(0, idsShown).join(', ');
  return `what ${named}${rest > 0 ? ` and ${count(rest)} more` : ''} reached: ${plural(scope.reached, 'id')}`;
}

/** "e-mail address, by its name", "phone number, in 93 of 100 values" */
export function likeWords({ like, by, found, looked }: PersonalField): string {
  return `${like}, ${by === 'name' ? 'by its name' : `in ${count(found)} of ${count(looked)} values`}`;
}

/** What whoever has the file should know before all else; null where there is nothing. */
export function warningOf({ masked, report }: Pick<BundleAbout, 'masked' | 'report'>): string | null {
  if (!masked) return 'Nothing is masked: what it holds of people is in it as it is.';
  const { length } = report.personal;
  return length === 0
    ? null
    : `${plural(length, 'field')} ${length === 1 ? 'looks' : 'look'} personal and ${length === 1 ? 'is' : 'are'} not masked: see below.`;
}

const longestName = 63;

/**
 * A name that no stack has yet.
 * @param word what tells it from the stack that it comes from
 */
export function freeName(from: string | null, taken: readonly string[], word = 'bundle'): string {
  const base = from === null ? word : `${from.slice(0, longestName - 12)}-${word}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? base : `${base}-${number}`;
    if (!taken.includes(name)) return name;
  }
}

/** Why a new stack cannot be called so; null when it can. */
export function nameProblem(name: string, taken: readonly string[]): string | null {
  if (!/^[a-z0-9][a-z0-9_-]{0,62}$/.test(name)) return 'Start with a letter or digit; then lower-case letters, digits, - and _';
  return taken.includes(name) ? `There is a stack ${name} already: this becomes one of its own` : null;
}

/** The keys in the text of a key file, or in what was typed. */
export function secretKeysOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.split(/\s+/))
    .filter(Boolean);
}
