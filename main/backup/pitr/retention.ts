/** What may be deleted: pure. A chain is kept as a whole, and what leads back from a kept backup is never touched. */
import type { BaseBackup, WalLine } from '../../../preload/contract/pitr.ts';
import { type Lsn, parseLsn } from '../../services/postgres/physical/wal.ts';
import { chainOf } from './chain.ts';

/**
 * Chains that no moment from `before` on needs: the newest good backup older than that leads there, so its chain stays, and
 * all later ones. Without such a backup nothing goes, so the last good one never does.
 * @param before ms since the epoch
 */
export function outdated(backups: readonly BaseBackup[], before: number): readonly BaseBackup[] {
  const leads = backups.findLast(
    (backup) => backup.endedAt < before && chainOf(backups, backup)?.every(({ checked }) => checked.ok) === true,
  );
  if (!leads) return [];
  return [...Map.groupBy(backups, ({ chain }) => chain)].flatMap(([chain, all]) => {
    return chain !== leads.chain && all.every(({ endedAt }) => endedAt < leads.endedAt) ? all : [];
  });
}

/** What of the WAL of each line is still needed; undefined: nothing, the line may go. The newest line stays while it goes on. */
export function neededOf(line: WalLine, backups: readonly BaseBackup[]): Lsn | undefined {
  const starts = backups.flatMap((backup) => (backup.line === line.id ? [parseLsn(backup.startLsn)] : []));
  if (starts.length > 0) return starts.reduce((least, start) => (start < least ? start : least));
  return line.ended ? undefined : parseLsn(line.until.lsn);
}
