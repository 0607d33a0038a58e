/** What seeding one store has to do, decided from what the store says of itself. Pure. */
import { NoodleError } from '../errors.ts';
import type { LedgerEntry, LoadMark, Migration, SeedPart, SeedSlice } from '../services/seed-target.ts';

/** Only what is missing (scale 1 and seed 1 where nothing was ever loaded), or these data in place of others. */
export type Wanted = { readonly fill: 'missing' } | { readonly fill: 'anew'; readonly scale: number; readonly seed: number };

export interface SeedPlan {
  readonly migrations: readonly { readonly migration: Migration; readonly cause: 'new' | 'cut-off' }[];
  readonly load: LoadPlan;
}

/** `mark` is where the load stands when it begins or goes on. */
export type LoadPlan = { readonly act: 'nothing' } | { readonly act: 'begin' | 'clear-and-begin' | 'go-on'; readonly mark: LoadMark };

/** What the present program would write into a mark. */
export interface Present {
  /** ms since the epoch */
  readonly now: number;
  /** The generator's name for data of this scale. */
  readonly generator: (scale: number) => string;
}

const standard = { scale: 1, seed: 1 };

/** A load that was cut off longer ago begins anew: what it held for an hour is gone, and its newest data are old. */
const resumable = 3 * 3_600_000;

/** Stores filled within the same ten minutes get the same times. */
const anchorStep = 600_000;

/** @throws NoodleError migration-changed, migration-missing */
export function planSeeding(
  migrations: readonly Migration[],
  ledger: readonly LedgerEntry[],
  mark: LoadMark | undefined,
  wanted: Wanted,
  present: Present,
): SeedPlan {
  return { migrations: planMigrations(migrations, ledger), load: planLoad(mark, wanted, present) };
}

function planMigrations(migrations: readonly Migration[], ledger: readonly LedgerEntry[]): SeedPlan['migrations'] {
  const rows = new Map(ledger.map((entry) => [entry.id, entry]));
  const files = new Set(migrations.map(({ id }) => id));
  const gone = ledger.find(({ id }) => !files.has(id));
  if (gone) throw migrationMissing(gone);
  return migrations.flatMap((migration): SeedPlan['migrations'] => {
    const row = rows.get(migration.id);
    if (!row) return [{ migration, cause: 'new' }];
    // One that was cut off may have been mended since: it is repeatable, and its row is written anew.
    if (row.state === 'started') return [{ migration, cause: 'cut-off' }];
    if (row.checksum !== migration.checksum) throw migrationChanged(migration, row);
    return [];
  });
}

function planLoad(mark: LoadMark | undefined, wanted: Wanted, present: Present): LoadPlan {
  const { scale, seed } = wanted.fill === 'anew' ? wanted : (mark ?? standard);
  const fresh: LoadMark = {
    scale,
    seed,
    anchor: Math.floor(present.now / anchorStep) * anchorStep,
    generator: present.generator(scale),
    batches: 0,
    state: 'loading',
  };
  if (!mark) return { act: 'begin', mark: fresh };
  const same = mark.scale === scale && mark.seed === seed && mark.generator === fresh.generator;
  if (mark.state === 'loaded' && (same || wanted.fill === 'missing')) return { act: 'nothing' };
  if (mark.state === 'loading' && same && present.now - mark.anchor < resumable) return { act: 'go-on', mark };
  return { act: 'clear-and-begin', mark: fresh };
}

/** The batches of all parts in order; a mark's `batches` is a position in them. */
export function* slicesOf(parts: readonly SeedPart[]): Iterable<SeedSlice> {
  for (const { name, items, batch } of parts) {
    for (let from = 0; from < items; from += batch) yield { part: name, from, to: Math.min(items, from + batch) };
  }
}

function migrationChanged(migration: Migration, row: LedgerEntry): NoodleError {
  return new NoodleError({
    code: 'migration-changed',
    what: `Migration ${migration.id} was changed after it was applied.`,
    why: `Applied was sha256 ${row.checksum}; ${migration.file} is now ${migration.checksum}.`,
    todo: 'Put the file back as it was and write the change as a new migration, or reset the stack.',
    command: 'noodlebox reset',
  });
}

function migrationMissing(row: LedgerEntry): NoodleError {
  return new NoodleError({
    code: 'migration-missing',
    what: `Migration ${row.id} was applied to this store and its file is gone.`,
    why: `The ledger names it with sha256 ${row.checksum}; this version of Noodlebox does not have it.`,
    todo: 'Bring the file back or use the newer version that has it, or reset the stack.',
    command: 'noodlebox reset',
  });
}
