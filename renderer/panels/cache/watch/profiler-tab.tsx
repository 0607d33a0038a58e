import { Button, Checkbox, TextInput } from '@mantine/core';
import { IconActivity, IconPlayerPlay, IconPlayerStop } from '@tabler/icons-react';
import { useState } from 'react';
import type { MonitorBatch, MonitorLine } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { dropped } from '../../../api/dropped.ts';
import { useSettings } from '../../../api/settings.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { clock, count } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import css from '../cache.module.css';
import { lackOf, useFacts, useTarget } from '../context.ts';
import { saveLines } from '../save-lines.ts';
import { ListActions } from './list-actions.tsx';
import { newest, useWatching } from './use-stream.ts';

const kept = 20_000;
const nothing: Omit<MonitorBatch, 'lines'> = { seen: 0, matched: 0, dropped: 0, top: [], ended: null };

/** Every command the server runs, for up to a minute. */
export function ProfilerTab() {
  const { stack, service } = useTarget();
  const lack = lackOf(useFacts(), 'MONITOR');
  const zone = useSettings()?.times ?? 'local';
  const [on, setOn] = useState(false);
  const [filter, setFilter] = useState('');
  const [own, setOwn] = useState(false);
  const [lines, setLines] = useState<readonly MonitorLine[]>([]);
  const [told, setTold] = useState(nothing);
  const [selected, setSelected] = useState<number | null>(null);
  const [following, setFollowing] = useState(true);
  const watching = useWatching<MonitorBatch>(
    on,
    JSON.stringify([stack, service]),
    (stream, signal) => api.cache.profile({ stack, service, stream, filter, own }, { signal }),
    (batch) => {
      dropped.add(batch.dropped - told.dropped);
      setTold(batch);
      setLines((before) => newest(before, batch.lines, kept));
    },
    () => setOn(false),
  );
  const begin = () => {
    setLines([]);
    setTold(nothing);
    setOn(true);
  };
  const start = (
    <Button leftSection={<IconPlayerPlay size={14} />} disabled={lack !== undefined} onClick={begin}>
      Watch for 60 s
    </Button>
  );
  const most = told.top[0]?.calls ?? 1;
  return (
    <div className={css.tab}>
      <Toolbar label="Profiler">
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
          placeholder="Commands that contain"
          aria-label="Text a command contains"
          disabled={on}
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
        />
        <Checkbox
          size="xs"
          label="Noodlebox' own too"
          disabled={on}
          checked={own}
          onChange={(event) => setOwn(event.currentTarget.checked)}
        />
        <Spring />
        <ListActions empty={lines.length === 0} onExport={() => saveLines('commands', lines)} onClear={() => setLines([])} />
      </Toolbar>
      {lack ? (
        <div className={css.notice}>{lack}</div>
      ) : (
        <div className={css.notice}>
          MONITOR has a cost: the server copies every command of every client, and a busy one does about half as much meanwhile. It stops
          after 60 s or a million commands.
        </div>
      )}
      {watching.kind === 'failed' ? <ProblemBox problem={watching.problem} /> : null}
      <div className={css.split}>
        <div>
          {lines.length === 0 ? (
            <div className={css.fill}>
              {on ? (
                <p className={css.remark}>Waiting for the first command.</p>
              ) : (
                <EmptyState icon={IconActivity} line="See which commands your application sends, as they run." button={start} />
              )}
            </div>
          ) : (
            <VirtualList
              label="Commands"
              count={lines.length}
              rowHeight={24}
              row={(index) => {
                const line = lines[index];
                if (!line) return null;
                return (
                  <div className={css.row} title={line.text}>
                    <span className={css.rowTime}>{clock(line.time, zone)}</span>
                    <span className={css.rowFrom}>{line.client}</span>
                    <span className="cut">{line.text}</span>
                  </div>
                );
              }}
              selected={selected}
              onSelect={setSelected}
              onCopy={(index) => void navigator.clipboard.writeText(lines[index]?.text ?? '')}
              follow={following}
              onFollow={setFollowing}
              testId="profile"
            />
          )}
        </div>
        {told.top.length > 0 ? (
          <aside className={css.top} aria-label="Busiest commands">
            <h3 className={css.subhead}>Busiest commands</h3>
            {told.top.map(({ command, calls }) => (
              <div key={command} className={css.line}>
                <span className={css.bar} style={{ width: `${(calls / most) * 100}%` }} />
                <span className="mono">{command}</span>
                <span className="num">{count(calls)}</span>
              </div>
            ))}
          </aside>
        ) : null}
      </div>
      <FootBar>
        <span role="status">
          {count(told.seen)} commands{filter === '' ? '' : `, ${count(told.matched)} with “${filter}”`}
          {told.dropped > 0 ? `, ${count(told.dropped)} dropped` : ''}
          {told.ended === 'time' ? '. Stopped by itself after 60 s.' : told.ended === 'count' ? '. Stopped by itself after a million.' : ''}
        </span>
      </FootBar>
    </div>
  );
}
