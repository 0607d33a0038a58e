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
    // Without its record it is a leftover, which any later act clears away.
    await forgetBackup(folder, id);
    await bench.files.remove(places.backup(id));
  }
  await pruneWal(folder, bench);
}

export async function pruneWal(folder: string, bench: Bench): Promise<void> {
  const places = depotPlaces(bench.depot);
  const records = await readRecords(folder);
  const needed = new Map(records.lines.map((line) => [line.id, neededOf(line, records.backups)]));
  const lines = records.lines.filter(({ id }) => needed.get(id) !== undefined);
  if (lines.length < records.lines.length) {
    const kept = new Set(lines.map(({ id }) => id));
    await writeArchive(folder, { lines, points: records.points.filter(({ line }) => kept.has(line)) });
  }
  for (const name of await bench.files.list(places.wal)) if (!needed.get(name)) await bench.files.remove(places.line(name));
  for (const { id, segment } of lines) {
    const there = await bench.files.list(places.line(id));
    for (const name of filesBefore(needed.get(id)!, segment, there)) await bench.files.remove(`${places.line(id)}/${name}`);
  }
}
