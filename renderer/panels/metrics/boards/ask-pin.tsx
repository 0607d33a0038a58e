import { Button, Group, Select, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { notifications } from '@mantine/notifications';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import css from '../metrics.module.css';
import type { PinnedChart } from './board.ts';
import { pin } from './use-boards.ts';

/** Asks on which dashboard a chart goes, and what it is called there. */
export function askPin({ stack }: { stack: string }, chart: Omit<PinnedChart, 'id'>): void {
  const modalId = crypto.randomUUID();
  modals.open({
    modalId,
    title: 'Pin to a dashboard',
    children: <PinForm stack={stack} chart={chart} close={() => modals.close(modalId)} />,
  });
}

const anew = '+';

function PinForm({ stack, chart, close }: { stack: string; chart: Omit<PinnedChart, 'id'>; close: () => void }) {
  const queries = useQueryClient();
  const saved = useQuery({
    queryKey: ['notebook', stack, 'metrics', 'dashboard'],
    queryFn: () => api.notebook.saved({ stack, panel: 'metrics', kind: 'dashboard' }),
  });
  const [chosen, setChosen] = useState<string | null>(null);
  const [name, setName] = useState('');
  const [title, setTitle] = useState(chart.title.slice(0, 200));
  const [busy, setBusy] = useState(false);
  if (saved.isPending) return null;
  const boards = saved.data ?? [];
  const board = chosen ?? boards[0]?.id ?? anew;
  const ready = title.trim() !== '' && (board !== anew || name.trim() !== '');
  const keep = async () => {
    setBusy(true);
    try {
      await pin(stack, { id: board === anew ? null : board, name: name.trim() }, { ...chart, title: title.trim() });
      await queries.invalidateQueries({ queryKey: ['notebook', stack, 'metrics', 'dashboard'] });
      const called = board === anew ? name.trim() : boards.find(({ id }) => id === board)?.name;
      notifications.show({ message: `Pinned to ${called}.`, withBorder: true });
      close();
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (ready) void keep();
      }}
    >
      <TextInput label="Title" value={title} maxLength={200} onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus />
      <Select
        label="Dashboard"
        data={[...boards.map(({ id, name: called }) => ({ value: id, label: called })), { value: anew, label: 'A new one' }]}
        value={board}
        allowDeselect={false}
        onChange={setChosen}
      />
      {board === anew ? (
        <TextInput label="Its name" value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} />
      ) : null}
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={!ready}>
          Pin chart
        </Button>
      </Group>
    </form>
  );
}
