/** Migrates one store and fills it, from wherever it stands. */
import { createHash } from 'node:crypto';
import { setFlagsFromString } from 'node:v8';
import type { Progress } from '../../preload/contract/index.ts';
import { createDataset, generatorVersion, sizesOf } from '../../seeds/generator/dataset.ts';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { LoadMark, Migration, SeedTarget } from '../services/seed-target.ts';
import { seedError } from './errors.ts';
import { planSeeding, slicesOf, type Wanted } from './plan.ts';

export interface SeedRun {
  readonly migrations: readonly Migration[];
  readonly wanted: Wanted;
  readonly onProgress: (progress: Progress) => void;
  readonly signal: AbortSignal;
  /** False: schema only. Default true. */
  readonly load?: boolean;
  /** ms since the epoch: hand the same to every store that is filled together. Default: the clock. */
  readonly now?: number;
}

/**
 * Whatever stops it (a cancel, a kill, a full disk), the next run goes on from there and ends with the same data.
 * @throws NoodleError bad-argument, migration-*, seed-failed, disk-full, cancelled; the store's own
 */
export async function seedService(target: SeedTarget, run: SeedRun): Promise<void> {
  const { migrations, wanted, signal } = run;
  checkWanted(wanted);
  try {
    const [ledger, mark] = await Promise.all([target.ledger(), target.loadMark()]);
    const generator = (scale: number) => generatorOf(target, scale);
    const plan = planSeeding(migrations, ledger, mark, wanted, { now: run.now ?? Date.now(), generator });
    await migrate(
      target,
      plan.migrations.map(({ migration }) => migration),
      run,
    );
    if (run.load === false || plan.load.act === 'nothing') return;
    if (plan.load.act === 'clear-and-begin') await clear(target, plan.load.mark, run);
    if (plan.load.act !== 'go-on') await target.setLoadMark(plan.load.mark);
    await load(target, plan.load.mark, run);
  } catch (error) {
    signal.throwIfAborted();
    throw seedError(error, target.kind);
  }
}

async function migrate(target: SeedTarget, migrations: readonly Migration[], { signal, onProgress }: SeedRun): Promise<void> {
  for (const [done, migration] of migrations.entries()) {
    signal.throwIfAborted();
    onProgress({ kind: 'steps', current: done, total: migrations.length, label: migration.id });
    await target.migrate(migration, signal);
  }
}

async function clear(target: SeedTarget, mark: LoadMark, { migrations, signal, onProgress }: SeedRun): Promise<void> {
  onProgress({ kind: 'steps', current: 0, total: 0, label: 'deleting the old data' });
  await target.setLoadMark({ ...mark, state: 'clearing' });
  await target.clear(migrations, signal);
}

async function load(target: SeedTarget, from: LoadMark, { signal, onProgress }: SeedRun): Promise<void> {
  // A load makes much that is thrown away at once. Left alone, V8 gives that up to 100 MB more room, and is no quicker for it.
  setFlagsFromString('--semi-space-growth-factor=1');
  const dataset = createDataset(from);
  const parts = target.parts(dataset.sizes);
  const total = parts.reduce((sum, { items }) => sum + items, 0);
  let current = 0;
  let batches = 0;
  for (const slice of slicesOf(parts)) {
    batches++;
    if (batches > from.batches) {
      signal.throwIfAborted();
      await target.load(dataset, slice, { ...from, batches });
    }
    current += slice.to - slice.from;
    if (batches >= from.batches) onProgress({ kind: 'rows', current, total, label: slice.part });
  }
  await target.setLoadMark({ ...from, batches, state: 'loaded' });
}

function checkWanted(wanted: Wanted): void {
  if (wanted.fill === 'missing') return;
  const { scale, seed } = wanted;
  if (!(Number.isFinite(scale) && scale > 0 && scale <= limits.seedScaleMax)) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `The scale ${scale} cannot be loaded.`,
      todo: `Give a number above 0 and at most ${limits.seedScaleMax}; 1 is about 5,000 jobs, and 0.1 works too.`,
    });
  }
  if (!(Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31)) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `The seed ${seed} cannot be used.`,
      todo: 'Give a whole number from 0 to 2147483647.',
    });
  }
}

/** Changes when the data of this scale, or their cut into batches, would. */
function generatorOf(target: SeedTarget, scale: number): string {
  return createHash('sha256')
    .update(JSON.stringify([generatorVersion, target.parts(sizesOf(scale))]))
    .digest('hex')
    .slice(0, 16);
}
