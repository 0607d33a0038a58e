import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Bucket } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { Facts } from '../../../ui/facts.tsx';
import { count, dateTime, plural } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import css from '../metrics.module.css';
import { useMetrics } from '../use-metrics.ts';
import { retentionWord } from './retention.ts';

/** Series of a bucket by measurement, and which tags make them many. */
export function CardinalityPane({ bucket }: { bucket: Bucket }) {
  const { input, zone } = useMetrics();
  const [open, setOpen] = useState<string | null>(null);
  const cardinality = useQuery({
    queryKey: ['metrics', input, 'cardinality', bucket.name],
    queryFn: ({ signal }) => api.metrics.names.cardinality({ ...input, bucket: bucket.name }, { signal }),
    staleTime: 30_000,
  });
  const all = cardinality.data?.measurements ?? [];
  const most = Math.max(1, ...all.map(({ series }) => series));
  return (
    <>
      <PaneHead title={bucket.name} />
      <div className={css.cardinality}>
        <Facts
          rows={[
            ['Series', cardinality.data ? count(cardinality.data.series) : '…'],
            ['Kept for', retentionWord(bucket.retention)],
            ['Shards of', retentionWord(bucket.shard)],
            ['Created', dateTime(bucket.createdAt, zone).slice(0, 19)],
            [
              'Id',
              <code key="id" className="mono">
                {bucket.id}
              </code>,
            ],
          ]}
        />
        <h3>Series by measurement</h3>
        {cardinality.isError ? <ProblemBox problem={problemOf(cardinality.error)} /> : null}
        {cardinality.data && all.length === 0 ? <p className={css.quiet}>Nothing has been written here yet.</p> : null}
        {all.map(({ name, series }) => (
          <div key={name}>
            <Bar label={name} value={series} most={most} open={open === name} onClick={() => setOpen(open === name ? null : name)} />
            {open === name ? <Tags bucket={bucket.name} measurement={name} /> : null}
          </div>
        ))}
        {cardinality.data?.cut ? <p className={css.quiet}>There are more measurements than are counted here.</p> : null}
      </div>
    </>
  );
}

function Tags({ bucket, measurement }: { bucket: string; measurement: string }) {
  const { input } = useMetrics();
  const tags = useQuery({
    queryKey: ['metrics', input, 'tag-cardinality', bucket, measurement],
    queryFn: ({ signal }) => api.metrics.names.tagCardinality({ ...input, bucket, measurement }, { signal }),
    staleTime: 30_000,
  });
  const most = Math.max(1, ...(tags.data ?? []).map(({ values }) => values));
  return (
    <div className={css.tagCounts}>
      {tags.data?.length === 0 ? <p className={css.quiet}>No tags.</p> : null}
      {tags.data?.map(({ key, values }) => (
        <Bar key={key} label={key} value={values} most={most} title={plural(values, 'distinct value')} />
      ))}
    </div>
  );
}

interface BarProps {
  label: string;
  value: number;
  most: number;
  title?: string;
  open?: boolean;
  onClick?: () => void;
}

function Bar({ label, value, most, title, open, onClick }: BarProps) {
  const inside = (
    <>
      <span className={css.barFill} style={{ width: `${(value / most) * 100}%` }} />
      <span className="cut mono">{label}</span>
      <span className="num">{count(value)}</span>
    </>
  );
  return onClick === undefined ? (
    <div className={css.barRow} title={title}>
      {inside}
    </div>
  ) : (
    <button type="button" className={css.barRow} aria-expanded={open} title="Which tags make them" onClick={onClick}>
      {inside}
    </button>
  );
}
