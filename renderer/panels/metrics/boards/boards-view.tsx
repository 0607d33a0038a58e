import { ActionIcon, Button, Menu, Select } from '@mantine/core';
import { IconDots, IconLayoutDashboard, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { tell } from '../../../api/actions.tsx';
import { askLoss } from '../../../ui/ask.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { plural } from '../../../ui/format.ts';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { RangePicker } from '../explore/range-picker.tsx';
import { useMetrics } from '../use-metrics.ts';
import { askName } from './ask-name.tsx';
import { type Board, moved, type PinnedChart } from './board.ts';
import { BoardChart, boardRefresh } from './board-chart.tsx';
import css from './boards.module.css';
import { useBoards } from './use-boards.ts';

/** Charts on one page, with one range and one crosshair. */
export function BoardsView({ onFlux }: { onFlux: (text: string) => void }) {
  const { search, set } = useMetrics();
  const { boards, loading, save, remove } = useBoards();
  const queries = useQueryClient();
  const board = boards.find(({ id }) => id === search.board) ?? boards[0];
  if (board === undefined) return loading ? null : <NoBoards />;
  const change = (charts: readonly PinnedChart[]) => save({ ...board, charts }).catch(tell);
  const open = (chart: PinnedChart) => {
    if (chart.flux !== undefined) onFlux(chart.flux);
    else
      set(
        {
          fields: undefined,
          filters: undefined,
          group: undefined,
          aggregate: undefined,
          draw: undefined,
          every: undefined,
          ...chart.view,
          tab: 'explore',
        },
        false,
      );
  };
  return (
    <div className={css.page}>
      <Toolbar label="Dashboard">
        <Select
          size="xs"
          w={200}
          aria-label="Dashboard"
          data-testid="metrics-board"
          data={choices(boards)}
          value={board.id}
          allowDeselect={false}
          onChange={(id) => set({ board: id ?? undefined })}
        />
        {board.builtIn ? null : <OwnMenu board={board} onRename={(name) => save({ ...board, name })} onRemove={() => remove(board.id)} />}
        <Spring />
        <RangePicker
          busy={false}
          refresh={boardRefresh}
          onRefresh={() => {
            for (const key of ['metrics-chart', 'metrics-distribution', 'metrics-flux'])
              void queries.invalidateQueries({ queryKey: [key] });
          }}
        />
      </Toolbar>
      <div className={css.scroll}>
        {board.about === undefined ? null : <p className={css.about}>{board.about}</p>}
        {board.charts.length === 0 ? <p className={css.about}>There are no charts here yet. Pin one from Explore or Flux.</p> : null}
        <div className={css.grid}>
          {board.charts.map((chart) => (
            <BoardChart
              key={`${board.id}/${chart.id}`}
              chart={chart}
              onOpen={() => open(chart)}
              onRemove={board.builtIn ? undefined : () => void change(board.charts.filter(({ id }) => id !== chart.id))}
              onMove={board.builtIn ? undefined : (by) => void change(moved(board.charts, chart.id, by))}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function choices(boards: readonly Board[]) {
  const option = ({ id, name }: Board) => ({ value: id, label: name });
  const own = boards.filter(({ builtIn }) => !builtIn).map(option);
  const builtIn = boards.filter((board) => board.builtIn).map(option);
  return [...(own.length > 0 ? [{ group: 'Your own', items: own }] : []), { group: 'Of Noodlebox', items: builtIn }];
}

function OwnMenu({
  board,
  onRename,
  onRemove,
}: {
  board: Board;
  onRename: (name: string) => Promise<void>;
  onRemove: () => Promise<void>;
}) {
  return (
    <Menu position="bottom-start" withinPortal>
      <Menu.Target>
        <ActionIcon aria-label="Change this dashboard">
          <IconDots size={16} stroke={1.6} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={<IconPencil size={14} stroke={1.6} />}
          onClick={() => askName('Rename the dashboard', board.name, 'Rename', onRename)}
        >
          Rename…
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={14} stroke={1.6} />}
          onClick={() =>
            askLoss({
              title: 'Delete the dashboard',
              losses: [`The dashboard ${board.name} with ${plural(board.charts.length, 'chart')}; no points`],
              button: `Delete ${board.name}`,
              act: onRemove,
            })
          }
        >
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function NoBoards() {
  const { set } = useMetrics();
  return (
    <div className={css.aside}>
      <EmptyState
        icon={IconLayoutDashboard}
        line="A dashboard is charts on one page, with one range and one crosshair."
        button={<Button onClick={() => set({ tab: 'explore' })}>Explore, and pin a chart</Button>}
      />
    </div>
  );
}
