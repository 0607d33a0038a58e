/** Finishes or takes back what a killed restore left. */
import { asNoodleError } from '../../errors.ts';
import type { BackupHost, Run } from './host.ts';
import { readJournal, removeJournal } from './journal.ts';
import { swapOne, takeBack } from './restore.ts';

/**
 * The caller holds the stack's lock.
 * @returns what was done, in words; undefined when there was nothing to do, or the servers it needs do not run: then it waits
 */
export async function recoverRestore(host: BackupHost, run: Run): Promise<string | undefined> {
  await host.removeScratch(run);
  const journal = await readJournal(host.folder);
  if (!journal) return undefined;
  try {
    if (journal.step === 'staging') {
      await takeBack(host, journal);
      return `The restore of backup ${journal.backup} had been cut off: all is as it was before.`;
    }
    for (const { service } of journal.services) {
      const store = host.stores.find((each) => each.service === service);
      if (store) await swapOne(host, journal, store);
    }
    await removeJournal(host.folder, journal.id);
    await host.forget(journal.services.map(({ service }) => service));
    return `The restore of backup ${journal.backup} had been cut off when all was ready: it was finished.`;
  } catch (error) {
    const { code, problem } = asNoodleError(error);
    if (code !== 'service-unreachable') throw error;
    run.onEvent({
      type: 'notice',
      level: 'warn',
      message: `The restore of backup ${journal.backup} was cut off, and is gone on with once its servers run. ${problem.what}`,
    });
    return undefined;
  }
}
