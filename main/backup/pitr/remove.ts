/** Deleting backups, and the WAL that nothing needs then. */
import type { BaseBackup } from '../../../preload/contract/pitr.ts';
import type { Bench } from '../../runtime/bench.ts';
import { filesBefore } from '../../services/postgres/physical/wal.ts';
import { depotPlaces } from './host.ts';
import { forgetBackup, readRecords, writeArchive } from './records.ts';
import { neededOf } from './retention.ts';

/** Those that build on others first: cut off, what is left is whole. */
export async function removeBackups(folder: string, bench: Bench, backups: readonly BaseBackup[]): Promise<void> {
  const places = depotPlaces(bench.depot);
  for (const { id } of backups.toSorted((a, b) => (a.id < b.id ? 1 : -1))) {
    // From here on it is a leftover, which any later act clears away.
    await bench.files.move(places.backup(id), places.unfinished(id)).catch(() => {});
    await forgetBackup(folder, id);
    await bench.files.remove(places.unfinished(id));
  }
  await pruneWal(folder, bench);
}

export async function pruneWal(folder: string, bench: Bench): Promise<void> {
  const places = depotPlaces(bench.depot);
  const records = await readRecords(folder);
  const needed = new Map(records.lines.map((line) => [line.id, neededOf(line, records.backups)]));
  const lines = records.lines.filter(({ id }) => needed.get(id) !== undefined);
  // Only what is written down here: another line may be another data home's.
  for (const { id } of records.lines) if (!lines.some((line) => line.id === id)) await bench.files.remove(places.line(id));
  if (lines.length < records.lines.length) {
    const kept = new Set(lines.map(({ id }) => id));
    await writeArchive(folder, { lines, points: records.points.filter(({ line }) => kept.has(line)) });
  }
  for (const { id, segment } of lines) {
    const there = await bench.files.list(places.line(id));
    for (const name of filesBefore(needed.get(id)!, segment, there)) await bench.files.remove(`${places.line(id)}/${name}`);
  }
}
