/** What is shown of snapshots, as plain values. */
import type { DiffPart, PlannedOperation, Snapshot } from '../../../preload/contract/index.ts';
import { bytes, count, duration, plural } from '../../ui/format.ts';

export function sizeOf({ volumes }: Snapshot): number {
  return volumes.reduce((sum, volume) => sum + volume.bytes, 0);
}

export function labelOf({ id, name }: Pick<Snapshot, 'id' | 'name'>): string {
  return name ?? id;
}

/** In a sentence a person's own words are told from the others. */
export function quoted({ id, name }: { readonly id: string; readonly name: string | null }): string {
  return name === null ? id : `“${name}”`;
}

/** "3 rows added, 1 removed". */
export function changeWords({ state, before, after, added, removed, changed }: DiffPart, item: string): string {
  if (state === 'too-large') return `differs; too large to be compared ${item} by ${item}`;
  const words = [
    [added, 'added'],
    [removed, 'removed'],
    [changed, 'changed'],
  ] as const;
  const some = words
    .filter(([number]) => number > 0)
    .map(([number, word], at) => (at === 0 ? `${plural(number, item)} ${word}` : `${count(number)} ${word}`));
  if (before === null) return ['new', ...some].join(', ');
  return [...(after === null ? ['gone'] : []), ...some].join(', ');
}

const steps = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
] as const;

/** "4 min ago", in the largest unit that fits. */
export function age(ms: number): string {
  const step = steps.find(([unit]) => ms >= unit);
  return step ? `${Math.floor(ms / step[0])} ${step[1]} ago` : 'just now';
}

/** "in 4 h", in the largest unit that fits */
export function ahead(ms: number): string {
  const step = steps.find(([unit]) => ms >= unit);
  return step ? `in ${Math.floor(ms / step[0])} ${step[1]}` : 'in a moment';
}

export function whyTaken({ cause, of }: Snapshot): string {
  switch (cause) {
    case 'asked':
      return 'Asked for';
    case 'before-restore':
      return `Before the restore of ${of}`;
    case 'before-reset':
      return 'Before a reset';
    case 'before-down':
      return 'Before the data were deleted';
    case 'recovered':
      return 'Recovered from a backup';
    case 'before-backup-restore':
      return 'Before a backup was restored';
  }
}

/** What the stores held, a word a store: "postgres 26,400". */
export function holds({ services }: Snapshot): string {
  return services
    .flatMap(({ service, store }) => (store ? [`${service} ${count(store.counts.reduce((sum, { rows }) => sum + rows, 0))}`] : []))
    .join(' · ');
}

/** How a backup was checked. */
export const checkWords = {
  read: 'read',
  restored: 'restored and compared',
  sealed: 'as it was written; not checked by a trial restore: its key is not here',
} as const;

/** How a file is encrypted. */
export const lockWords = { none: 'no', passphrase: 'with a passphrase', recipients: 'to age keys' } as const;

/** Steps of a bundle, by their ids: what they are called elsewhere is another thing. */
const bundleSteps: Readonly<Record<string, string>> = {
  'measure rules': 'Check the rules',
  'count rows': 'Find what the ids reach',
  'copy bundle': 'Write the file',
  'verify the bundle': 'Read the file',
  'seed the stack': 'Load what it holds',
  'count the stack': 'Count what arrived',
};
const stackSteps: Partial<Record<PlannedOperation['kind'], string>> = {
  count: 'Count what the stores hold',
  measure: 'See that there is room',
  pause: 'Pause the services',
  unpause: 'Let the services go on',
  keep: 'Keep the old data',
  check: 'Check the servers',
  discard: 'Tidy up',
  backup: 'Back up',
  collect: 'Collect WAL',
  combine: 'Combine backups',
  recover: 'Recover',
};
const partSteps: Partial<Record<PlannedOperation['kind'], string>> = {
  copy: 'Copy',
  verify: 'Check the files of',
  compare: 'Read',
  swap: 'Put in place',
  stop: 'Stop',
  guard: 'Check the version of',
  start: 'Start',
  wait: 'Wait for',
  create: 'Make',
  connect: 'Connect to',
};
/** Those that a service has several things for. */
const thingSteps: Partial<Record<PlannedOperation['kind'], string>> = {
  pull: 'Pull',
  'create-network': 'Make the network',
  'create-volume': 'Make the volume',
};

/** "Copy postgres-data" */
export function stepWords({ kind, id, service, target }: Pick<PlannedOperation, 'kind' | 'id' | 'service' | 'target'>): string {
  const part = partSteps[kind];
  const thing = thingSteps[kind];
  if (thing !== undefined) return `${thing} ${target}`;
  return bundleSteps[id] ?? stackSteps[kind] ?? (part === undefined ? id : `${part} ${service ?? target}`);
}

/** Items that were read, of all where that is known. @param took ms since it began */
export function itemWords(current: number, total: number, label: string, took: number): string {
  const left = took > 0 && current > 0 && total > current ? `, ${duration(((total - current) * took) / current)} left` : '';
  const all = total > 0 ? ` of ${count(Math.max(total, current))}` : '';
  return `${count(current)}${all} ${label}${left}`;
}

/** "45 MiB of 91 MiB, 120 MiB/s, 0.4 s left". @param took ms since it began */
export function progressWords(current: number, total: number, took: number): string {
  const rate = took > 0 ? current / took : 0;
  const pace = rate > 0 ? `, ${bytes(Math.round(rate * 1000))}/s` : '';
  const left = rate > 0 && total > current ? `, ${duration((total - current) / rate)} left` : '';
  return `${bytes(current)} of ${bytes(total)}${pace}${left}`;
}
