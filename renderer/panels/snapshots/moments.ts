/** All that the stack can be taken back to, and what is going to be made, on one line of time. */
import type { BackupEntry, BaseBackup, PitrState, Schedule, SnapshotEntry } from '../../../preload/contract/index.ts';
import { whyTaken } from './snapshot-view.ts';

export type Moment =
  | { readonly kind: 'snapshot'; readonly id: string; readonly at: number | null; readonly entry: SnapshotEntry }
  | { readonly kind: 'backup'; readonly id: string; readonly at: number | null; readonly entry: BackupEntry }
  | { readonly kind: 'base'; readonly id: string; readonly at: number; readonly backup: BaseBackup };

/** Newest first; what cannot be read, whose time is not known, before all. */
export function momentsOf(
  snapshots: readonly SnapshotEntry[],
  backups: readonly BackupEntry[],
  bases: readonly BaseBackup[],
): readonly Moment[] {
  const all: Moment[] = [
    ...snapshots.map((entry): Moment => {
      return { kind: 'snapshot', id: entry.id, at: entry.state === 'whole' ? entry.snapshot.createdAt : null, entry };
    }),
    ...backups.map((entry): Moment => {
      return { kind: 'backup', id: entry.id, at: entry.state === 'whole' ? entry.backup.createdAt : null, entry };
    }),
    ...bases.map((backup): Moment => ({ kind: 'base', id: backup.id, at: backup.endedAt, backup })),
  ];
  return all.sort((a, b) => (b.at ?? Number.POSITIVE_INFINITY) - (a.at ?? Number.POSITIVE_INFINITY));
}

/** What a moment is called. */
export function titleOf(moment: Moment): string {
  switch (moment.kind) {
    case 'snapshot':
      return moment.entry.state === 'whole' ? (moment.entry.snapshot.name ?? whyTaken(moment.entry.snapshot)) : moment.id;
    case 'backup':
      return moment.entry.state === 'whole' ? (moment.entry.backup.name ?? 'Backup') : moment.entry.file;
    case 'base':
      return moment.backup.kind === 'full' ? 'PostgreSQL, all of it' : 'PostgreSQL, what had changed';
  }
}

export interface Mark {
  readonly id: string;
  readonly kind: Moment['kind'];
  /** From 0 (the oldest) to 1 (the end of the line). */
  readonly at: number;
  readonly time: number;
  readonly label: string;
  /** Whether a person asked for it. */
  readonly asked: boolean;
}

export interface Line {
  readonly marks: readonly Mark[];
  /** When the line begins. */
  readonly oldest: number;
  /** Where now is. */
  readonly now: number;
  /** Stretches of which PostgreSQL can go back to any moment. */
  readonly windows: readonly { readonly from: number; readonly until: number }[];
  /** What the schedule makes next, right of now; the first is the nearest. */
  readonly next: readonly { readonly at: number; readonly time: number; readonly label: string }[];
}

/** The share of the line that what is to come has. */
const ahead = 0.18;

/** undefined where there is nothing to show. */
export function lineOf(
  moments: readonly Moment[],
  windows: PitrState['windows'],
  entries: Schedule['entries'],
  now: number,
): Line | undefined {
  const times = moments.flatMap(({ at }) => (at === null ? [] : [at]));
  const coming = entries.flatMap(({ job, next }) => (next === null ? [] : [{ time: Math.max(next, now), label: job.name }]));
  if (times.length === 0 && coming.length === 0) return undefined;
  const oldest = Math.min(now, ...times, ...windows.map(({ from }) => from));
  const here = coming.length > 0 ? 1 - ahead : 1;
  const span = Math.max(1, now - oldest);
  const past = (time: number) => here * Math.min(1, Math.max(0, (time - oldest) / span));
  const farthest = Math.max(1, ...coming.map(({ time }) => time - now));
  return {
    oldest,
    now: here,
    marks: moments.flatMap((moment) =>
      moment.at === null
        ? []
        : [{ id: moment.id, kind: moment.kind, at: past(moment.at), time: moment.at, label: titleOf(moment), asked: isAsked(moment) }],
    ),
    windows: windows.map(({ from, until }) => ({ from: past(from), until: past(until) })),
    next: coming
      .map(({ time, label }) => ({ time, label, at: here + ahead * (0.15 + 0.8 * ((time - now) / farthest)) }))
      .sort((a, b) => a.time - b.time),
  };
}

function isAsked(moment: Moment): boolean {
  if (moment.kind === 'snapshot') return moment.entry.state === 'whole' && moment.entry.snapshot.cause === 'asked';
  return moment.kind === 'backup' || moment.backup.cause === 'asked';
}
