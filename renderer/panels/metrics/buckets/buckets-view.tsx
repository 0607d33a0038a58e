import { Button } from '@mantine/core';
import { IconClockEdit, IconDatabase, IconPlus, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import type { Bucket } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { dateTime } from '../../../ui/format.ts';
import { DataGrid, type GridCell, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import type { CellAt } from '../../../ui/grid/selection.ts';
import { Panes } from '../../../ui/panes.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { monitorBucket } from '../boards/built-in.ts';
import css from '../metrics.module.css';
import { useBuckets, useForgetNames } from '../use-catalog.ts';
import { useMetrics } from '../use-metrics.ts';
import { askNewBucket } from './ask-bucket.tsx';
import { askRetention } from './ask-retention.tsx';
import { CardinalityPane } from './cardinality-pane.tsx';
import { retentionWord } from './retention.ts';

const columns: GridColumn[] = [
  { key: 'name', name: 'name', width: 260 },
  { key: 'kind', name: 'kind', width: 110 },
  { key: 'retention', name: 'kept for', width: 120, align: 'right' },
  { key: 'shard', name: 'shard', width: 100, align: 'right' },
  { key: 'created', name: 'created', width: 220 },
  { key: 'description', name: 'description', width: 360 },
];

/** Buckets: made, kept for longer or shorter, deleted; and what makes their series many. */
export function BucketsView() {
  const { input, search, set, zone } = useMetrics();
  const buckets = useBuckets();
  const forget = useForgetNames();
  const all = buckets.data ?? [];
  const [selected, setSelected] = useState<CellAt | null>(null);
  const chosen = all[selected?.row ?? all.findIndex(({ name }) => name === search.bucket)];
  const cellAt = (row: number, column: number): GridCell | undefined => {
    const bucket = all[row];
    return bucket && bucketCell(bucket, columns[column]!.key, zone);
  };
  const remove = (bucket: Bucket) =>
    askLoss({
      title: 'Delete the bucket',
      losses: () => api.metrics.bucket.losses({ ...input, bucket: bucket.name }),
      button: `Delete ${bucket.name}`,
      act: async () => {
        await api.metrics.bucket.remove({ ...input, id: bucket.id });
        setSelected(null);
        if (search.bucket === bucket.name)
          set({ bucket: undefined, measurement: undefined, fields: undefined, filters: undefined, group: undefined });
        forget();
      },
    });
  return (
    <Panes id="metrics.buckets" inspector={chosen ? <CardinalityPane key={chosen.name} bucket={chosen} /> : null}>
      <div className={css.page}>
        <Toolbar label="Buckets">
          <Button size="xs" leftSection={<IconPlus size={14} stroke={1.75} />} onClick={() => askNewBucket(input, all, forget)}>
            New bucket
          </Button>
          <Spring />
          <Button
            size="xs"
            variant="default"
            leftSection={<IconClockEdit size={14} stroke={1.6} />}
            disabled={!chosen || chosen.system}
            onClick={() => chosen && askRetention(input, chosen, forget)}
          >
            Retention…
          </Button>
          <Button
            size="xs"
            variant="default"
            color="red"
            leftSection={<IconTrash size={14} stroke={1.6} />}
            disabled={!chosen || chosen.system}
            onClick={() => chosen && remove(chosen)}
          >
            Delete…
          </Button>
        </Toolbar>
        {buckets.isError ? (
          <div className={css.aside}>
            <ProblemBox problem={problemOf(buckets.error)} />
          </div>
        ) : (
          <DataGrid
            label="Buckets"
            testId="buckets-grid"
            columns={columns}
            rowCount={all.length}
            cellAt={cellAt}
            selected={selected}
            onSelect={setSelected}
            onOpen={({ row }) => set({ tab: 'explore', bucket: all[row]?.name, measurement: undefined }, false)}
            empty={
              buckets.isPending ? null : (
                <EmptyState icon={IconDatabase} line="A bucket keeps points, each for a certain time. There is none yet." />
              )
            }
          />
        )}
      </div>
    </Panes>
  );
}

function kindOf({ own, system, name }: Bucket): string {
  if (own) return 'the stack’s';
  if (system) return 'the server’s';
  return name === monitorBucket ? 'Noodlebox’s' : 'your own';
}

function bucketCell(bucket: Bucket, key: string, zone: 'local' | 'utc'): GridCell {
  switch (key) {
    case 'name':
      return { text: bucket.name, kind: 'text' };
    case 'kind':
      return { text: kindOf(bucket), kind: 'text' };
    case 'retention':
      return { text: retentionWord(bucket.retention), kind: 'text', copy: String(bucket.retention) };
    case 'shard':
      return { text: retentionWord(bucket.shard), kind: 'text', copy: String(bucket.shard) };
    case 'created':
      return { text: dateTime(bucket.createdAt, zone).slice(0, 19), kind: 'text' };
    default:
      return bucket.description === '' ? { text: '', kind: 'empty' } : { text: bucket.description, kind: 'text' };
  }
}
