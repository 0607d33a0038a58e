/** Whether rules fit what they are for, said before anything is read. */
import type { ServiceKindName } from '../../../../preload/contract/kinds.ts';
import { NoodleError } from '../../../errors.ts';
import type { FieldOutline, PlaceOutline } from '../../../services/portion.ts';
import { isPlace, RuleLookup } from './lookup.ts';
import type { MaskRule } from './rules.ts';

/** What is wrong with the rules that a person wrote, a line each. @param outlines of the stores that are there */
export function problemsOf(rules: readonly MaskRule[], outlines: ReadonlyMap<ServiceKindName, readonly PlaceOutline[]>): readonly string[] {
  return rules.flatMap((rule) => {
    const places = outlines.get(rule.kind);
    const told = (why: string) => (rule.written === undefined ? [] : [`${rule.written}: ${why}`]);
    if (!places) return told(`there is no ${rule.kind} here`);
    // Keys are made as a program runs: a pattern that fits none today is no mistake.
    if (rule.kind === 'redis') return [];
    const found = places.filter(({ place }) => isPlace(rule.kind, rule.place, place));
    if (found.length === 0) return told(`${rule.kind} has no ${rule.place}`);
    return found.flatMap((place) => placeProblems(rule, place, rules, told));
  });
}

/** @throws NoodleError bad-argument */
export function checkRules(rules: readonly MaskRule[], outlines: ReadonlyMap<ServiceKindName, readonly PlaceOutline[]>): void {
  const problems = [...new Set(problemsOf(rules, outlines))];
  if (problems.length === 0) return;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'The rules do not fit what is there.',
    why: problems.join('\n'),
    todo: 'Mend them and try again. Nothing was read yet.',
  });
}

function placeProblems(
  rule: MaskRule,
  { place, fields }: PlaceOutline,
  rules: readonly MaskRule[],
  told: (why: string) => readonly string[],
): readonly string[] {
  if (!fields) return [];
  const field = fields.find(({ name }) => name === rule.field) ?? fields.find(({ name }) => rule.field.startsWith(`${name}.`));
  if (!field) return told(`${place} has no field ${rule.field}`);
  return fieldProblems(rule, field)
    .concat(joinProblems(rule, place, field, rules))
    .flatMap(told);
}

function fieldProblems({ field: path, mask }: MaskRule, field: FieldOutline): string[] {
  const { kind } = mask;
  const named = `${field.name} (${field.type})`;
  if (kind === 'keep') return [];
  if (path !== field.name && field.shape !== 'json') return [`${named} has nothing inside of it`];
  if (path !== field.name) return [];
  if (kind === 'null') return field.nullable ? [] : [`${named} must have a value, so it cannot be masked as null`];
  if (kind === 'constant') return field.unique ? [`${named} must differ in every row, so it cannot be a constant`] : [];
  if (kind === 'id')
    return field.shape === 'text' || field.shape === 'uuid' ? [] : [`${named} cannot be masked as id: only texts and uuids can`];
  return field.shape === 'text' || field.shape === 'json' ? [] : [`${named} cannot be masked as ${kind}: it holds no text`];
}

/** A key that is masked on one side of a reference only would tear rows apart. */
function joinProblems(
  { mask, place: written, field: path }: MaskRule,
  place: string,
  field: FieldOutline,
  rules: readonly MaskRule[],
): string[] {
  if (path !== field.name || mask.kind === 'keep' || field.joins.length === 0) return [];
  const lookup = new RuleLookup('postgres', rules);
  return field.joins.flatMap((joined) => {
    const cut = joined.lastIndexOf('.');
    const other = lookup.find(joined.slice(0, cut), joined.slice(cut + 1))?.mask ?? { kind: 'keep' };
    if (JSON.stringify(other) === JSON.stringify(mask)) return [];
    return [`${written}.${path} is joined with ${joined}, which is masked as ${other.kind}: mask both alike (${place})`];
  });
}
