import { Button, Progress, Select, TextInput } from '@mantine/core';
import { IconChartPie, IconDownload, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { MemoryReport } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { bytes, count, plural } from '../../../ui/format.ts';
import { DataGrid, type GridCell, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../cache.module.css';
import { lackOf, useCacheSearch, useFacts, useTarget } from '../context.ts';
import { saveLines } from '../save-lines.ts';
import { useWatching } from '../watch/use-stream.ts';
import { type PrefixSort, sortedPrefixes } from './sorted.ts';

const columns: readonly GridColumn[] = [
  { key: 'prefix', name: 'Prefix', width: 260, mark: 'key' },
  { key: 'memory', name: 'Memory', width: 110, align: 'right' },
  { key: 'share', name: 'Share', width: 80, align: 'right' },
  { key: 'keys', name: 'Keys', width: 110, align: 'right' },
  { key: 'mean', name: 'A key', width: 100, align: 'right' },
  { key: 'largest', name: 'Largest seen', width: 110, align: 'right' },
  { key: 'largestKey', name: 'Which', width: 240, mark: 'link' },
  { key: 'lasting', name: 'No expiry', width: 90, align: 'right' },
  { key: 'types', name: 'Types', width: 140 },
];

/** What keys that begin alike take together. */
export function MemoryTab() {
  const { stack, service } = useTarget();
  const lack = lackOf(useFacts(), 'MEMORY');
  const [, set] = useCacheSearch();
  const [on, setOn] = useState(false);
  const [pattern, setPattern] = useState('');
  const [depth, setDepth] = useState('1');
  const [report, setReport] = useState<MemoryReport | null>(null);
  const [selected, setSelected] = useState<{ row: number; column: number } | null>(null);
  const [sort, setSort] = useState<PrefixSort>({ key: 'memory', descending: true });
  const watching = useWatching<MemoryReport>(
    on,
    JSON.stringify([stack, service]),
    (stream, signal) => api.cache.memory({ stack, service, stream, pattern, depth: Number(depth) }, { signal }),
    setReport,
    () => setOn(false),
  );
  const rows = sortedPrefixes(report?.prefixes ?? [], sort);
  const sum = rows.reduce((total, { memory }) => total + memory, 0);
  const start = (
    <Button leftSection={<IconPlayerPlay size={14} />} disabled={lack !== undefined} onClick={() => setOn(true)}>
      Weigh the keys
    </Button>
  );
  const cellAt = (row: number, column: number): GridCell | undefined => {
    const each = rows[row];
    if (!each) return undefined;
    const { prefix, memory, keys, sampled, largest, largestKey, lasting, types } = each;
    const cells: readonly GridCell[] = [
      { text: prefix === '' ? '(no prefix)' : prefix, kind: prefix === '' ? 'missing' : 'text' },
      { text: bytes(memory), kind: 'number', copy: String(memory) },
      { text: sum === 0 ? '' : `${((memory / sum) * 100).toFixed(1)} %`, kind: 'number' },
      { text: count(keys), kind: 'number', copy: String(keys) },
      { text: sampled === 0 ? '' : bytes(Math.round(memory / keys)), kind: 'number' },
      { text: bytes(largest), kind: 'number', copy: String(largest) },
      { text: largestKey, kind: 'text', link: largestKey !== '' },
      { text: `${Math.round(lasting * 100)} %`, kind: 'number' },
      { text: types.join(', '), kind: 'text' },
    ];
    return cells[column];
  };
  return (
    <div className={css.tab}>
      <Toolbar label="Memory by prefix">
        {on ? (
          <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={() => setOn(false)}>
            Stop
          </Button>
        ) : (
          start
        )}
        <TextInput
          size="xs"
          w={220}
          placeholder="Only keys: session:*"
          aria-label="Keys to weigh"
          disabled={on}
          value={pattern}
          onChange={(event) => setPattern(event.currentTarget.value)}
        />
        <Select
          size="xs"
          w={170}
          aria-label="Length of a prefix"
          disabled={on}
          data={['1', '2', '3', '4', '5'].map((value) => ({ value, label: `${plural(Number(value), 'part')} of a key` }))}
          value={depth}
          allowDeselect={false}
          onChange={(value) => setDepth(value ?? '1')}
        />
        <Spring />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          disabled={rows.length === 0}
          onClick={() => saveLines('memory-by-prefix', rows)}
        >
          Export
        </Button>
        {on && report ? (
          <Progress w={160} value={report.total === 0 ? 0 : (report.scanned / report.total) * 100} aria-label="Looked through" />
        ) : null}
      </Toolbar>
      {lack ? <div className={css.notice}>{lack}</div> : null}
      {watching.kind === 'failed' ? <ProblemBox problem={watching.problem} /> : null}
      <DataGrid
        label="Memory by prefix"
        columns={columns}
        rowCount={rows.length}
        cellAt={cellAt}
        selected={selected}
        onSelect={setSelected}
        onOpen={({ row }) => {
          const prefix = rows[row]?.prefix;
          if (prefix !== undefined && prefix !== '' && prefix !== '…') set({ tab: 'keys', text: `${prefix}*` });
        }}
        onFollow={({ row }) => set({ tab: 'keys', key: rows[row]?.largestKey })}
        sort={sort}
        onSort={(key) =>
          setSort((before) => ({ key, descending: before.key === key ? !before.descending : key !== 'prefix' && key !== 'types' }))
        }
        empty={
          on ? null : (
            <EmptyState
              icon={IconChartPie}
              line="Every key is counted, some of each prefix are measured, and the rest is reckoned from those. Nothing is changed, and no key counts as used."
              button={start}
            />
          )
        }
        testId="memory-by-prefix"
      />
      <FootBar>
        <span role="status">
          {report === null
            ? ''
            : `${report.done ? '' : 'So far: '}${count(report.scanned)} of ${count(report.total)} keys looked through, about ${bytes(sum)}; the server counts ${bytes(report.dataset)} for its data`}
        </span>
      </FootBar>
    </div>
  );
}
