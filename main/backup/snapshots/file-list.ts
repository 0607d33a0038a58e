/** The list of all files of a snapshot: one line each, so that any number of them can be read and written. */
import { createHash } from 'node:crypto';
import type { VolumeEntry } from '../../runtime/copies.ts';

export type EntriesByVolume = ReadonlyMap<string, readonly VolumeEntry[]>;

export function writeList(volumes: EntriesByVolume): string {
  const lines = [...volumes].flatMap(([key, entries]) =>
    entries.map(({ path, type, mode, uid, gid, size, content }) => JSON.stringify([key, path, type, mode, uid, gid, size, content])),
  );
  return `${lines.join('\n')}\n`;
}

/** @param text whose hash was found right before */
export function readList(text: string): EntriesByVolume {
  const volumes = new Map<string, VolumeEntry[]>();
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [key, path, type, mode, uid, gid, size, content] = JSON.parse(line) as [
      string,
      string,
      VolumeEntry['type'],
      number,
      number,
      number,
      number,
      string,
    ];
    const entries = volumes.get(key) ?? [];
    if (entries.length === 0) volumes.set(key, entries);
    entries.push({ path, type, mode, uid, gid, size, content });
  }
  return volumes;
}

export function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** What differs between a volume as it was written down and as it is, a sentence's end each: "base/1 is missing". */
export function damages(written: readonly VolumeEntry[], found: readonly VolumeEntry[]): readonly string[] {
  const there = new Map(found.map((entry) => [entry.path, entry]));
  const known = new Set(written.map(({ path }) => path));
  const changed = written.flatMap((entry) => {
    const what = difference(entry, there.get(entry.path));
    return what ? [`${entry.path} ${what}`] : [];
  });
  const added = found.filter(({ path }) => !known.has(path)).map(({ path }) => `${path} was not there when it was made`);
  return [...changed, ...added];
}

function difference(written: VolumeEntry, found: VolumeEntry | undefined): string | undefined {
  if (!found) return 'is missing';
  if (found.type !== written.type) return `is no ${written.type} any more`;
  if (found.size !== written.size) return `has ${found.size.toLocaleString('en')} bytes instead of ${written.size.toLocaleString('en')}`;
  if (found.content !== written.content) return written.type === 'link' ? 'leads elsewhere' : 'has other content';
  if (found.mode !== written.mode) return `has permissions ${found.mode.toString(8)} instead of ${written.mode.toString(8)}`;
  if (found.uid !== written.uid || found.gid !== written.gid) return 'has another owner';
  return undefined;
}
