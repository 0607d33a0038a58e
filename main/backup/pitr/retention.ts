/** What may be deleted: pure. A chain is kept as a whole, and what leads back from a kept backup is never touched. */
import type { BaseBackup, WalLine } from '../../../preload/contract/pitr.ts';
import { type Lsn, parseLsn } from '../../services/postgres/physical/wal.ts';
import { chainOf } from './chain.ts';

/**
 * Chains all of whose backups are older than a moment. The newest chain that is whole and was found good is kept
 * however old it is: it may be the last one.
 * @param before ms since the epoch
 */
export function outdated(backups: readonly BaseBackup[], before: number): readonly BaseBackup[] {
  const good = backups.findLast((backup) => backup.checked.ok && chainOf(backups, backup)?.every(({ checked }) => checked.ok));
  const chains = Map.groupBy(backups, ({ chain }) => chain);
  return [...chains].flatMap(([chain, all]) => {
    const old = all.every(({ endedAt }) => endedAt < before);
    return old && good !== undefined && chain !== good.chain ? all : [];
  });
}

/** What of the WAL of each line is still needed; undefined: nothing, the line may go. The newest line stays while it goes on. */
export function neededOf(line: WalLine, backups: readonly BaseBackup[]): Lsn | undefined {
  const starts = backups.flatMap((backup) => (backup.line === line.id ? [parseLsn(backup.startLsn)] : []));
  if (starts.length > 0) return starts.reduce((least, start) => (start < least ? start : least));
  return line.ended ? undefined : parseLsn(line.until.lsn);
}
