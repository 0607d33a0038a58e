/** Checks a backup: by reading all of it, or by restoring it into a stack of its own and comparing what that then holds. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Backup, BackupCheck, BackupStore } from '../../../preload/contract/backups.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import type { Keys } from '../archive/encryption.ts';
import { Steps } from '../snapshots/steps.ts';
import { differences } from './compare.ts';
import { readBackupFile } from './contents.ts';
import type { BackupHost, Run, StoreHost } from './host.ts';
import { matchStores, refuseNewer } from './restore.ts';
import { checkSeal } from './seal.ts';
import { keepCheck, keepStores } from './store.ts';

export interface VerifyRequest {
  readonly how: BackupCheck['how'];
  readonly keys: Keys;
}

/** The result is kept beside the file. @throws NoodleError archive-damaged naming what differs; wrong-passphrase and the like are no result */
export async function verifyBackup(host: BackupHost, backup: Backup, { how, keys }: VerifyRequest, run: Run): Promise<BackupCheck> {
  const steps = new Steps(host.stack, run, [
    { kind: 'verify', target: backup.id, cause: 'asked to check it' },
    ...(how === 'restored' ? [{ kind: 'check' as const, target: backup.id, cause: 'restored into a stack of its own' }] : []),
  ]);
  const begun = performance.now();
  const ended = async (told: readonly string[]): Promise<BackupCheck> => {
    const check: BackupCheck = {
      at: Date.now(),
      how,
      ok: told.length === 0,
      took: Math.round(performance.now() - begun),
      differences: [...told],
    };
    const kept = await keepCheck(backup, check);
    if (!kept) steps.notice('warn', `That ${backup.id} was checked cannot be kept: nothing can be written beside ${backup.file}.`);
    return check;
  };
  let told: string[];
  try {
    if (how === 'sealed') {
      await steps.do('verify', backup.id, (work) => checkSeal(backup, work), backup.bytes);
      return await ended([]);
    }
    const stores = await steps.do('verify', backup.id, (work) => readBackupFile(backup, keys, work, async () => {}), backup.bytes);
    await keepStores(backup, stores);
    told = how === 'read' ? [] : await steps.do('check', backup.id, () => restoreAndCompare(host, backup, stores, keys, steps));
  } catch (error) {
    const { code, problem } = asNoodleError(error);
    if (code === 'archive-damaged') await ended([problem.why ?? problem.what]);
    throw error;
  }
  const check = await ended(told);
  if (check.ok) return check;
  throw new NoodleError({
    code: 'archive-damaged',
    what: `Backup ${backup.id}, restored, is not what was backed up.`,
    why: told.join('\n'),
    todo: 'Do not rely on it; make another one.',
  });
}

async function restoreAndCompare(
  host: BackupHost,
  backup: Backup,
  stores: readonly BackupStore[],
  keys: Keys,
  steps: Steps,
): Promise<string[]> {
  const id = randomBytes(4).toString('hex');
  const wanted = matchStores(host, backup, []).map(({ store }) => store.service);
  return host.scratch(id, wanted, steps.nested(), (scratch, folder) =>
    compareIn(scratch, backup, stores, keys, { id, folder, signal: steps.signal }),
  );
}

async function compareIn(
  scratch: StoreHost,
  backup: Backup,
  stores: readonly BackupStore[],
  keys: Keys,
  { id, folder, signal }: { readonly id: string; readonly folder: string; readonly signal: AbortSignal },
): Promise<string[]> {
  const matches = matchStores(scratch, backup, []);
  await refuseNewer(matches, signal);
  const work = { signal, progress: () => {} };
  const storeOf = (service: string) => matches.find(({ of }) => of.service === service)!.store;
  await readBackupFile(backup, keys, work, async ({ service, parts }) => {
    const store = storeOf(service);
    const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
    const options = { id, folder: join(folder, service), signal };
    await dumper.swap(place, (await dumper.stage(place, parts, options)).record, options);
  });
  const told: string[] = [];
  for (const { service, counts } of stores) {
    const store = storeOf(service);
    const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
    const again = await dumper.dump(place, passOver, signal);
    told.push(...differences(counts, again.counts).map((difference) => `${service}: ${difference}`));
  }
  await readBackupFile(backup, keys, work, async ({ service, parts }) => {
    const store = storeOf(service);
    const [dumper, place] = await Promise.all([store.dumper(), store.place()]);
    told.push(...((await dumper.compare?.(place, parts, signal)) ?? []).map((difference) => `${service}: ${difference}`));
  });
  return told;
}

/** Only what a dumper counts while it reads is wanted. */
async function passOver(_name: string, content: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  for await (const _ of content);
}
