/** Everything that goes into a bundle, read and masked: what is written to its file is what was looked at. */
import { randomBytes } from 'node:crypto';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { type BundleAbout, type BundleRequest, type BundleService, bundleFormat } from '../../../preload/contract/bundles.ts';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import type { RuntimeKind } from '../../../preload/contract/models.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import type { PlaceOutline, PortionSource } from '../../services/portion.ts';
import { allOf } from '../all-of.ts';
import { MaskingFilter, passing } from './mask/filter.ts';
import { Masker } from './mask/mask.ts';
import { builtinMasks } from './rules/builtin.ts';
import { type BundleRules, noRules, parseRules } from './rules/rules.ts';
import { checkRules } from './rules/validate.ts';
import { PartSpool } from './spool.ts';
import { type Run, type Step, Steps } from './steps.ts';

/** A store that a bundle can be taken of. */
export interface BundleStore {
  /** Plain enough for a path in an archive. */
  readonly service: string;
  readonly kind: ServiceKindName;
  readonly image: string | null;
  /** What its ledger tells; null where it has none of ours. */
  migrations(): Promise<BundleService['migrations']>;
  open(signal: AbortSignal): Promise<PortionSource>;
}

/** Where a bundle is taken from; the core gives it. */
export interface BundleOrigin {
  readonly stack: string | null;
  readonly runtime: RuntimeKind | null;
  /** The compose file of the stack's own. */
  readonly compose: string | null;
  readonly stores: readonly BundleStore[];
  /** A folder for files on their way. */
  spool(): Promise<string>;
  /** What masks are made with; undefined: made anew each time, so that two bundles cannot be compared. */
  readonly maskKey: string | undefined;
}

export interface Gathered {
  readonly about: BundleAbout;
  readonly spool: PartSpool;
  /** Services whose parts are there, in order. */
  readonly services: readonly string[];
}

/** The file that rules came from is called this in errors where nobody has named it. */
export type GatherRequest = BundleRequest & { readonly rulesFile?: string };

interface Opened {
  readonly store: BundleStore;
  readonly source: PortionSource;
}

/** The caller removes the spool. @throws NoodleError bad-argument (rules), not-found, too-large, cancelled; nothing is left then */
export async function gather(origin: BundleOrigin, request: GatherRequest, run: Run): Promise<Gathered> {
  const rules = request.rules === null ? noRules : parseRules(request.rules, request.rulesFile ?? 'rules.yaml');
  if (origin.stores.length === 0) throw new NoodleError({ code: 'not-found', what: 'There is no server to take a bundle of.' });
  const steps = new Steps(run, stepsOf(origin, request));
  const spool = new PartSpool(await mkdtemp(join(await origin.spool(), 'bundle-')));
  const opened: Opened[] = [];
  try {
    const tried = await Promise.allSettled(
      origin.stores.map((store) =>
        steps.do('connect', store.service, async ({ signal }) => void opened.push({ store, source: await store.open(signal) })),
      ),
    );
    mustAllAnswer(tried);
    opened.sort((a, b) => origin.stores.indexOf(a.store) - origin.stores.indexOf(b.store));
    return await gatherFrom(origin, opened, request, rules, spool, steps, run);
  } catch (error) {
    await spool.remove();
    throw error;
  } finally {
    await Promise.allSettled(opened.map(({ source }) => source.close()));
  }
}

/** All are tried, so that whoever has named several servers is told of each that fails. @throws NoodleError */
function mustAllAnswer(tried: readonly PromiseSettledResult<void>[]): void {
  const failures = tried.flatMap((each) => (each.status === 'rejected' ? [each.reason as unknown] : []));
  if (failures.length === 0) return;
  const problems = failures.map((failure) => asNoodleError(failure).problem);
  if (problems.length === 1 || problems.some(({ code }) => code === 'cancelled')) throw failures[0];
  throw new NoodleError({
    code: problems[0]!.code,
    what: `${problems.length} of ${tried.length} servers cannot be read.`,
    why: problems.map(({ what, why }) => [what, why].filter(Boolean).join(' ')).join('\n'),
    todo: 'Mend what is said of each, and try again.',
  });
}

function stepsOf({ stores }: BundleOrigin, { ids }: BundleRequest): readonly Step[] {
  return [
    ...stores.map(({ service }) => ({ kind: 'connect' as const, target: service, cause: 'nothing is written there' })),
    { kind: 'measure', target: 'rules', cause: 'they are held against what is there' },
    ...(ids ? [{ kind: 'count' as const, target: 'rows', cause: 'what the ids reach is looked for' }] : []),
    ...stores.map(({ service }) => ({ kind: 'copy' as const, target: service, cause: ids ? 'its part of the bundle' : 'all of it' })),
  ];
}

async function gatherFrom(
  origin: BundleOrigin,
  opened: readonly Opened[],
  request: BundleRequest,
  rules: BundleRules,
  spool: PartSpool,
  steps: Steps,
  { signal }: Run,
): Promise<Gathered> {
  const masks = [...rules.masks, ...builtinMasks];
  await steps.do('measure', 'rules', async () => checkRules(rules.masks, await outlinesOf(opened, signal)));
  const reached = request.ids && (await steps.do('count', 'rows', (work) => reach(opened, request.ids!, rules, work)));
  const masker = new Masker(origin.maskKey === undefined ? randomBytes(32) : Buffer.from(origin.maskKey));
  const notices: string[] = [];
  const filters: MaskingFilter[] = [];
  const services = await allOf(
    opened.map(({ store, source }) =>
      steps.do('copy', store.service, async (work): Promise<BundleService> => {
        const filter = request.mask ? new MaskingFilter(store.service, store.kind, masks, masker) : undefined;
        if (filter) filters.push(filter);
        const sink = {
          filter: filter ?? passing,
          notice: (text: string) => void notices.push(`${store.service}: ${text}`),
          part: (name: string) => spool.part(`${store.service}/${name}`),
        };
        const [{ index, counts }, migrations] = await Promise.all([source.read(reached?.ids, sink, work), store.migrations()]);
        await spool.whole(`${store.service}/${indexName}`, JSON.stringify(index));
        const parts = spool.parts(store.service);
        const bytes = parts.reduce((sum, part) => sum + part.bytes, 0);
        const { service, kind, image } = store;
        return { service, kind, version: source.version, image, migrations, counts: [...counts], bytes, parts: parts.length };
      }),
    ),
  );
  const asked = services.filter((_, at) => !opened[at]!.source.reach);
  if (reached?.rows === 0 && asked.every(({ counts }) => counts.every(({ rows }) => rows === 0))) throw nothing(request.ids!);
  for (const cut of reached?.cuts ?? []) steps.notice(cut);
  const order = new Map(opened.map(({ store }, at) => [store.service, at]));
  const inOrder = <T extends { readonly service: string }>(list: readonly T[]) =>
    [...list].sort((a, b) => order.get(a.service)! - order.get(b.service)!);
  return {
    spool,
    services: services.map(({ service }) => service),
    about: {
      format: bundleFormat,
      createdAt: Date.now(),
      stack: origin.stack,
      runtime: origin.runtime,
      note: request.note,
      compose: origin.compose,
      scope: reached ? { what: 'reached', ids: [...request.ids!], reached: reached.ids.size } : { what: 'everything' },
      services,
      cuts: [...(reached?.cuts ?? [])],
      notices,
      masked: request.mask,
      report: {
        masked: inOrder(filters.flatMap((filter) => filter.masked())),
        personal: inOrder(filters.flatMap((filter) => filter.personal(rules.notPersonal))),
      },
    },
  };
}

/** How the parts of a service are to be loaded. */
export const indexName = 'index.json';

async function outlinesOf(opened: readonly Opened[], signal: AbortSignal): Promise<ReadonlyMap<ServiceKindName, readonly PlaceOutline[]>> {
  const lists = await allOf(opened.map(async ({ store, source }) => [store.kind, await source.outline(signal)] as const));
  return new Map([...Map.groupBy(lists, ([kind]) => kind)].map(([kind, all]) => [kind, all.flatMap(([, places]) => places)]));
}

/** Stores that know references are asked first: what they reach is what the others are asked for. */
async function reach(opened: readonly Opened[], asked: readonly string[], rules: BundleRules, work: Parameters<PortionSource['read']>[2]) {
  const ids = new Set<string>();
  const cuts: string[] = [];
  let rows = 0;
  const knowing = opened.filter(({ source }) => source.reach);
  for (const { store, source } of knowing) {
    const { references, guess, children, limit } = rules;
    const found = await source.reach!({ ids: asked, references, guess, children, limit }, work);
    rows += found.rows;
    for (const id of found.ids) ids.add(id);
    cuts.push(...found.cuts.map((cut) => `${store.service}: ${cut}`));
  }
  if (knowing.length === 0) for (const id of asked) ids.add(id);
  return { ids, rows, cuts };
}

function nothing(ids: readonly string[]): NoodleError {
  return new NoodleError({
    code: 'not-found',
    what: `Nothing carries ${ids.length === 1 ? ids[0] : 'any of these ids'}.`,
    why: 'A plain id is looked for among the keys of tables that are texts or uuids, in names of keys, in fields named for ids, in messages and in tags.',
    todo: 'For a number, name its table too: users:42.',
  });
}
