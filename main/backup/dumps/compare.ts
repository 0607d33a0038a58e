import type { BackupCount } from '../../../preload/contract/backups.ts';

/** What a store has, held against what it had: each difference in words. Pure. */
export function differences(wanted: readonly BackupCount[], has: readonly BackupCount[]): string[] {
  const found = new Map(has.map((count) => [count.name, count]));
  const told: string[] = [];
  for (const { name, count, checksum, fleeting } of wanted) {
    const there = found.get(name);
    found.delete(name);
    const now = there?.count ?? 0;
    if (fleeting ? now > count : now !== count) {
      told.push(`${name}: ${now.toLocaleString('en')} instead of ${count.toLocaleString('en')}`);
    } else if (there && now === count && checksum !== null && there.checksum !== null && checksum !== there.checksum) {
      told.push(`${name}: as many, but not the same`);
    }
  }
  for (const { name, count } of found.values()) if (count > 0) told.push(`${name}: ${count.toLocaleString('en')} that were not there`);
  return told;
}
