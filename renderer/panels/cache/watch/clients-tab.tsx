import { Button } from '@mantine/core';
import { IconDownload, IconPlugX } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { api, problemOf } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { bytes, duration, plural } from '../../../ui/format.ts';
import { DataGrid, type GridColumn } from '../../../ui/grid/data-grid.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../cache.module.css';
import { useTarget } from '../context.ts';
import { saveLines } from '../save-lines.ts';

const columns: readonly GridColumn[] = [
  { key: 'id', name: 'Id', width: 80, align: 'right', mark: 'key' },
  { key: 'name', name: 'Name', width: 150 },
  { key: 'address', name: 'Address', width: 160 },
  { key: 'user', name: 'User', width: 90 },
  { key: 'command', name: 'Last command', width: 140 },
  { key: 'age', name: 'Connected', width: 110, align: 'right' },
  { key: 'idle', name: 'Idle', width: 100, align: 'right' },
  { key: 'memory', name: 'Memory', width: 90, align: 'right' },
  { key: 'library', name: 'Library', width: 130 },
];

/** Who is connected, and what they did last. */
export function ClientsTab() {
  const target = useTarget();
  const [at, setAt] = useState<number>(0);
  const [id, setId] = useState<string | null>(null);
  const clients = useQuery({ queryKey: ['cache', target, 'clients'], queryFn: () => api.cache.clients(target), refetchInterval: 2_000 });
  const rows = clients.data ?? [];
  const row = rows.findIndex((each) => each.id === id);
  const chosen = rows[row];
  return (
    <div className={css.tab}>
      <Toolbar label="Clients">
        <span className="dim">Read every 2 s</span>
        <Spring />
        <Button
          variant="default"
          leftSection={<IconDownload size={14} stroke={1.6} />}
          disabled={rows.length === 0}
          onClick={() => saveLines('clients', rows)}
        >
          Export
        </Button>
        <Button
          color="red"
          variant="light"
          leftSection={<IconPlugX size={14} stroke={1.6} />}
          disabled={!chosen}
          onClick={() =>
            chosen &&
            askLoss({
              title: 'Disconnect this client',
              intro: chosen.own ? "It is one of Noodlebox's own connections; it opens anew when it is needed." : undefined,
              losses: [`${chosen.name || chosen.address}: what it is doing now fails, and a transaction of it is dropped`],
              statements: `CLIENT KILL ID ${chosen.id}`,
              button: 'Disconnect 1 client',
              act: async () => {
                await api.cache.killClient({ ...target, id: chosen.id });
                await clients.refetch();
              },
            })
          }
        >
          Disconnect…
        </Button>
      </Toolbar>
      {clients.isError ? <ProblemBox problem={problemOf(clients.error)} /> : null}
      <DataGrid
        label="Clients"
        columns={columns}
        rowCount={rows.length}
        cellAt={(index, column) => {
          const client = rows[index];
          if (!client) return undefined;
          const texts = [
            client.id,
            client.name,
            client.address,
            client.user,
            client.command,
            duration(client.age * 1000),
            duration(client.idle * 1000),
            client.memory === null ? '' : bytes(client.memory),
            client.library,
          ];
          return { text: texts[column]!, kind: texts[column] === '' ? 'missing' : 'text' };
        }}
        selected={row < 0 ? null : { row, column: at }}
        onSelect={(cell) => {
          setAt(cell?.column ?? 0);
          setId(cell === null ? null : (rows[cell.row]?.id ?? null));
        }}
        testId="clients"
      />
      <FootBar>
        <span>
          {plural(rows.length, 'client')}, {rows.filter(({ own }) => own).length} of them Noodlebox
        </span>
      </FootBar>
    </div>
  );
}
