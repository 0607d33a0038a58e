/** What looks at every text on its way into a bundle: masks it by the rules, and keeps an eye on what looks personal and is not masked. */

import type { MaskedField, PersonalField } from '../../../../preload/contract/bundles.ts';
import type { ServiceKindName } from '../../../../preload/contract/kinds.ts';
import { limits } from '../../../limits.ts';
import type { FieldFilter } from '../../../services/portion.ts';
import { RuleLookup } from '../rules/lookup.ts';
import type { MaskRule } from '../rules/rules.ts';
import type { Masker } from './mask.ts';
import { looksByContent, looksByName } from './personal.ts';

interface Seen {
  values: number;
  looked: number;
  /** How many values of those looked at looked like what. */
  readonly like: Map<string, number>;
}

/** Fields that are told apart; documents may have names made of data. */
const fieldsMost = 5_000;

export class MaskingFilter implements FieldFilter {
  readonly passesAll = false;
  readonly #service: string;
  readonly #kind: ServiceKindName;
  readonly #masker: Masker;
  readonly #lookup: RuleLookup;
  readonly #masked = new Map<string, MaskedField & { values: number }>();
  readonly #kept = new Map<string, { readonly place: string; readonly field: string; readonly seen: Seen }>();

  /** @param rules those that come first go before */
  constructor(service: string, kind: ServiceKindName, rules: readonly MaskRule[], masker: Masker) {
    this.#service = service;
    this.#kind = kind;
    this.#masker = masker;
    this.#lookup = new RuleLookup(kind, rules);
  }

  masks(place: string): boolean {
    return this.#lookup.of(place).some(({ mask }) => mask.kind !== 'keep');
  }

  value(
    place: string,
    field: string,
    value: string,
    { most, bare = false }: { readonly most?: number; readonly bare?: boolean } = {},
  ): string | null {
    const rule = this.#lookup.find(place, field);
    // A rule for all of a document is for its texts: its numbers are masked where they are named.
    if (!rule || rule.mask.kind === 'keep' || (bare && rule.field !== field)) {
      if (!bare) this.#see(place, field, value, rule !== undefined);
      return value;
    }
    this.#count(placeOf(this.#kind, rule, place), rule.field, rule.mask.kind);
    return this.#masker.apply(rule.mask, value, most);
  }

  #count(place: string, field: string, mask: MaskedField['mask']): void {
    const key = JSON.stringify([place, field]);
    const masked = this.#masked.get(key);
    if (masked) masked.values++;
    else this.#masked.set(key, { service: this.#service, place, field, mask, values: 1 });
  }

  #see(place: string, field: string, value: string, asked: boolean): void {
    const shown = placeOf(this.#kind, undefined, place);
    const key = `${shown}\0${field}`;
    let kept = this.#kept.get(key);
    if (!kept) {
      if (this.#kept.size >= fieldsMost) return;
      kept = { place: shown, field, seen: { values: 0, looked: 0, like: new Map() } };
      this.#kept.set(key, kept);
    }
    const { seen } = kept;
    seen.values++;
    // A rule says that it is meant to stay.
    if (asked || seen.looked >= limits.bundleLooked) return;
    seen.looked++;
    const looks = looksByContent(value);
    if (looks) seen.like.set(looks.like, (seen.like.get(looks.like) ?? 0) + 1);
  }

  masked(): readonly MaskedField[] {
    return [...this.#masked.values()];
  }

  /** @param known `kind.place.field` that are known not to be */
  personal(known: readonly string[]): readonly PersonalField[] {
    return [...this.#kept.values()].flatMap(({ place, field, seen }): PersonalField[] => {
      const names = [`${this.#kind}.${place}.${field}`, `${this.#kind}.${place.replace(/^public\./, '')}.${field}`];
      if (seen.looked === 0 || names.some((name) => known.includes(name))) return [];
      const [like, found] = [...seen.like].sort((a, b) => b[1] - a[1])[0] ?? [];
      const told = { service: this.#service, place, field, looked: seen.looked };
      if (like !== undefined) return [{ ...told, like, by: 'content', found: found! }];
      const named = looksByName(field);
      return named ? [{ ...told, like: named.like, by: 'name', found: 0 }] : [];
    });
  }
}

/** Keys are told of by their pattern: a line each would be no report. */
function placeOf(kind: ServiceKindName, rule: MaskRule | undefined, place: string): string {
  if (kind !== 'redis') return place;
  if (rule) return rule.place;
  const colon = place.indexOf(':');
  return colon > 0 ? `${place.slice(0, colon)}:*` : place;
}

/** Nothing is masked and nothing is looked at. */
export const passing: FieldFilter = { value: (_place, _field, value) => value, masks: () => false, passesAll: true };
