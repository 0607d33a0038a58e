/** What all stores know of an id, and which names they have: each store is asked at once, and one that does not answer hides nothing of the others. */
import type { FoundName, StoreTrace } from '../../preload/contract/trace.ts';
import { asNoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import { kindOf, panelOf } from '../services/registry.ts';
import { serviceOf } from '../stack/order.ts';
import type { StackContext } from './context.ts';
import { connectionNow } from './fill.ts';
import type { Sessions } from './sessions.ts';

export async function traceId(context: StackContext, sessions: Sessions, id: string, signal: AbortSignal): Promise<StoreTrace[]> {
  return Promise.all(
    storesOf(context).map(async ({ service, kind }): Promise<StoreTrace> => {
      const begun = performance.now();
      const told = (part: Pick<StoreTrace, 'findings' | 'cut' | 'problem'>) => ({
        service,
        kind,
        ...part,
        took: Math.round(performance.now() - begun),
      });
      try {
        const session = await sessions.open(kind, service);
        const { findings, cut } = await session.trace(id, AbortSignal.any([signal, AbortSignal.timeout(limits.traceTimeout)]));
        const panel = panelOf(kind);
        return told({
          findings: findings.map(({ search, ...rest }) => ({ ...rest, link: { panel, service, search } })),
          cut,
          problem: null,
        });
      } catch (error) {
        return told({ findings: [], cut: false, problem: asNoodleError(error).problem });
      }
    }),
  );
}

/** Stores that do not answer in time have no names. */
export async function lookUpNames(context: StackContext, sessions: Sessions, text: string, signal: AbortSignal): Promise<FoundName[]> {
  const found = await Promise.allSettled(
    storesOf(context).map(async ({ service, kind }) => {
      const session = await sessions.open(kind, service);
      const names = await session.names(text, AbortSignal.any([signal, AbortSignal.timeout(limits.lookupTimeout)]));
      return names.map(({ what, name, search }): FoundName => ({ kind, what, name, link: { panel: panelOf(kind), service, search } }));
    }),
  );
  return found.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
}

/** The first job of the generated data, as the first store that answers says they were made. */
export async function exampleId(context: StackContext): Promise<{ what: string; id: string } | null> {
  for (const { service, kind } of storesOf(context)) {
    try {
      const connection = await connectionNow(context, serviceOf(context.definition, service));
      const target = await (await kindOf(kind).access()).seedTarget(connection);
      const mark = await target.loadMark().finally(() => target.close());
      if (mark?.state !== 'loaded') continue;
      const { createDataset } = await import('../../seeds/generator/dataset.ts');
      return { what: 'a compilation job', id: createDataset(mark).job(0).id };
    } catch {
      // One that does not answer: the next may.
    }
  }
  return null;
}

function storesOf(context: StackContext) {
  return Object.values(context.definition.services).flatMap(({ name, kind }) => (kind ? [{ service: name, kind }] : []));
}
