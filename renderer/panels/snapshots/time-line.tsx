import { Tooltip } from '@mantine/core';
import type { SnapshotEntry } from '../../../preload/contract/index.ts';
import { dateTime, type Zone } from '../../ui/format.ts';
import { marksOf } from './snapshot-view.ts';
import css from './snapshots.module.css';

interface TimeLineProps {
  entries: readonly SnapshotEntry[];
  zone: Zone;
  now: number;
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

/** From the oldest snapshot to now: where one can go back to. */
export function TimeLine({ entries, zone, now, chosen, onChoose }: TimeLineProps) {
  const marks = marksOf(entries, now);
  const times = new Map(entries.flatMap((entry) => (entry.state === 'whole' ? [[entry.id, entry.snapshot.createdAt] as const] : [])));
  if (marks.length === 0) return null;
  return (
    <section className={css.timeline} aria-label="Time line">
      <div className={css.track}>
        {marks.map(({ id, at, label, asked }) => (
          <Tooltip key={id} label={`${label} · ${dateTime(times.get(id)!, zone)}`}>
            <button
              type="button"
              className={css.mark}
              data-asked={asked || undefined}
              data-chosen={id === chosen || undefined}
              style={{ left: `${at * 100}%` }}
              aria-label={`${label}, ${dateTime(times.get(id)!, zone)}`}
              onClick={() => onChoose(id)}
            />
          </Tooltip>
        ))}
        <span className={css.now} aria-hidden />
      </div>
      <div className={css.scale}>
        <span className="num">{dateTime(Math.min(...times.values()), zone)}</span>
        <span>now</span>
      </div>
    </section>
  );
}
