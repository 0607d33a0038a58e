import { Button } from '@mantine/core';
import { IconDownload, IconHourglass, IconRefresh, IconTrash } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, problemOf } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { count, dateTime, plural } from '../../../ui/format.ts';
import { DataGrid, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { saveLines } from '../save-lines.ts';

const columns: readonly GridColumn[] = [
  { key: 'time', name: 'Time', width: 190 },
  { key: 'took', name: 'Took (ms)', width: 100, align: 'right' },
  { key: 'text', name: 'Command', width: 560 },
  { key: 'client', name: 'Client', width: 150 },
  { key: 'name', name: 'Client name', width: 130 },
];

/** Commands that took long, as the server has written them down. */
export function SlowLogTab() {
  const target = useTarget();
  const zone = useSettings()?.times ?? 'local';
  const [selected, setSelected] = useState<{ row: number; column: number } | null>(null);
  const [byTime, setByTime] = useState(false);
  const log = useQuery({ queryKey: ['cache', target, 'slow-log'], queryFn: () => api.cache.slowLog(target), refetchInterval: 5_000 });
  const entries = byTime ? [...(log.data?.entries ?? [])].sort((a, b) => b.took - a.took) : (log.data?.entries ?? []);
  const threshold = log.data?.threshold;
  return (
    <div className={css.tab}>
      <Toolbar label="Slow log">
        <span className="dim">
          {threshold === null || threshold === undefined
            ? ''
            : threshold < 0
              ? 'Nothing is written down: slowlog-log-slower-than is negative.'
              : `Commands of ${threshold / 1000} ms and more, the newest ${count(log.data?.kept ?? 0)}`}
        </span>
        <Spring />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          disabled={entries.length === 0}
          onClick={() => saveLines('slow-log', entries)}
        >
          Export
        </Button>
        <Button variant="default" leftSection={<IconRefresh size={14} stroke={1.6} />} onClick={() => void log.refetch()}>
          Read again
        </Button>
        <Button
          variant="default"
          leftSection={<IconTrash size={14} stroke={1.6} />}
          disabled={entries.length === 0}
          onClick={() =>
            askLoss({
              title: 'Empty the slow log',
              losses: [`${plural(log.data?.length ?? 0, 'entry', 'entries')} of the server's slow log, for everybody`],
              statements: 'SLOWLOG RESET',
              button: `Delete ${plural(log.data?.length ?? 0, 'entry', 'entries')}`,
              act: async () => {
                await api.cache.resetSlowLog(target);
                await log.refetch();
              },
            })
          }
        >
          Empty it…
        </Button>
      </Toolbar>
      {log.isError ? <ProblemBox problem={problemOf(log.error)} /> : null}
      <DataGrid
        label="Slow commands"
        columns={columns}
        rowCount={entries.length}
        cellAt={(row, column) => {
          const entry = entries[row];
          if (!entry) return undefined;
          const texts = [
            dateTime(entry.time, zone).replace('.000', ''),
            (entry.took / 1000).toFixed(3),
            entry.text,
            entry.client,
            entry.clientName,
          ];
          return { text: texts[column]!, kind: column === 1 ? 'number' : texts[column] === '' ? 'missing' : 'text' };
        }}
        selected={selected}
        onSelect={setSelected}
        sort={{ key: byTime ? 'took' : 'time', descending: true }}
        onSort={(key) => {
          if (key === 'took' || key === 'time') setByTime(key === 'took');
        }}
        empty={
          log.data === undefined ? null : (
            <EmptyState
              icon={IconHourglass}
              line="No command was slow. Those that take longer than the server's threshold are listed here."
            />
          )
        }
        testId="slow-log"
      />
      <FootBar>
        <span>{log.data === undefined ? '' : plural(log.data.length, 'entry', 'entries')}</span>
      </FootBar>
    </div>
  );
}
