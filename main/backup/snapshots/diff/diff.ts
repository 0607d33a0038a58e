/**
 * What changed between two snapshots, or between one and now. Counts come from the manifests. For the content a snapshot
 * is opened as servers of its own beside the stack, one after the other, and only those of the stores whose files differ.
 */
import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DiffCount, DiffPart, Snapshot, SnapshotDiff, StoreDiff } from '../../../../preload/contract/snapshots.ts';
import { asNoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { ContentPart, StoreContent } from '../../../services/content.ts';
import { beside, besideSteps, servicesOf } from '../branch.ts';
import { readList, sha256 } from '../file-list.ts';
import type { CheckHost, Run, SnapshotHost } from '../host.ts';
import { clearScratch, scratchPrefix } from '../leftovers.ts';
import { type Step, Steps } from '../steps.ts';
import { findSnapshot, readFileList } from '../store.ts';
import { DiffSpool, type Side } from './spool.ts';

export interface DiffRequest {
  readonly before: string;
  /** null: now */
  readonly after: string | null;
  /** Only these; none: all. */
  readonly services: readonly string[];
}

/** Of the stores that both know of. @param after null: what the stores say now */
export async function diffCounts(host: SnapshotHost, request: DiffRequest, signal: AbortSignal): Promise<readonly DiffCount[]> {
  const before = await findSnapshot(host.folder, request.before);
  const after = request.after === null ? null : await findSnapshot(host.folder, request.after);
  return countsOf(before, after?.services ?? (await storesNow(host, signal)), request.services);
}

/** The caller holds the stack's lock, so that nothing is restored meanwhile. Nothing of the stack is changed. */
export async function diffSnapshots(host: SnapshotHost, request: DiffRequest, run: Run): Promise<SnapshotDiff> {
  const before = await findSnapshot(host.folder, request.before);
  const after = request.after === null ? null : await findSnapshot(host.folder, request.after);
  const asked = storeServices(host, before).filter((service) => request.services.length === 0 || request.services.includes(service));
  const same = after === null ? new Set<string>() : await sameFiles(host, before, after);
  const differing = asked.filter((service) => !same.has(service));
  const names = { before: scratchName(host, 'before'), after: scratchName(host, 'after') };
  const steps = new Steps(host.stack, run, [
    { kind: 'count', target: null, cause: 'what the manifests say comes first' },
    ...(differing.length > 0 ? besideSteps(before, differing) : []),
    ...readSteps('before', differing),
    ...readSteps('after', differing),
  ]);
  const counts = await steps.do('count', null, async () =>
    countsOf(before, after?.services ?? (await storesNow(host, run.signal)), request.services),
  );
  const untouched = asked.filter((service) => same.has(service)).map(unchanged);
  if (differing.length === 0) return { before: before.id, after: after?.id ?? null, counts: [...counts], stores: untouched };

  await clearScratch(host.folder);
  const folder = join(host.folder, `${scratchPrefix}${randomBytes(4).toString('hex')}`);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const comparisons = new Map(differing.map((service) => [service, new Comparison(service, join(folder, `${service}.sqlite`))]));
  const readAll = async (side: Side, opened: CheckHost & Opener) => {
    for (const [service, comparison] of comparisons) {
      await steps.items('compare', `${side} ${service}`, 'items', ({ signal, progress }) =>
        comparison.read(side, opened, signal, progress),
      );
    }
  };
  const fromSnapshot = (side: Side, snapshot: Snapshot) =>
    beside(host, snapshot, { name: names[side], services: differing, stays: false }, steps, (opened) => readAll(side, opened));
  try {
    // Now is read first: it knows digests, and then of the snapshot only what differs is read.
    if (after === null) await readAll('after', host);
    else await fromSnapshot('after', after);
    await fromSnapshot('before', before);
    const stores = [...comparisons.values()].map((comparison) => comparison.result());
    return { before: before.id, after: after?.id ?? null, counts: [...counts], stores: [...untouched, ...stores] };
  } finally {
    for (const comparison of comparisons.values()) comparison.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Opener {
  content(service: string): Promise<StoreContent>;
}

/** One store, of which first one state is read and then the other. */
class Comparison {
  readonly #service: string;
  readonly #spool: DiffSpool;
  readonly #parts: Record<Side, ReadonlyMap<string, ContentPart> | undefined> = { before: undefined, after: undefined };
  readonly #notes = new Set<string>();
  #item = 'item';
  #problem: string | undefined;

  constructor(service: string, path: string) {
    this.#service = service;
    this.#spool = new DiffSpool(path);
  }

  /** A store that does not answer is told of; the others are compared all the same. */
  async read(side: Side, opened: Opener, signal: AbortSignal, progress: (items: number, all: number) => void): Promise<void> {
    if (this.#problem) return;
    try {
      await this.#readFrom(await opened.content(this.#service), side, signal, progress);
    } catch (error) {
      signal.throwIfAborted();
      this.#problem = asNoodleError(error).problem.what;
    }
  }

  async #readFrom(content: StoreContent, side: Side, signal: AbortSignal, progress: (items: number, all: number) => void): Promise<void> {
    try {
      this.#item = content.item;
      for (const note of content.notes) this.#notes.add(note);
      const parts = new Map((await content.parts(signal)).map((part) => [part.name, part]));
      const other = this.#parts[side === 'before' ? 'after' : 'before'];
      this.#parts[side] = parts;
      const wanted = [...parts].filter(([name, part]) => part.items <= limits.diffItems && !sameDigest(part, other?.get(name)));
      const all = wanted.reduce((sum, [, { items }]) => sum + items, 0);
      let read = 0;
      for (const [name, part] of wanted) {
        await this.#spool.fill(side, name, content.items(name, signal), (count) => progress(read + count, all));
        read += part.items;
      }
    } finally {
      await content.close();
    }
  }

  result(): StoreDiff {
    const { before, after } = this.#parts;
    const about = { service: this.#service, item: this.#item, notes: [...this.#notes] };
    if (this.#problem || !before || !after) {
      return { ...about, state: 'not-compared', why: this.#problem ?? 'It was not read.', parts: [] };
    }
    const names = [...new Set([...before.keys(), ...after.keys()])].sort();
    const parts = names.map((name) => this.#part(name, before.get(name), after.get(name)));
    const changed = parts.filter(({ state }) => state !== 'same');
    return { ...about, state: changed.length === 0 ? 'same' : 'differs', why: null, parts: changed };
  }

  #part(name: string, before: ContentPart | undefined, after: ContentPart | undefined): DiffPart {
    const items = { before: before?.items ?? null, after: after?.items ?? null };
    const about = { name, ...items, added: 0, removed: 0, changed: 0, listed: [] };
    if (sameDigest(before, after)) return { ...about, state: 'same' };
    if (Math.max(items.before ?? 0, items.after ?? 0) > limits.diffItems) return { ...about, state: 'too-large' };
    const found = this.#spool.compare(name, limits.diffListed);
    const all = found.added + found.removed + found.changed;
    const there = before !== undefined && after !== undefined;
    return { ...about, ...found, state: all === 0 && there ? 'same' : 'differs' };
  }

  close(): void {
    this.#spool.close();
  }
}

function sameDigest(one: ContentPart | undefined, other: ContentPart | undefined): boolean {
  return one?.digest != null && one.digest === other?.digest;
}

function readSteps(side: Side, services: readonly string[]): readonly Step[] {
  return services.map((service) => ({ kind: 'compare', target: `${side} ${service}`, cause: 'all that it holds is read' }));
}

/** Services of the snapshot whose stores Noodlebox knows. */
function storeServices(host: SnapshotHost, snapshot: Snapshot): readonly string[] {
  return servicesOf(host, snapshot).filter((service) => host.definition.services[service]?.kind);
}

/** Services all of whose files are the same in both: nothing has to be opened to know that. */
async function sameFiles(host: SnapshotHost, before: Snapshot, after: Snapshot): Promise<ReadonlySet<string>> {
  const [one, other] = await Promise.all(
    [before, after].map(async ({ id, files }) => {
      const list = (await readFileList(host.folder, id)) ?? '';
      return sha256(list) === files ? readList(list) : new Map<string, never>();
    }),
  );
  const same = (key: string) => JSON.stringify(one!.get(key)) === JSON.stringify(other!.get(key)) && one!.has(key);
  return new Set(
    storeServices(host, before).filter((service) => before.volumes.every(({ key, services }) => !services.includes(service) || same(key))),
  );
}

function unchanged(service: string): StoreDiff {
  return { service, item: 'item', state: 'same', why: null, notes: ['All its files are the same.'], parts: [] };
}

type Stores = readonly Pick<Snapshot['services'][number], 'service' | 'store'>[];

async function storesNow(host: SnapshotHost, signal: AbortSignal): Promise<Stores> {
  const states = await host.states(signal);
  return states.map((store) => ({ service: store.service, store: store.state === 'unreachable' ? null : store }));
}

export function countsOf(before: { readonly services: Stores }, after: Stores, only: readonly string[]): readonly DiffCount[] {
  const services = [...new Set([...before.services, ...after].map(({ service }) => service))];
  return services
    .filter((service) => only.length === 0 || only.includes(service))
    .flatMap((service) => {
      const one = before.services.find((each) => each.service === service)?.store;
      const other = after.find((each) => each.service === service)?.store;
      if (!one && !other) return [];
      const names = [...new Set([...(one?.counts ?? []), ...(other?.counts ?? [])].map(({ name }) => name))];
      const rows = (store: typeof one, name: string) => (store ? (store.counts.find((each) => each.name === name)?.rows ?? 0) : null);
      return names.map((name) => ({ service, name, before: rows(one, name), after: rows(other, name) }));
    });
}

function scratchName({ stack }: SnapshotHost, side: Side): string {
  return `${stack.slice(0, 40)}-diff-${side}-${randomBytes(3).toString('hex')}`;
}
