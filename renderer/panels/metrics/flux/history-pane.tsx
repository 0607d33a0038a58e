import { ActionIcon, SegmentedControl, TextInput, Tooltip } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { dateTime, duration, plural } from '../../../ui/format.ts';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import css from '../metrics.module.css';
import { useMetrics } from '../use-metrics.ts';

interface HistoryPaneProps {
  onTake: (text: string) => void;
  /** Changes whenever a run has ended. */
  runs: number;
}

/** Queries that were run, and those that were saved; a double click or Enter takes one into the editor. */
export function HistoryPane({ onTake, runs }: HistoryPaneProps) {
  const [shown, setShown] = useState<'history' | 'saved'>('history');
  const [typed, setTyped] = useState('');
  const [text] = useDebouncedValue(typed, 150);
  return (
    <>
      <div className={css.paneSearch}>
        <SegmentedControl
          size="xs"
          fullWidth
          value={shown}
          onChange={(value) => setShown(value as 'history' | 'saved')}
          data={[
            { value: 'history', label: 'History' },
            { value: 'saved', label: 'Saved' },
          ]}
        />
        <TextInput
          size="xs"
          leftSection={<IconSearch size={14} stroke={1.75} />}
          placeholder="Find a query"
          aria-label="Find a query"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
      </div>
      {shown === 'history' ? <History text={text} runs={runs} onTake={onTake} /> : <Saved text={text} onTake={onTake} />}
    </>
  );
}

function History({ text, runs, onTake }: { text: string; runs: number; onTake: (text: string) => void }) {
  const { input, zone } = useMetrics();
  const [at, setAt] = useState<number | null>(null);
  const { stack } = input;
  const entries = useQuery({
    queryKey: ['notebook', stack, 'metrics', 'history', text, runs],
    queryFn: () => api.notebook.history({ stack, panel: 'metrics', text, limit: 500 }),
    placeholderData: (before) => before,
  });
  const all = entries.data ?? [];
  return (
    <VirtualList
      label="Queries that were run"
      count={all.length}
      rowHeight={52}
      selected={at}
      onSelect={setAt}
      onOpen={(index) => onTake(all[index]!.text)}
      row={(index) => {
        const entry = all[index]!;
        const how =
          entry.failure ??
          `${entry.rows === null ? '' : `${plural(entry.rows, 'row')}, `}${entry.took === null ? 'not ended' : duration(entry.took)}`;
        return (
          <div className={css.entry} title={`${entry.text}\n\n${dateTime(entry.at, zone)}`}>
            <code className="mono cut">{oneLine(entry.text)}</code>
            <span className="dim num cut" data-failed={entry.failure !== null || undefined}>
              {dateTime(entry.at, zone).slice(5, 16)} · {how}
            </span>
          </div>
        );
      }}
      empty={<p className={css.quiet}>Queries that you run are kept here.</p>}
    />
  );
}

function Saved({ text, onTake }: { text: string; onTake: (text: string) => void }) {
  const { input } = useMetrics();
  const queries = useQueryClient();
  const [at, setAt] = useState<number | null>(null);
  const { stack } = input;
  const key = ['notebook', stack, 'metrics', 'query'];
  const saved = useQuery({ queryKey: key, queryFn: () => api.notebook.saved({ stack, panel: 'metrics', kind: 'query' }) });
  const wanted = text.toLowerCase();
  const all = (saved.data ?? []).filter(({ name, body }) => name.toLowerCase().includes(wanted) || body.toLowerCase().includes(wanted));
  const remove = (id: string, name: string) =>
    askLoss({
      title: 'Delete the saved query',
      losses: [`The query ${name}`],
      button: `Delete ${name}`,
      act: async () => {
        await api.notebook.remove({ stack, panel: 'metrics', id }).catch(tell);
        await queries.invalidateQueries({ queryKey: key });
      },
    });
  return (
    <VirtualList
      label="Saved queries"
      count={all.length}
      rowHeight={52}
      selected={at}
      onSelect={setAt}
      onOpen={(index) => onTake(all[index]!.body)}
      row={(index) => {
        const { id, name, body } = all[index]!;
        return (
          <div className={css.entry} title={body}>
            <span className={css.entryName}>
              <span className="cut">{name}</span>
              <Tooltip label="Delete">
                <ActionIcon size={22} aria-label={`Delete ${name}`} onClick={() => remove(id, name)}>
                  <IconTrash size={13} stroke={1.6} />
                </ActionIcon>
              </Tooltip>
            </span>
            <code className="mono cut dim">{oneLine(body)}</code>
          </div>
        );
      }}
      empty={<p className={css.quiet}>Save a query to find it here again.</p>}
    />
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().slice(0, 200);
}
