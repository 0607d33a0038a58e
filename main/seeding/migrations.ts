/** The migrations of one kind of server, as files: `seeds/<kind>/NNNN_name.(sql|yaml|json)`. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ServiceKindName } from '../../preload/contract/index.ts';
import { NoodleError } from '../errors.ts';
import type { Migration } from '../services/seed-target.ts';

const fileName = /^(?<id>(?<number>\d{4})_[a-z0-9_]+)\.(sql|yaml|json)$/;

/**
 * In order of their numbers; none when the kind has no folder.
 * @param folder the folder that holds one folder a kind
 * @throws NoodleError migration-failed when two files have the same number
 */
export async function readMigrations(folder: string, kind: ServiceKindName): Promise<readonly Migration[]> {
  const names = await readdir(join(folder, kind)).catch(orNone);
  const files = names.filter((name) => fileName.test(name)).sort();
  refuseSameNumber(files, kind);
  return Promise.all(
    files.map(async (name) => {
      const file = join(folder, kind, name);
      // A checkout with other line endings is the same migration.
      const content = (await readFile(file, 'utf8')).replaceAll('\r\n', '\n');
      return { id: fileName.exec(name)!.groups!.id!, file, content, checksum: createHash('sha256').update(content).digest('hex') };
    }),
  );
}

function refuseSameNumber(files: readonly string[], kind: ServiceKindName): void {
  const second = files.find((name, index) => index > 0 && name.slice(0, 4) === files[index - 1]!.slice(0, 4));
  if (second === undefined) return;
  throw new NoodleError({
    code: 'migration-failed',
    what: `Two migrations of ${kind} have the number ${second.slice(0, 4)}.`,
    why: files.filter((name) => name.startsWith(second.slice(0, 4))).join(', '),
    todo: 'Give the newer one the next number.',
  });
}

function orNone(error: NodeJS.ErrnoException): string[] {
  if (error.code === 'ENOENT') return [];
  throw error;
}
