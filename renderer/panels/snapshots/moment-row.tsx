import { IconAlertTriangle, IconArchive, IconCamera, IconDatabase, IconFlame, IconLock } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { bytes, count, dateTime, duration, type Zone } from '../../ui/format.ts';
import { type Moment, titleOf } from './moments.ts';
import { age, holds, sizeOf } from './snapshot-view.ts';
import css from './snapshots.module.css';

interface MomentRowProps {
  moment: Moment;
  zone: Zone;
  now: number;
  chosen: boolean;
  onChoose: () => void;
}

const icons = { snapshot: IconCamera, backup: IconArchive, base: IconDatabase } as const;
const words = { snapshot: 'Snapshot', backup: 'Backup', base: 'Physical backup' } as const;

export function MomentRow({ moment, zone, now, chosen, onChoose }: MomentRowProps) {
  const Icon = icons[moment.kind];
  const why = moment.kind !== 'base' && moment.entry.state === 'unreadable' ? moment.entry.why : null;
  return (
    <button type="button" className={css.row} aria-pressed={chosen} onClick={onChoose}>
      {why === null ? (
        <Icon size={15} className={css.kind} aria-label={words[moment.kind]} />
      ) : (
        <IconAlertTriangle size={15} className={css.kind} aria-hidden color="var(--nb-error)" />
      )}
      <span className={`${css.name} cut`} data-asked={isAsked(moment) || undefined}>
        {titleOf(moment)}
        <Signs moment={moment} />
      </span>
      {why === null ? <Figures moment={moment} zone={zone} now={now} /> : <span className={`${css.why} cut`}>Cannot be read: {why}</span>}
    </button>
  );
}

function isAsked(moment: Moment): boolean {
  return moment.kind === 'snapshot' ? moment.entry.state === 'whole' && moment.entry.snapshot.cause === 'asked' : moment.kind === 'backup';
}

/** Hot, encrypted. */
function Signs({ moment }: { moment: Moment }): ReactNode {
  if (moment.kind === 'snapshot' && moment.entry.state === 'whole' && moment.entry.hot !== null) {
    const label = moment.entry.hot.state === 'ready' ? 'hot' : 'hot, its copy is to be made';
    return <IconFlame size={14} aria-label={label} />;
  }
  if (moment.kind === 'backup' && moment.entry.state === 'whole' && moment.entry.backup.encryption !== 'none') {
    return <IconLock size={14} aria-label="encrypted" />;
  }
  return null;
}

function Figures({ moment, zone, now }: { moment: Moment; zone: Zone; now: number }) {
  const { size, fact, held } = figuresOf(moment);
  return (
    <>
      <span className={`${css.when} num`} title={dateTime(moment.at!, zone)}>
        {age(now - moment.at!)}
      </span>
      <span className={`${css.size} num`}>{bytes(size)}</span>
      <span className={`${css.pause} num dim`}>{fact}</span>
      <span className={`${css.holds} cut num`}>{held}</span>
    </>
  );
}

function figuresOf(moment: Moment): { readonly size: number; readonly fact: string; readonly held: string } {
  if (moment.kind === 'base') {
    const { bytes: files, walBytes, checked } = moment.backup;
    return { size: files + walBytes, fact: checked.ok ? 'checked' : 'not good', held: '' };
  }
  if (moment.entry.state === 'unreadable') return { size: 0, fact: '', held: '' };
  if (moment.kind === 'snapshot') {
    const { snapshot, hot } = moment.entry as Extract<typeof moment.entry, { snapshot: unknown }>;
    const fact = snapshot.pause === null ? 'no pause' : `${duration(snapshot.pause)} pause`;
    return { size: sizeOf(snapshot) + (hot?.bytes ?? 0), fact, held: holds(snapshot) };
  }
  const { backup } = moment.entry as Extract<typeof moment.entry, { backup: unknown }>;
  const [check] = backup.checks;
  const held = backup.stores?.map(({ service, counts }) => `${service} ${count(counts.reduce((sum, each) => sum + each.count, 0))}`);
  return {
    size: backup.bytes,
    fact: check === undefined ? 'not checked' : !check.ok ? 'not good' : check.how === 'sealed' ? 'not opened' : 'checked',
    held: held?.join(' · ') ?? backup.services.map(({ service }) => service).join(', '),
  };
}
