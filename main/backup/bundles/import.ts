/** A bundle made into a new stack: checked as a whole first, then loaded into empty servers, then counted. */
import { Readable } from 'node:stream';
import type { BundleAbout, BundleService } from '../../../preload/contract/bundles.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { notAsSaid, wholeText } from '../../services/bundle-parts.ts';
import { majorVersion } from '../../services/data-version.ts';
import type { PortionLoader } from '../../services/portion.ts';
import type { Keys } from '../archive/encryption.ts';
import { readArchive, verifyArchive } from '../archive/read.ts';
import { checkedAbout } from './file.ts';
import { indexName } from './gather.ts';
import { type Run, Steps } from './steps.ts';

/** The stack that is to be; the core gives it. */
export interface NewStack {
  /** What stands for a service of the bundle there. @throws NoodleError not-supported-by-server when nothing does */
  target(service: BundleService): TargetService;
  /** Starts its servers, empty. */
  up(services: readonly string[], run: Run): Promise<void>;
}

export interface TargetService {
  readonly service: string;
  readonly title: string;
  /** Data of a newer major version cannot be opened. */
  readonly versioned: boolean;
  readonly image: string;
  /** The server's own version, once it runs. */
  version(signal: AbortSignal): Promise<string>;
  loader(index: unknown): Promise<PortionLoader>;
}

export interface BundleSource {
  readonly file: string;
  readonly keys: Keys;
}

/** Reads all of it; nothing is made of it yet. @throws NoodleError archive-format, archive-damaged, wrong-passphrase, not-found, cancelled */
export async function checkBundle({ file, keys }: BundleSource, run: Run): Promise<BundleAbout> {
  const steps = new Steps(run, [{ kind: 'verify', target: 'the bundle', cause: 'it has to be whole' }]);
  return steps.do('verify', 'the bundle', async (work) => {
    const progress = ({ bytes, total }: { readonly bytes: number; readonly total: number }) => work.bytes(bytes, total);
    const { about } = await verifyArchive(file, { kind: 'bundle', keys, signal: run.signal, progress });
    return checkedAbout(about);
  });
}

/** @throws NoodleError data-version, not-supported-by-server: before anything is started */
export function checkTargets(about: BundleAbout, stack: NewStack): void {
  for (const service of about.services) {
    const target = stack.target(service);
    const here = majorVersion(target.image);
    if (target.versioned && here) mustOpen(service, target, here);
  }
}

function mustOpen(service: BundleService, { title }: TargetService, here: string): void {
  const then = majorVersion(service.version);
  if (!then || Number(then) <= Number(here)) return;
  throw new NoodleError({
    code: 'data-version',
    what: `The bundle is of ${title} ${then}, and this stack would run ${title} ${here}.`,
    why: 'An older server does not know all that a newer one writes.',
    todo: `Give a compose file with ${title} ${then} or newer (--file).`,
  });
}

/** The stack's lock is not held; whoever calls throws the stack away when this fails. */
export async function fillStack({ file, keys }: BundleSource, about: BundleAbout, stack: NewStack, run: Run): Promise<void> {
  const targets = new Map(about.services.map((service) => [service.service, { service, target: stack.target(service) }]));
  await stack.up(
    [...targets.values()].map(({ target }) => target.service),
    run,
  );
  const steps = new Steps(run, [
    { kind: 'seed', target: 'the stack', cause: 'what the bundle holds is loaded' },
    { kind: 'count', target: 'the stack', cause: 'all of it has to be there' },
  ]);
  for (const { service, target } of targets.values()) {
    const here = majorVersion(await target.version(run.signal));
    if (target.versioned && here) mustOpen(service, target, here);
  }
  const loaders = new Map<string, PortionLoader>();
  try {
    await steps.do('seed', 'the stack', async (work) => {
      await readArchive(file, { kind: 'bundle', keys, signal: run.signal }, async ({ parts }) => {
        for await (const { path, content } of parts) {
          const cut = path.indexOf('/');
          const [name, part] = [path.slice(0, cut), path.slice(cut + 1)];
          const found = targets.get(name);
          if (!found) throw notAsSaid(`${path} is of a service that it does not tell of`);
          const readable = Readable.from(content, { objectMode: false });
          const loader = loaders.get(name);
          if (loader) await loader.load(part, readable, work);
          else if (part !== indexName) throw notAsSaid(`${path} comes before what tells how it is to be loaded`);
          else loaders.set(name, await found.target.loader(parsed(await wholeText(readable, path, limits.bundleIndexBytes), path)));
        }
      });
      for (const loader of loaders.values()) await loader.finish(work);
    });
    await steps.do('count', 'the stack', async () => {
      for (const { service } of targets.values()) await mustHold(service, loaders.get(service.service), run.signal);
    });
  } finally {
    await Promise.allSettled([...loaders.values()].map((loader) => loader.close()));
  }
}

function parsed(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw notAsSaid(`${path} cannot be understood`);
  }
}

async function mustHold({ service, counts }: BundleService, loader: PortionLoader | undefined, signal: AbortSignal): Promise<void> {
  if (!loader) throw notAsSaid(`nothing of ${service} is in it`);
  const there = new Map((await loader.counts(signal)).map(({ name, rows }) => [name, rows]));
  const lacking = counts.filter(({ name, rows }) => (there.get(name) ?? 0) !== rows);
  if (lacking.length === 0) return;
  throw new NoodleError({
    code: 'query-failed',
    what: `Not all of the bundle arrived in ${service}.`,
    why: lacking
      .map(({ name, rows }) => `${name}: ${(there.get(name) ?? 0).toLocaleString('en')} of ${rows.toLocaleString('en')}`)
      .join('; '),
    todo: 'Try again; nothing is left of this attempt.',
  });
}
