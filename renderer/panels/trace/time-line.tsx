import { Tooltip } from '@mantine/core';
import { dateTime, duration, type Zone } from '../../ui/format.ts';
import { hueOf } from '../../ui/theme.ts';
import css from './trace.module.css';
import { type Found, timeline } from './trace-view.ts';

interface TimeLineProps {
  found: readonly Found[];
  zone: Zone;
  chosen: number | null;
  onChoose: (number: number) => void;
}

/** A lane a store, all on one scale: what happened when, and what followed what. */
export function TimeLine({ found, zone, chosen, onChoose }: TimeLineProps) {
  const line = timeline(found);
  if (line === null) return null;
  const lanes = [...new Set(line.marks.map(({ found: each }) => each.service))];
  return (
    <section className={css.timeline} aria-label="Time line">
      {lanes.map((service) => {
        const marks = line.marks.filter(({ found: each }) => each.service === service);
        return (
          <div key={service} className={css.lane}>
            <span className={`${css.laneName} cut`} style={{ color: hueOf(marks[0]!.found.kind) }}>
              {service}
            </span>
            <span className={css.laneTrack}>
              {marks.map(({ at, found: each }) => (
                <Tooltip key={each.number} label={`${each.place} · ${dateTime(each.time!, zone)}`}>
                  <button
                    type="button"
                    className={css.mark}
                    data-chosen={each.number === chosen || undefined}
                    style={{ left: `${at * 100}%`, '--hue': hueOf(each.kind) }}
                    aria-label={`${each.what} in ${each.place} at ${dateTime(each.time!, zone)}`}
                    onClick={() => onChoose(each.number)}
                  />
                </Tooltip>
              ))}
            </span>
          </div>
        );
      })}
      <div className={css.scale}>
        <span className="num">{dateTime(line.from, zone)}</span>
        <span className="num dim">{line.to > line.from ? duration(line.to - line.from) : ''}</span>
        <span className="num">{line.to > line.from ? dateTime(line.to, zone) : ''}</span>
      </div>
    </section>
  );
}
