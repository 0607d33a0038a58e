import { Button, Menu, SegmentedControl } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { modals } from '@mantine/modals';
import { IconDownload, IconPin } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import type { FluxProgress } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { count, duration, plural } from '../../../ui/format.ts';
import { DataGrid } from '../../../ui/grid/data-grid.tsx';
import type { CellAt } from '../../../ui/grid/selection.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PanelTabs } from '../../../ui/tabs.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { ValueView } from '../../../ui/value-view.tsx';
import { unitOf, unitWords } from '../charts/labels.ts';
import { LinesChart } from '../charts/lines-chart.tsx';
import css from '../metrics.module.css';
import { useMetrics } from '../use-metrics.ts';
import { gridCell, gridColumns } from './cells.ts';
import type { Run } from './use-run.ts';

interface RunResultsProps {
  run: Run;
  progress: FluxProgress;
  onPin: () => void;
}

/** What a query gave: a grid for each kind of table, or all of it as lines. */
export function RunResults({ run, progress, onPin }: RunResultsProps) {
  const { input } = useMetrics();
  const exporting = useExport();
  const [shown, setShown] = useState<'table' | 'graph'>('table');
  const [chosen, setChosen] = useState(0);
  const { results } = progress;
  const at = Math.min(chosen, Math.max(0, results.length - 1));
  const result = results[at];
  const drawable = results.some(({ columns }) => ['_time', '_value'].every((name) => columns.some((column) => column.name === name)));
  const save = (form: 'csv' | 'json') => exporting(() => api.metrics.flux.export({ ...input, run: progress.run, result: at, form }));
  return (
    <div className={css.results}>
      <Toolbar label="Results">
        <SegmentedControl
          size="xs"
          aria-label="Show as"
          value={drawable ? shown : 'table'}
          onChange={(value) => setShown(value as 'table' | 'graph')}
          data={[
            { value: 'table', label: 'Table' },
            { value: 'graph', label: 'Graph', disabled: !drawable },
          ]}
        />
        <Spring />
        <Button size="xs" variant="default" leftSection={<IconPin size={14} stroke={1.6} />} disabled={!drawable} onClick={onPin}>
          Pin
        </Button>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <Button size="xs" variant="default" leftSection={<IconDownload size={14} stroke={1.6} />} disabled={result === undefined}>
              Export
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => save('csv')}>As CSV</Menu.Item>
            <Menu.Item onClick={() => save('json')}>As JSON, an object a line</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </Toolbar>
      {shown === 'graph' && drawable ? (
        <ResultGraph key={`${progress.run}/${progress.state}`} run={progress.run} done={progress.state === 'done'} />
      ) : (
        <>
          {results.length > 1 ? (
            <PanelTabs
              label="Results"
              tabs={results.map(({ name, rows }, index) => ({ id: String(index), label: `${name} (${count(rows)})` }))}
              active={String(at)}
              onChange={(id) => setChosen(Number(id))}
            />
          ) : null}
          {result === undefined ? (
            <p className={css.quiet}>{progress.state === 'done' ? 'The query gave no rows.' : ''}</p>
          ) : (
            <ResultGrid key={`${progress.run}/${at}`} run={run} id={progress.run} at={at} result={result} />
          )}
        </>
      )}
      <FootBar>
        <span data-testid="flux-rows">{plural(progress.rows, 'row')}</span>
        {result ? <span>{plural(result.tables, 'table')}</span> : null}
        <span>
          {duration(progress.took)}
          {progress.state === 'running' ? ', still coming' : ''}
        </span>
        {progress.cut ? <span>ended before its end: there may be more</span> : null}
      </FootBar>
    </div>
  );
}

function ResultGrid({ run, id, at, result }: { run: Run; id: string; at: number; result: FluxProgress['results'][number] }) {
  const { input, zone } = useMetrics();
  const [selected, setSelected] = useState<CellAt | null>(null);
  const navigate = useNavigate();
  const columns = useMemo(() => gridColumns(result.columns), [result.columns]);
  const open = async ({ row, column }: CellAt) => {
    const { text } = await api.metrics.flux.cell({ ...input, run: id, result: at, row, column });
    if (text === null) return;
    modals.open({ title: result.columns[column]?.name, size: 'xl', children: <ValueView text={text} bytes={new Blob([text]).size} /> });
  };
  return (
    <DataGrid
      label={`Rows of ${result.name}`}
      testId="flux-grid"
      columns={columns}
      rowCount={result.rows}
      cellAt={(row, column) => {
        const found = run.rowAt(at, row);
        return found === undefined
          ? undefined
          : gridCell(found.cells[column], result.columns[column]!.type, zone, found.cut?.includes(column));
      }}
      want={(from, to) => run.want(at, from, to)}
      selected={selected}
      onSelect={setSelected}
      onOpen={(cell) => void open(cell).catch(tell)}
      onFollow={({ row, column }) => {
        const id = run.rowAt(at, row)?.cells[column];
        if (id) void navigate({ to: '/trace', search: { id } });
      }}
    />
  );
}

function ResultGraph({ run, done }: { run: string; done: boolean }) {
  const { input, zone } = useMetrics();
  const { ref, width, height } = useElementSize();
  const graph = useQuery({
    queryKey: ['metrics-graph', input, run, done],
    queryFn: ({ signal }) => api.metrics.flux.graph({ ...input, run, pixels: Math.max(200, Math.round(width)) }, { signal }),
    enabled: width > 0,
    retry: false,
    gcTime: 0,
  });
  return (
    <div className={css.chart} ref={ref}>
      {graph.error ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(graph.error)} />
        </div>
      ) : null}
      {graph.data ? (
        <LinesChart
          label="Rows as lines"
          chart={graph.data}
          measurement="value"
          draw="line"
          unit={unitOf(unitWords(graph.data.lines, []))}
          height={Math.max(120, height - Math.min(160, 40 + Math.min(5, graph.data.lines.length) * 24))}
          zone={zone}
        />
      ) : null}
    </div>
  );
}
