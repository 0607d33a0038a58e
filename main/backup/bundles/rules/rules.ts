/**
 * The rules of a bundle as a person writes them, in YAML:
 *
 *     mask:
 *       postgres:
 *         users: { email: email, first_name: name, status: { constant: active } }
 *       redis:
 *         "session:*": { username: name }
 *     references:
 *       - { from: notes.meta.customer_id, to: customers.id }
 *     guess: true
 *     children: [projects, compilation_jobs]
 *     limit: 5000
 *     not-personal: [postgres.models.name]
 */
import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';
import type { ServiceKindName } from '../../../../preload/contract/kinds.ts';
import { serviceKindNames } from '../../../../preload/contract/kinds.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { DeclaredReference } from '../../../services/portion.ts';
import { type Mask, maskKinds } from '../mask/mask.ts';

export interface MaskRule {
  readonly kind: ServiceKindName;
  /** Table, key pattern, collection, topic or measurement. */
  readonly place: string;
  /** A field, or a path into one; it stands for all below it. */
  readonly field: string;
  readonly mask: Mask;
  /** `file:line`; undefined: it comes with Noodlebox, and holds only where such a field is */
  readonly written: string | undefined;
}

export interface BundleRules {
  readonly masks: readonly MaskRule[];
  readonly references: readonly DeclaredReference[];
  readonly guess: boolean;
  readonly children: 'all' | readonly string[];
  readonly limit: number;
  /** `kind.place.field`, not to be told of as personal. */
  readonly notPersonal: readonly string[];
}

const MaskText = z.union([z.enum(maskKinds), z.null().transform(() => 'null' as const), z.strictObject({ constant: z.coerce.string() })]);
const Places = z.record(z.string(), z.record(z.string(), MaskText));
const Document = z.strictObject({
  mask: z.strictObject(Object.fromEntries(serviceKindNames.map((kind) => [kind, Places.optional()]))).default({}),
  references: z.array(z.strictObject({ from: z.string(), to: z.string() })).default([]),
  guess: z.boolean().default(false),
  children: z.union([z.literal('all'), z.literal('none').transform(() => []), z.array(z.string())]).default('all'),
  limit: z.number().int().min(1).max(limits.bundleRows).default(limits.bundleChildren),
  'not-personal': z.array(z.string()).default([]),
});

/** The rules that hold where nobody has written any. */
export const noRules: BundleRules = {
  masks: [],
  references: [],
  guess: false,
  children: 'all',
  limit: limits.bundleChildren,
  notPersonal: [],
};

/** @param file its name, for errors @throws NoodleError bad-argument naming file and line of everything that is wrong */
export function parseRules(text: string, file: string): BundleRules {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const at = (offset: number | undefined) => `${file}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  if (document.errors.length > 0) throw invalid(document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`));
  /** The thing itself, or the nearest thing around it that is in the file. */
  const placeOf = (path: readonly PropertyKey[]): string => {
    let near = [...path];
    while (near.length > 0 && !document.hasIn(near)) near = near.slice(0, -1);
    const node = near.length > 0 ? (document.getIn(near, true) as { readonly range?: readonly number[] } | undefined) : undefined;
    return at(node?.range?.[0]);
  };
  const read = Document.safeParse(document.toJS() ?? {});
  if (!read.success) {
    throw invalid(
      read.error.issues.map((issue) => {
        const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
        return `${placeOf(path)}: ${path.join('.')}: ${wording(issue)}`;
      }),
    );
  }
  const { mask, references, guess, children, limit, 'not-personal': notPersonal } = read.data;
  const masks = Object.entries(mask as Readonly<Record<string, z.infer<typeof Places> | undefined>>).flatMap(([kind, places]) =>
    Object.entries(places ?? {}).flatMap(([place, fields]) =>
      Object.entries(fields).map(
        ([field, wanted]): MaskRule => ({
          kind: kind as ServiceKindName,
          place,
          field,
          mask: typeof wanted === 'string' ? { kind: wanted } : { kind: 'constant', value: wanted.constant },
          written: placeOf(['mask', kind, place, field]),
        }),
      ),
    ),
  );
  return {
    masks,
    references: references.map((each, index) => ({ ...each, place: placeOf(['references', index]) })),
    guess,
    children,
    limit,
    notPersonal,
  };
}

function wording(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return 'there is no such rule';
  if (issue.code === 'invalid_union' && issue.path[0] === 'mask') return `it is one of ${maskKinds.join(', ')} or { constant: … }`;
  return issue.message;
}

function invalid(problems: readonly string[]): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: 'The rules cannot be read.',
    why: problems.join('\n'),
    todo: 'Mend them and try again.',
  });
}
