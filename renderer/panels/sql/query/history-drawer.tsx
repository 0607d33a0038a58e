import { ActionIcon, Button, Drawer, SegmentedControl, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { HistoryEntry, SavedItem } from '../../../../preload/contract/notebook.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { dateTime, duration, plural } from '../../../ui/format.ts';
import css from '../sql.module.css';
import { type Draft, parseDraft } from '../tabs/use-draft.ts';

interface HistoryDrawerProps {
  stack: string;
  opened: boolean;
  onClose: () => void;
  onText: (text: string, params?: Draft['params']) => void;
}

/** What was run, and what was saved: a click puts it into the editor. */
export function HistoryDrawer({ stack, opened, onClose, onText }: HistoryDrawerProps) {
  const [part, setPart] = useState<'history' | 'saved'>('history');
  const [text, setText] = useState('');
  const take = (chosen: string, params?: Draft['params']) => {
    onText(chosen, params);
    onClose();
  };
  return (
    <Drawer opened={opened} onClose={onClose} position="right" size={460} title="Queries" transitionProps={{ duration: 100 }}>
      <div className={css.drawer}>
        <SegmentedControl
          size="xs"
          fullWidth
          data={[
            { value: 'history', label: 'History' },
            { value: 'saved', label: 'Saved' },
          ]}
          value={part}
          onChange={(next) => setPart(next as typeof part)}
        />
        <TextInput
          size="xs"
          placeholder="Search"
          aria-label="Search queries"
          data-autofocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        {opened && part === 'history' ? <History stack={stack} text={text} onTake={take} /> : null}
        {opened && part === 'saved' ? <Saved stack={stack} text={text} onTake={take} /> : null}
      </div>
    </Drawer>
  );
}

function History({ stack, text, onTake }: { stack: string; text: string; onTake: (text: string) => void }) {
  const queries = useQueryClient();
  const zone = useSettings()?.times ?? 'local';
  const key = ['sql-history', stack, text];
  const { data = [] } = useQuery({ queryKey: key, queryFn: () => api.notebook.history({ stack, panel: 'sql', text }), staleTime: 0 });
  const clear = () =>
    askLoss({
      title: 'Clear the history',
      losses: ['The history of all statements run in this stack.'],
      button: 'Clear the history',
      act: async () => {
        await api.notebook.clearHistory({ stack, panel: 'sql' });
        await queries.invalidateQueries({ queryKey: ['sql-history'] });
      },
    });
  if (data.length === 0) return <p className="dim">{text === '' ? 'Nothing was run yet.' : 'Nothing that was run contains this.'}</p>;
  return (
    <>
      <ul className={css.entries} aria-label="History">
        {data.map((entry) => (
          <li key={entry.id}>
            <button type="button" className={css.entry} onClick={() => onTake(entry.text)}>
              <pre>{entry.text}</pre>
              <span className="dim num">
                {dateTime(entry.at, zone).slice(0, 19)} · {outcome(entry)}
              </span>
            </button>
          </li>
        ))}
      </ul>
      <Button variant="subtle" color="red" onClick={clear}>
        Clear the history
      </Button>
    </>
  );
}

function outcome({ failure, rows, took }: HistoryEntry): string {
  if (failure !== null) return failure;
  return [rows === null ? '' : plural(rows, 'row'), took === null ? '' : duration(took)].filter(Boolean).join(' · ');
}

function Saved({ stack, text, onTake }: { stack: string; text: string; onTake: (text: string, params: Draft['params']) => void }) {
  const queries = useQueryClient();
  const key = ['sql-saved', stack];
  const { data = [] } = useQuery({
    queryKey: key,
    queryFn: () => api.notebook.saved({ stack, panel: 'sql', kind: 'query' }),
    staleTime: 0,
  });
  const remove = (item: SavedItem) =>
    askLoss({
      title: 'Delete a saved query',
      losses: [`The saved query "${item.name}".`],
      button: `Delete ${item.name}`,
      act: async () => {
        await api.notebook.remove({ stack, panel: 'sql', id: item.id }).catch(tell);
        await queries.invalidateQueries({ queryKey: key });
      },
    });
  const shown = data.filter(({ name, body }) => `${name}\n${body}`.toLowerCase().includes(text.toLowerCase()));
  if (shown.length === 0)
    return (
      <p className="dim">
        {data.length === 0 ? 'Nothing is saved yet: the disk above the editor saves.' : 'No saved query contains this.'}
      </p>
    );
  return (
    <ul className={css.entries} aria-label="Saved queries">
      {shown.map((item) => {
        const draft = parseDraft(item.body);
        return (
          <li key={item.id}>
            <button type="button" className={css.entry} onClick={() => onTake(draft.text, draft.params)}>
              <b>{item.name}</b>
              <pre>{draft.text}</pre>
            </button>
            <ActionIcon size={24} aria-label={`Delete ${item.name}`} onClick={() => remove(item)}>
              <IconTrash size={14} stroke={1.75} />
            </ActionIcon>
          </li>
        );
      })}
    </ul>
  );
}
