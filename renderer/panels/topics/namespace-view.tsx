import { Button } from '@mantine/core';
import { IconMessages, IconPlus } from '@tabler/icons-react';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { TopicEntry, TopicFigures } from '../../../preload/contract/index.ts';
import { api, problemOf } from '../../api/client.ts';
import { EmptyState } from '../../ui/empty-state.tsx';
import { bytes, count, plural } from '../../ui/format.ts';
import { DataGrid, type GridCell, type GridColumn, type GridSort } from '../../ui/grid/data-grid.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { askTopic } from './ask-topic.tsx';
import { partsOf } from './names.ts';
import css from './topics.module.css';
import type { Show } from './topics-panel.tsx';
import { type Place, topicsKey, useRefresh } from './use-catalog.ts';

const columns: readonly GridColumn[] = [
  { key: 'name', name: 'Topic', width: 260 },
  { key: 'partitions', name: 'Partitions', width: 90, align: 'right' },
  { key: 'rateIn', name: 'In /s', width: 80, align: 'right' },
  { key: 'rateOut', name: 'Out /s', width: 80, align: 'right' },
  { key: 'backlog', name: 'Backlog', width: 100, align: 'right' },
  { key: 'storage', name: 'Storage', width: 100, align: 'right' },
  { key: 'subscriptions', name: 'Subscriptions', width: 110, align: 'right' },
  { key: 'producers', name: 'Producers', width: 90, align: 'right' },
];
/** What the core tells at once. */
const page = 100;

/** The topics of a namespace and what goes on in them. */
export function NamespaceView({
  place,
  namespace,
  topics,
  show,
}: {
  place: Place;
  namespace: string;
  topics: readonly TopicEntry[] | undefined;
  show: Show;
}) {
  const [sort, setSort] = useState<GridSort | null>(null);
  const [selected, setSelected] = useState<{ row: number; column: number } | null>(null);
  const [from, setFrom] = useState(0);
  const refresh = useRefresh(place);
  const all = topics ?? [];
  // Sorted by what is known, figures can be asked for a whole namespace of ordinary size.
  const asked = all.slice(from, from + page).map(({ topic }) => topic);
  const figures = useQuery({
    queryKey: topicsKey(place, 'figures', asked),
    queryFn: async () => new Map((await api.topics.figures({ ...place, topics: asked })).map((each, at) => [asked[at]!, each] as const)),
    enabled: asked.length > 0,
    refetchInterval: 3_000,
    placeholderData: keepPreviousData,
  });
  const rows = sorted(all, figures.data, sort);
  const create = () =>
    askTopic({ place, namespace, onCreated: (topic) => void refresh().then(() => show({ topic, namespace: undefined, tab: undefined })) });
  const open = (row: number) => rows[row] && show({ topic: rows[row].topic, namespace: undefined, tab: undefined, message: undefined });
  return (
    <div className={css.column}>
      <div className={css.title}>
        <h1 className="cut">{namespace}</h1>
        <span className={css.figures}>{topics ? plural(all.length, 'topic') : ''}</span>
        <Button variant="default" leftSection={<IconPlus size={14} stroke={1.75} />} onClick={create}>
          Create topic
        </Button>
      </div>
      {figures.error ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(figures.error)} />
        </div>
      ) : null}
      <div className={css.grow}>
        <DataGrid
          label={`Topics of ${namespace}`}
          testId="topics-grid"
          columns={columns}
          rowCount={rows.length}
          cellAt={(row, column) => cellOf(rows[row], figures.data, columns[column]!.key)}
          want={(first) => setFrom(Math.floor(first / page) * page)}
          selected={selected}
          onSelect={setSelected}
          onOpen={({ row }) => open(row)}
          onFollow={({ row }) => open(row)}
          sort={sort}
          onSort={(key) =>
            setSort((before) => (before?.key === key ? (before.descending ? { key, descending: false } : null) : { key, descending: true }))
          }
          empty={
            topics === undefined ? null : (
              <EmptyState
                icon={IconMessages}
                line="A topic carries messages from those who publish to those who subscribe. This namespace has none yet."
                button={<Button onClick={create}>Create topic</Button>}
                example="npx noodlebox seed"
              />
            )
          }
        />
      </div>
    </div>
  );
}

type Figures = ReadonlyMap<string, TopicFigures | null> | undefined;

function sorted(topics: readonly TopicEntry[], figures: Figures, sort: GridSort | null): readonly TopicEntry[] {
  if (!sort) return topics;
  const value = (entry: TopicEntry): string | number => {
    if (sort.key === 'name') return partsOf(entry.topic).name;
    if (sort.key === 'partitions') return entry.partitions;
    return figures?.get(entry.topic)?.[sort.key as keyof TopicFigures] ?? -1;
  };
  const turn = sort.descending ? -1 : 1;
  return topics.toSorted((a, b) => (value(a) < value(b) ? -turn : value(a) > value(b) ? turn : 0));
}

function cellOf(entry: TopicEntry | undefined, figures: Figures, key: string): GridCell | undefined {
  if (!entry) return undefined;
  if (key === 'name') return { text: partsOf(entry.topic).name, kind: 'text', link: true, copy: entry.topic };
  if (key === 'partitions') return entry.partitions > 0 ? { text: count(entry.partitions), kind: 'number' } : { text: '', kind: 'text' };
  const known = figures?.get(entry.topic);
  if (known === undefined) return undefined;
  if (known === null) return { text: '', kind: 'missing' };
  const value = known[key as keyof TopicFigures];
  if (key === 'storage') return { text: bytes(value), kind: 'number', copy: String(value) };
  return { text: key.startsWith('rate') ? rate(value) : count(value), kind: 'number', copy: String(value) };
}

export function rate(value: number): string {
  return value === 0 ? '0' : value < 10 ? value.toFixed(1) : count(Math.round(value));
}
