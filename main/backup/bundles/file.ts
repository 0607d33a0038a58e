/** The file of a bundle: written of what was gathered, and looked into. */
import { BundleAbout, type BundleFile, type BundleLock, bundleFormat } from '../../../preload/contract/bundles.ts';
import { NoodleError } from '../../errors.ts';
import type { Encryption, Keys } from '../archive/encryption.ts';
import { readAbout, readOpenHeader } from '../archive/read.ts';
import { writeArchive } from '../archive/write.ts';
import { type Gathered, indexName } from './gather.ts';
import { type Run, Steps } from './steps.ts';

/** @returns bytes of the file @throws NoodleError disk-full, bad-argument (a recipient), cancelled; there is no file then */
export async function writeBundle(file: string, { about, spool, services }: Gathered, lock: BundleLock, run: Run): Promise<number> {
  const steps = new Steps(run, [{ kind: 'copy', target: 'bundle', cause: 'what was read is packed' }]);
  const total = about.services.reduce((sum, { bytes }) => sum + bytes, 0);
  return steps.do('copy', 'bundle', async (work) => {
    const { bytes } = await writeArchive(
      file,
      {
        kind: 'bundle',
        open: {},
        about,
        encryption: lock satisfies Encryption,
        signal: run.signal,
        progress: ({ unpacked }) => work.bytes(unpacked, total),
      },
      async (put) => {
        for (const service of services) {
          const parts = spool.parts(service);
          const index = `${service}/${indexName}`;
          // First, so that whoever loads the others knows how.
          for (const part of [...parts.filter(({ path }) => path === index), ...parts.filter(({ path }) => path !== index)]) {
            await put(part.path, part.content());
          }
        }
      },
    );
    return bytes;
  });
}

/** What anybody may know of it, and what it tells to those who can open it; nothing else is read. @throws NoodleError as `readAbout` */
export async function inspectBundle(file: string, keys: Keys, signal: AbortSignal): Promise<BundleFile> {
  const { header, bytes } = await readOpenHeader(file, 'bundle');
  const seen = { bytes, encryption: header.encryption, createdAt: header.createdAt };
  if (header.encryption !== 'none' && !keys.passphrase && !keys.identities?.length) return { ...seen, about: null };
  const { about } = await readAbout(file, { kind: 'bundle', keys, signal });
  return { ...seen, about: checkedAbout(about) };
}

/** @throws NoodleError archive-format, archive-damaged */
export function checkedAbout(value: unknown): BundleAbout {
  const format = (value as { readonly format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > bundleFormat) {
    throw new NoodleError({
      code: 'archive-format',
      what: 'This bundle was made by a newer Noodlebox.',
      why: `What it tells of itself is of format ${format}; this one knows formats up to ${bundleFormat}.`,
      todo: 'Update Noodlebox, then try again.',
    });
  }
  const read = BundleAbout.safeParse(value);
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  throw new NoodleError({
    code: 'archive-damaged',
    what: 'The bundle does not tell what it holds.',
    why: `about.json: ${issue?.path.join('.')}: ${issue?.message}`,
    todo: 'Get another copy of it.',
  });
}
