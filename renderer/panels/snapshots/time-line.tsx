import { Tooltip } from '@mantine/core';
import { dateTime, type Zone } from '../../ui/format.ts';
import type { Line } from './moments.ts';
import css from './snapshots.module.css';

interface TimeLineProps {
  line: Line;
  zone: Zone;
  chosen: string | undefined;
  onChoose: (id: string) => void;
}

const kinds = { snapshot: 'Snapshot', backup: 'Backup', base: 'Physical backup' } as const;

/** From the oldest moment to now, and what is made next: where one can go back to. */
export function TimeLine({ line, zone, chosen, onChoose }: TimeLineProps) {
  return (
    <section className={css.timeline} aria-label="Time line">
      <div className={css.track}>
        {line.windows.map(({ from, until }) => (
          <Tooltip key={from} label="PostgreSQL can go back to any moment in here">
            <span className={css.window} style={{ left: `${from * 100}%`, width: `${Math.max(0.4, (until - from) * 100)}%` }} />
          </Tooltip>
        ))}
        {line.marks.map(({ id, kind, at, time, label, asked }) => (
          <Tooltip key={`${kind} ${id}`} label={`${label} · ${dateTime(time, zone)}`}>
            <button
              type="button"
              className={css.mark}
              data-kind={kind}
              data-asked={asked || undefined}
              data-chosen={id === chosen || undefined}
              style={{ left: `${at * 100}%` }}
              aria-label={`${kinds[kind]}: ${label}, ${dateTime(time, zone)}`}
              onClick={() => onChoose(id)}
            />
          </Tooltip>
        ))}
        {line.next.map(({ at, time, label }) => (
          <Tooltip key={`${label} ${time}`} label={`${label} · next at ${dateTime(time, zone)}`}>
            <span
              className={css.next}
              style={{ left: `${at * 100}%` }}
              role="img"
              aria-label={`${label}, next at ${dateTime(time, zone)}`}
            />
          </Tooltip>
        ))}
        <span className={css.now} style={{ left: `${line.now * 100}%` }} aria-hidden />
      </div>
      <div className={css.scale}>
        <span className="num">{dateTime(line.oldest, zone)}</span>
        <span style={{ position: 'absolute', left: `calc(20px + (100% - 40px) * ${line.now})`, transform: 'translateX(-100%)' }}>now</span>
      </div>
    </section>
  );
}
