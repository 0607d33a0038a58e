/** Which rule holds for a field. */
import type { ServiceKindName } from '../../../../preload/contract/kinds.ts';
import type { MaskRule } from './rules.ts';

export class RuleLookup {
  readonly #rules: readonly MaskRule[];
  readonly #found = new Map<string, Map<string, MaskRule | null>>();
  readonly #kind: ServiceKindName;

  /** @param rules those that come first go before */
  constructor(kind: ServiceKindName, rules: readonly MaskRule[]) {
    this.#kind = kind;
    this.#rules = rules.filter((rule) => rule.kind === kind);
  }

  /** Rules of a place. */
  of(place: string): readonly MaskRule[] {
    return this.#rules.filter((rule) => isPlace(this.#kind, rule.place, place));
  }

  /** The rule of the field itself, else that of the nearest thing it is in. */
  find(place: string, field: string): MaskRule | undefined {
    const fields = this.#found.get(place) ?? new Map<string, MaskRule | null>();
    // Places and fields may be named by data: what is remembered is bounded.
    if (this.#found.size < 10_000) this.#found.set(place, fields);
    let rule = fields.get(field);
    if (rule === undefined) {
      rule = this.#look(place, field) ?? null;
      if (fields.size < 10_000) fields.set(field, rule);
    }
    return rule ?? undefined;
  }

  #look(place: string, field: string): MaskRule | undefined {
    const rules = this.of(place);
    for (let path = field; ; path = path.slice(0, path.lastIndexOf('.'))) {
      const rule = rules.find((each) => each.field === path);
      if (rule || !path.includes('.')) return rule;
    }
  }
}

/** Tables of the schema `public` and topics of `public/default` may be named without it; `*` stands for anything in a key. */
export function isPlace(kind: ServiceKindName, written: string, place: string): boolean {
  if (written === place) return true;
  if (kind === 'postgres') return `public.${written}` === place;
  if (kind === 'pulsar') return `persistent://public/default/${written}` === place || `persistent://${written}` === place;
  if (kind === 'redis') return globMatches(written, place);
  return false;
}

function globMatches(pattern: string, text: string): boolean {
  const [first, ...rest] = pattern.split('*');
  if (rest.length === 0) return text === pattern;
  if (!text.startsWith(first!)) return false;
  const last = rest.pop()!;
  let at = first!.length;
  for (const part of rest) {
    const found = text.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
}
