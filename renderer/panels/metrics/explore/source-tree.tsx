import { TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconChartLine, IconDatabase, IconDatabaseCog, IconHash, IconSearch } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { Tree, type TreeRow } from '../../../ui/tree.tsx';
import css from '../metrics.module.css';
import { useBuckets, useFieldsOf, useMeasurements } from '../use-catalog.ts';
import { useMetrics } from '../use-metrics.ts';

type Node =
  | { kind: 'bucket'; bucket: string }
  | { kind: 'measurement'; bucket: string; measurement: string }
  | { kind: 'field'; bucket: string; measurement: string; field: string }
  | { kind: 'more' };
type Row = TreeRow & { node: Node };

const idOf = (...parts: string[]) => JSON.stringify(parts);

/** Buckets, their measurements, their fields. */
export function SourceTree({ onMeasurement }: { onMeasurement: (bucket: string, measurement: string) => void }) {
  const { search, set } = useMetrics();
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed, 200);
  const buckets = useBuckets();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const own = buckets.data?.find((bucket) => bucket.own)?.name;
  // What the address shows is in sight: its bucket, its measurement; at first the stack's own bucket.
  useEffect(() => {
    const { bucket = own, measurement } = search;
    if (bucket === undefined) return;
    setOpen((before) => new Set([...before, idOf(bucket), ...(measurement === undefined ? [] : [idOf(bucket, measurement)])]));
  }, [search.bucket, search.measurement, own, search]);

  const all = buckets.data ?? [];
  const openBuckets = all.filter(({ name }) => open.has(idOf(name))).map(({ name }) => name);
  const measured = useMeasurements(openBuckets, text);
  const places = openBuckets.flatMap((bucket, at) =>
    (measured[at]?.data?.names ?? []).filter((name) => open.has(idOf(bucket, name))).map((measurement) => ({ bucket, measurement })),
  );
  const fielded = useFieldsOf(places);
  const rows: Row[] = [];
  for (const { name: bucket, system } of all) {
    const at = openBuckets.indexOf(bucket);
    const list = measured[at];
    const state = at < 0 ? 'closed' : list?.isPending ? 'loading' : 'open';
    const icon = system ? IconDatabaseCog : IconDatabase;
    rows.push({
      id: idOf(bucket),
      depth: 0,
      label: bucket,
      state,
      icon,
      hue: 'var(--nb-influxdb)',
      dim: system,
      node: { kind: 'bucket', bucket },
    });
    if (at < 0) continue;
    for (const measurement of list?.data?.names ?? []) {
      const place = places.findIndex((each) => each.bucket === bucket && each.measurement === measurement);
      const fields = fielded[place];
      rows.push({
        id: idOf(bucket, measurement),
        depth: 1,
        label: measurement,
        state: place < 0 ? 'closed' : fields?.isPending ? 'loading' : 'open',
        icon: IconChartLine,
        node: { kind: 'measurement', bucket, measurement },
      });
      if (place < 0) continue;
      for (const field of fields?.data?.names ?? []) {
        const node: Node = { kind: 'field', bucket, measurement, field };
        rows.push({ id: idOf(bucket, measurement, field), depth: 2, label: field, state: 'leaf', icon: IconHash, node });
      }
      if (fields?.data?.cut) rows.push(more(idOf(bucket, measurement, '', 'more'), 2));
    }
    if (list?.data?.cut) rows.push(more(idOf(bucket, '', '', 'more'), 1));
    if (list?.data?.names.length === 0) {
      const label = text === '' ? 'no measurements yet' : 'none with this name';
      rows.push({ id: idOf(bucket, '', '', 'none'), depth: 1, label, state: 'leaf', dim: true, node: { kind: 'more' } });
    }
  }
  const rowOf = (id: string) => rows.find((row) => row.id === id)?.node;
  const toggle = (id: string) =>
    setOpen((before) => {
      const next = new Set(before);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const choose = (id: string) => {
    const node = rowOf(id);
    if (node?.kind === 'bucket') set({ bucket: node.bucket });
    if (node?.kind === 'measurement') onMeasurement(node.bucket, node.measurement);
    if (node?.kind === 'field') {
      const same = node.bucket === search.bucket && node.measurement === search.measurement;
      if (!same) onMeasurement(node.bucket, node.measurement);
      set({ bucket: node.bucket, measurement: node.measurement, fields: [node.field] });
    }
  };
  return (
    <>
      <PaneHead title="Buckets" />
      <div className={css.paneSearch}>
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} stroke={1.75} />}
          placeholder="Find a measurement"
          aria-label="Find a measurement"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      <Tree
        label="Buckets, measurements and fields"
        testId="metrics-tree"
        count={rows.length}
        rowAt={(index) => rows[index]}
        selected={selectedId(search)}
        onSelect={choose}
        onToggle={toggle}
        onOpen={(id) => {
          if (rowOf(id)?.kind !== 'field') toggle(id);
        }}
        empty={<span className="dim">{buckets.isError ? 'The buckets could not be read.' : 'There are no buckets.'}</span>}
      />
    </>
  );
}

function more(id: string, depth: number): Row {
  return { id, depth, label: 'and more: type to find', state: 'leaf', dim: true, node: { kind: 'more' } };
}

function selectedId({ bucket, measurement, fields }: { bucket?: string; measurement?: string; fields?: string[] }): string | null {
  if (bucket === undefined) return null;
  if (measurement === undefined) return idOf(bucket);
  return fields?.length === 1 ? idOf(bucket, measurement, fields[0]!) : idOf(bucket, measurement);
}
