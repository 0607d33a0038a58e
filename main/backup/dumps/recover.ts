/** Finishes or takes back what a killed restore left. */
import { asNoodleError } from '../../errors.ts';
import type { BackupHost, Run } from './host.ts';
import { readJournal, removeJournal } from './journal.ts';
import { swapOne, takeBack } from './restore.ts';

/**
 * The caller holds the stack's lock.
 * @returns what was done, in words; undefined when there was nothing to do, or it could not be done yet: then it waits, and a notice says so
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
    if (journal.step === 'going-back') {
      await host.restoreSnapshot(journal.safety!, run);
      await removeJournal(host.folder, journal.id);
      return `Backup ${journal.backup} could not be put in place: all is as it was before.`;
    }
    for (const { service } of journal.services) {
      const store = host.stores.find((each) => each.service === service);
      if (store) await swapOne(host, journal, store);
    }
    await removeJournal(host.folder, journal.id);
    await host.forget(journal.services.map(({ service }) => service));
    return `The restore of backup ${journal.backup} had been cut off when all was ready: it was finished.`;
  } catch (error) {
    // Whatever it is, the stack must not be shut in by it: the next command tries again, and a snapshot ends it.
    const { code, problem } = asNoodleError(error);
    const when = code === 'service-unreachable' ? 'once its servers run' : 'with the next command';
    const message = `The restore of backup ${journal.backup} was cut off, and is gone on with ${when}. ${problem.what}`;
    run.onEvent({ type: 'notice', level: 'warn', message });
    return undefined;
  }
}
