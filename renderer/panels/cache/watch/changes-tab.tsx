import { Button, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconBroadcast, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { ChangesBatch, KeyChange } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { dropped } from '../../../api/dropped.ts';
import { useSettings } from '../../../api/settings.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { clock, count } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import css from '../cache.module.css';
import { lackOf, useCacheSearch, useFacts, useTarget } from '../context.ts';
import { saveLines } from '../save-lines.ts';
import { ListActions } from './list-actions.tsx';
import { newest, useWatching } from './use-stream.ts';

const kept = 20_000;

/** Changes to keys while they happen. The server is asked to tell of them, and put back as it was afterwards. */
export function ChangesTab() {
  const { stack, service } = useTarget();
  const [, set] = useCacheSearch();
  const facts = useFacts();
  const zone = useSettings()?.times ?? 'local';
  const [on, setOn] = useState(false);
  const [typed, setTyped] = useState('');
  const [pattern] = useDebouncedValue(typed, 300);
  const [changes, setChanges] = useState<readonly KeyChange[]>([]);
  const [told, setTold] = useState<Omit<ChangesBatch, 'changes'>>({ total: 0, dropped: 0, setting: null });
  const [selected, setSelected] = useState<number | null>(null);
  const [following, setFollowing] = useState(true);
  const watching = useWatching<ChangesBatch>(
    on,
    JSON.stringify([stack, service, pattern]),
    (stream, signal) => api.cache.changes({ stack, service, stream, pattern }, { signal }),
    (batch) => {
      dropped.add(batch.dropped - told.dropped);
      setTold(batch);
      setChanges((before) => newest(before, batch.changes, kept));
    },
    () => setOn(false),
  );
  const lack = lackOf(facts, 'PSUBSCRIBE') ?? (facts?.notify === '' ? lackOf(facts, 'CONFIG') : undefined);
  const start = (
    <Button leftSection={<IconPlayerPlay size={14} />} disabled={lack !== undefined} onClick={() => setOn(true)}>
      Watch changes
    </Button>
  );
  return (
    <div className={css.tab}>
      <Toolbar label="Changes">
        {on ? (
          <Button variant="default" leftSection={<IconPlayerStop size={14} />} onClick={() => setOn(false)}>
            Stop
          </Button>
        ) : (
          start
        )}
        <TextInput
          size="xs"
          className={css.grow}
          maw={320}
          placeholder="Keys: session:*, or any part"
          aria-label="Keys to watch"
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
        />
        <Spring />
        <ListActions empty={changes.length === 0} onExport={() => saveLines('changes', changes)} onClear={() => setChanges([])} />
      </Toolbar>
      {lack ? <div className={css.notice}>{lack}</div> : null}
      {on && told.setting && told.setting.was !== told.setting.now ? (
        <div className={css.quiet} role="status">
          notify-keyspace-events is <span className="mono">{told.setting.now}</span> while this is watched; it was{' '}
          <span className="mono">{told.setting.was === '' ? '(off)' : told.setting.was}</span>, and is put back afterwards.
        </div>
      ) : null}
      {watching.kind === 'failed' ? <ProblemBox problem={watching.problem} /> : null}
      {changes.length === 0 ? (
        <div className={css.fill}>
          {on ? (
            <p className={css.remark}>Nothing has changed yet.</p>
          ) : (
            <EmptyState
              icon={IconBroadcast}
              line="Every key that is set, expires or is deleted is told here while it is watched."
              button={start}
            />
          )}
        </div>
      ) : (
        <VirtualList
          label="Changes"
          count={changes.length}
          rowHeight={24}
          row={(index) => {
            const change = changes[index];
            if (!change) return null;
            return (
              <div className={css.row}>
                <span className={css.rowTime}>{clock(change.time, zone)}</span>
                <span className={css.rowWord}>{change.event}</span>
                <span className="cut">{change.key}</span>
              </div>
            );
          }}
          selected={selected}
          onSelect={setSelected}
          onOpen={(index) => set({ tab: 'keys', key: changes[index]?.key })}
          onCopy={(index) => void navigator.clipboard.writeText(changes[index]?.key ?? '')}
          follow={following}
          onFollow={setFollowing}
          testId="changes"
        />
      )}
      <FootBar>
        <span role="status">
          {count(told.total)} changes{told.dropped > 0 ? `, ${count(told.dropped)} dropped` : ''}
          {changes.length < told.total - told.dropped ? `, the newest ${count(changes.length)} kept` : ''}
        </span>
        <span className="dim">Enter shows the key</span>
      </FootBar>
    </div>
  );
}
