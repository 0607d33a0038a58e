import { Tooltip } from '@mantine/core';
import type { StoreTrace } from '../../../preload/contract/index.ts';
import { count, dateTime, duration, type Zone } from '../../ui/format.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import { ServiceBadge } from '../../ui/service-badge.tsx';
import css from './trace.module.css';
import type { Found } from './trace-view.ts';

const words = { row: 'row', key: 'key', event: 'event', document: 'document', series: 'series' } as const;

interface StoreFindingsProps {
  store: StoreTrace;
  found: readonly Found[];
  zone: Zone;
  chosen: number | null;
  onChoose: (number: number) => void;
}

/** What one store knows of the id. */
export function StoreFindings({ store, found, zone, chosen, onChoose }: StoreFindingsProps) {
  return (
    <section className={css.store} aria-label={store.service} data-testid={`trace-${store.kind}`}>
      <header className={css.storeHead}>
        <ServiceBadge kind={store.kind} small />
        <span className={css.storeName}>{store.service}</span>
        <span className="dim num">
          {store.problem ? '' : found.length === 0 ? 'nothing' : count(found.length)}
          {store.cut ? ' and more' : ''}
        </span>
        <span className={css.spring} />
        <span className="dim num">{duration(store.took)}</span>
      </header>
      {store.problem ? <ProblemBox problem={store.problem} /> : null}
      {found.map((each) => (
        <button
          key={each.number}
          type="button"
          className={css.finding}
          aria-pressed={each.number === chosen}
          onClick={() => onChoose(each.number)}
        >
          <span className={`${css.place} cut`}>
            <span className="dim">{words[each.what]}</span> {each.place}
          </span>
          <span className={`${css.relation} dim cut`}>{each.relation}</span>
          <span className={`${css.content} mono cut`}>{each.content.slice(0, 300)}</span>
          <Tooltip label={each.time === null ? 'It carries no time' : dateTime(each.time, zone)}>
            <span className={`${css.when} num dim`}>{each.time === null ? '' : dateTime(each.time, zone).slice(0, 19)}</span>
          </Tooltip>
        </button>
      ))}
    </section>
  );
}
