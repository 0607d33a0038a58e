/** What the helper prints of a volume, read. Its commands are those that both GNU and busybox have. */
import { NoodleError } from '../../../errors.ts';
import type { VolumeEntry } from '../../copies.ts';

/** Raw mode (hex), owner, group, size and path of all there is, a line each; `$1` is the volume's folder. */
export const listCommand = `cd "$1" && find . \\( -type f -o -type d -o -type l \\) -exec stat -c '%f %u %g %s %n' {} +`;
/** sha256 and path of every file, as sha256sum prints them. Two at a time, so that two cores are used. */
export const hashCommand = `cd "$1" && find . -type f -exec sha256sum {} +`;
/** Path and where it leads, two lines a link. */
export const linkCommand = `cd "$1" && find . -type l -exec sh -c 'for link; do echo "$link"; readlink "$link"; done' sh {} +`;

const fileType = 0o170000;
const folder = 0o040000;
const link = 0o120000;

/** @throws NoodleError not-supported-by-server for names that no line can hold */
export function entriesFrom(listed: string, hashes: string, links: string): readonly VolumeEntry[] {
  const contents = new Map<string, string>();
  for (const line of lines(hashes)) {
    const [, sum, path] = /^([0-9a-f]{64}) [ *](.+)$/.exec(line) ?? unreadable(line);
    contents.set(path!, sum!);
  }
  const leads = lines(links);
  for (let at = 0; at + 1 < leads.length; at += 2) contents.set(leads[at]!, leads[at + 1]!);
  const entries = lines(listed).map((line): VolumeEntry => {
    const [, mode, uid, gid, size, path] = /^([0-9a-f]+) (\d+) (\d+) (\d+) (.+)$/.exec(line) ?? unreadable(line);
    const raw = Number.parseInt(mode!, 16);
    const kind = raw & fileType;
    const type = kind === folder ? 'folder' : kind === link ? 'link' : 'file';
    const content = type === 'folder' ? '' : contents.get(path!);
    if (content === undefined) unreadable(path!);
    return {
      path: path === '.' ? '.' : path!.replace(/^\.\//, ''),
      type,
      mode: raw & 0o7777,
      uid: Number(uid),
      gid: Number(gid),
      size: type === 'file' ? Number(size) : 0,
      content: content!,
    };
  });
  return entries.sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '');
}

function unreadable(line: string): never {
  throw new NoodleError({
    code: 'not-supported-by-server',
    what: 'A volume holds a file whose name cannot be told on one line.',
    why: `"${line.slice(0, 200)}" was read.`,
    todo: 'Rename the file.',
  });
}
