/** What one store holds and how it got there, for people. */
import type { SeedState } from '../../preload/contract/index.ts';
import type { LedgerEntry, LoadMark, Migration, SeedTarget } from '../services/seed-target.ts';

type MigrationState = SeedState['migrations'][number];

export interface StateOptions {
  /** The service's name in its stack. */
  readonly service: string;
  readonly migrations: readonly Migration[];
  readonly signal: AbortSignal;
}

/** Reads only. @throws the store's own errors */
export async function seedState(target: SeedTarget, { service, migrations, signal }: StateOptions): Promise<SeedState> {
  const [ledger, mark, counts] = await Promise.all([target.ledger(), target.loadMark(), target.counts(signal)]);
  const states = migrationStates(migrations, ledger);
  return {
    service,
    kind: target.kind,
    state: overall(states, mark),
    migrations: states,
    scale: mark?.scale ?? null,
    seed: mark?.seed ?? null,
    counts: [...counts],
    problem: null,
  };
}

function migrationStates(migrations: readonly Migration[], ledger: readonly LedgerEntry[]): MigrationState[] {
  const rows = new Map(ledger.map((entry) => [entry.id, entry]));
  const known = migrations.map(({ id, checksum }): MigrationState => {
    const row = rows.get(id);
    rows.delete(id);
    if (!row) return { id, checksum, appliedAt: null, state: 'pending' };
    if (row.state === 'started') return { id, checksum, appliedAt: null, state: 'half-applied' };
    return { id, checksum: row.checksum, appliedAt: row.at, state: row.checksum === checksum ? 'applied' : 'changed' };
  });
  // What is left was applied by a version of Noodlebox that has more migrations.
  const gone = [...rows.values()].map(({ id, checksum, at }): MigrationState => ({ id, checksum, appliedAt: at, state: 'changed' }));
  return [...known, ...gone];
}

function overall(migrations: readonly MigrationState[], mark: LoadMark | undefined): SeedState['state'] {
  if (migrations.some(({ state }) => state === 'changed')) return 'changed';
  if (mark && mark.state !== 'loaded') return 'partial';
  if (migrations.every(({ state }) => state === 'pending')) return 'empty';
  if (migrations.some(({ state }) => state !== 'applied')) return 'partial';
  return mark ? 'seeded' : 'empty';
}
