/** A backup's file read a service at a time. */
import { type Backup, BackupStore } from '../../../preload/contract/backups.ts';
import { parsedJson } from '../../home/files.ts';
import { limits } from '../../limits.ts';
import type { CopyWork } from '../../runtime/copies.ts';
import type { DumpPart } from '../../services/dumper.ts';
import { whole } from '../../services/whole.ts';
import type { Part } from '../archive/contents.ts';
import type { Keys } from '../archive/encryption.ts';
import { damaged } from '../archive/format.ts';
import { readArchive } from '../archive/read.ts';
import { factsPart } from './create.ts';

export interface ServiceContent {
  readonly service: string;
  readonly parts: AsyncIterable<DumpPart>;
}

/**
 * @param take is given each service in the file's order; what it leaves is passed over
 * @returns what the stores held, once all of the file was read and found whole
 */
export async function readBackupFile(
  backup: Pick<Backup, 'file'>,
  keys: Keys,
  { signal, progress }: CopyWork,
  take: (content: ServiceContent) => Promise<void>,
): Promise<BackupStore[]> {
  const options = { kind: 'backup', keys, signal, progress: ({ bytes }: { bytes: number }) => progress(bytes) } as const;
  return readArchive(backup.file, options, async ({ parts }) => {
    const stores: BackupStore[] = [];
    const reading = parts[Symbol.asyncIterator]();
    const next = async () => ((await reading.next()) as IteratorResult<Part, undefined>).value;
    let ahead = await next();
    while (ahead) {
      const service = serviceOf(ahead.path);
      const own = async function* (): AsyncGenerator<DumpPart> {
        while (ahead && serviceOf(ahead.path) === service) {
          const { path, content } = ahead;
          const name = path.slice(service.length + 1);
          if (name === factsPart) stores.push(readFacts(await wholeFacts(content, service, backup.file), service, backup.file));
          else yield { name, content };
          ahead = await next();
        }
      };
      const all = own();
      await take({ service, parts: { [Symbol.asyncIterator]: () => ({ next: () => all.next() }) } });
      while (!(await all.next()).done);
    }
    return stores;
  });
}

function serviceOf(path: string): string {
  return path.slice(0, path.indexOf('/'));
}

function wholeFacts(content: AsyncIterable<Uint8Array>, service: string, file: string): Promise<Buffer> {
  return whole(content, limits.dumpMetaBytes, () => damaged(file, `${service}/${factsPart} is larger than any that Noodlebox writes`));
}

function readFacts(bytes: Buffer, service: string, file: string): BackupStore {
  const read = BackupStore.safeParse(parsedJson(bytes.toString('utf8')));
  if (read.success && read.data.service === service) return read.data;
  throw damaged(file, `${service}/${factsPart} cannot be understood`);
}
