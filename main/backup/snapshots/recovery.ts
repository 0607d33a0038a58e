/** What has to be done after a snapshot or restore was cut off: a pure function of its journal and of what is there. */
import { NoodleError } from '../../errors.ts';
import type { Journal, RestoredVolume, RestoreJournal } from './journal.ts';

export type RecoveryAction =
  | { readonly do: 'unpause'; readonly services: readonly string[] }
  | { readonly do: 'stop'; readonly services: readonly string[] }
  /** Instances that were made for the restore. */
  | { readonly do: 'remove'; readonly services: readonly string[] }
  /** The old data become the live ones again. */
  | { readonly do: 'put-back'; readonly volumes: readonly RestoredVolume[] }
  /** Live volumes that were made for the restore. */
  | { readonly do: 'drop'; readonly volumes: readonly RestoredVolume[] }
  /** From here on the old data are live, and no set holds anything of theirs. */
  | { readonly do: 'mark-undone' }
  | { readonly do: 'discard'; readonly sets: readonly string[] }
  | { readonly do: 'start'; readonly services: readonly string[] }
  /** The restore was good: the old data are made a snapshot. */
  | { readonly do: 'settle' }
  /** A second stack that was not whole, or not to stay. */
  | { readonly do: 'remove-beside'; readonly name: string }
  | { readonly do: 'forget' };

/** Whether it matters which old data are in their set. */
export function asksForKept({ step }: RestoreJournal): boolean {
  return step === 'keeping' || step === 'placing' || step === 'checking';
}

/**
 * Every action may be repeated, and all of them may be cut off anywhere and begun again. Where data were staged, keeping and
 * placing were changes of names: what is not in the set of old data is live.
 * @param inSet names of the volumes whose old data are in their set, where `asksForKept`
 */
export function recovery(journal: Journal, inSet: readonly string[]): readonly RecoveryAction[] {
  if (journal.act === 'pause') return [{ do: 'unpause', services: journal.services }, { do: 'forget' }];
  if (journal.act === 'beside') return [{ do: 'remove-beside', name: journal.name }, { do: 'forget' }];
  const stage = journal.stage ? [journal.stage] : [];
  const goOn: readonly RecoveryAction[] = [{ do: 'start', services: journal.ran }, { do: 'forget' }];
  /** Nothing live was touched, or it is back: no word is needed for that to be seen again. */
  const asItWas: readonly RecoveryAction[] = [{ do: 'discard', sets: [...stage, journal.kept] }, ...goOn];
  // What was staged goes first: on a full disk it makes the room for the word.
  const back: readonly RecoveryAction[] = [
    ...(stage.length > 0 ? [{ do: 'discard' as const, sets: stage }] : []),
    { do: 'mark-undone' },
    { do: 'discard', sets: [journal.kept] },
    ...goOn,
  ];
  switch (journal.step) {
    case 'staging':
    case 'undone':
      return asItWas;
    case 'stopping':
      // A server that was told to stop may still run, and would be taken for one that goes on.
      return [{ do: 'stop', services: journal.services }, ...asItWas];
    case 'keeping':
      // By copying, nothing live has been touched.
      return journal.stage === null ? asItWas : [...takenBack(journal, inSet), ...back];
    case 'placing':
    case 'checking':
      return [...takenBack(journal, inSet), ...back];
    case 'settling':
      return [{ do: 'settle' }, { do: 'forget' }];
  }
}

function takenBack(journal: RestoreJournal, inSet: readonly string[]): readonly RecoveryAction[] {
  const had = journal.volumes.filter((volume) => volume.had);
  const kept = had.filter(({ name }) => inSet.includes(name));
  const missing = had.filter(({ name }) => !inSet.includes(name));
  // What was renamed is in one place or the other; a copy that is gone would leave only the new data.
  if (journal.stage === null && missing.length > 0) {
    throw new NoodleError({
      code: 'snapshot-damaged',
      what: `The old data of ${missing.map(({ key }) => key).join(', ')} are gone, and the restore of ${journal.of} was cut off.`,
      why: `The copies in ${journal.kept} were deleted by something else than Noodlebox.`,
      todo: 'Delete journal.json in the folder of snapshots to go on with the data that are there, then restore a snapshot.',
    });
  }
  const made = journal.volumes.filter((volume) => !volume.had);
  const strangers = journal.services.filter((service) => !journal.there.includes(service));
  return [
    { do: 'stop', services: journal.services },
    ...(strangers.length > 0 ? [{ do: 'remove' as const, services: strangers }] : []),
    { do: 'put-back', volumes: kept },
    ...(made.length > 0 ? [{ do: 'drop' as const, volumes: made }] : []),
  ];
}
