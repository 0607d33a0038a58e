import { IconMailOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { DeadLetterTopic } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { count, dateTime, type Zone } from '../../../ui/format.ts';
import { DataGrid, type GridCell, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { shortName } from '../names.ts';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import { type Place, topicsKey } from '../use-catalog.ts';

const columns: readonly GridColumn[] = [
  { key: 'topic', name: 'Topic', width: 300 },
  { key: 'kind', name: 'What it takes', width: 120 },
  { key: 'origin', name: 'Comes from', width: 220 },
  { key: 'subscription', name: 'Subscription', width: 140 },
  { key: 'waiting', name: 'Waiting', width: 90, align: 'right' },
  { key: 'newest', name: 'Newest', width: 220 },
];

/** All topics that take what subscriptions have given up. */
export function DeadLetterTopics({ place, show }: { place: Place; show: Show }) {
  const zone = useSettings()?.times ?? 'local';
  const [selected, setSelected] = useState<{ row: number; column: number } | null>(null);
  const topics = useQuery({
    queryKey: topicsKey(place, 'dead-letter-topics'),
    queryFn: () => api.topics.deadLetterTopics(place),
    refetchInterval: 5_000,
  });
  const rows = topics.data ?? [];
  const open = (row: number) => {
    const found = rows[row];
    if (found) show({ topic: found.topic, tab: found.kind === 'dead-letter' ? 'dead-letters' : undefined });
  };
  return (
    <div className={css.column}>
      <div className={css.title}>
        <h1>Dead letters</h1>
        <span className={css.figures}>{topics.data ? `${count(rows.reduce((sum, { waiting }) => sum + waiting, 0))} waiting` : ''}</span>
      </div>
      {topics.error ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(topics.error)} />
        </div>
      ) : null}
      <div className={css.grow}>
        <DataGrid
          label="Topics of dead letters"
          testId="dead-letter-topics"
          columns={columns}
          rowCount={rows.length}
          cellAt={(row, column) => rows[row] && cellOf(rows[row], columns[column]!.key, zone)}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ row }) => open(row)}
          onFollow={({ row }) => open(row)}
          empty={
            topics.data ? (
              <EmptyState
                icon={IconMailOff}
                line="What a subscription refuses too often goes to a topic named after it, ending in -DLQ, where its consumers say so. There is none: nothing was given up."
              />
            ) : null
          }
        />
      </div>
    </div>
  );
}

function cellOf(row: DeadLetterTopic, key: string, zone: Zone): GridCell {
  switch (key) {
    case 'topic':
      return { text: shortName(row.topic), kind: 'text', link: true, copy: row.topic };
    case 'kind':
      return { text: row.kind === 'retry' ? 'retries' : 'dead letters', kind: 'text' };
    case 'origin':
      return { text: shortName(row.origin), kind: 'text', copy: row.origin };
    case 'waiting':
      return { text: count(row.waiting), kind: 'number' };
    case 'newest':
      return row.newest === null ? { text: '', kind: 'missing' } : { text: dateTime(row.newest, zone), kind: 'text' };
    default:
      return row.subscription === '' ? { text: '', kind: 'missing' } : { text: row.subscription, kind: 'text' };
  }
}
