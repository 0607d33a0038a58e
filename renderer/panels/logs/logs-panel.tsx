import { Button } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconArrowDown, IconListDetails } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { useActions } from '../../api/actions.tsx';
import { useSetSettings, useSettings } from '../../api/settings.ts';
import { useStack } from '../../api/stack.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { count } from '../../ui/format.ts';
import { Panes } from '../../ui/panes.tsx';
import { ProblemBox } from '../../ui/problem.tsx';
import { useAfter } from '../../ui/use-now.ts';
import { LogInspector } from './log-inspector.tsx';
import { LogList } from './log-list.tsx';
import { LogToolbar } from './log-toolbar.tsx';
import css from './logs.module.css';
import { type LogsSearch, levelsFrom, logsSearch } from './search.ts';
import { useLogs } from './use-logs.ts';

/** Lines of all services, merged by time. What is filtered for stands in the address. */
export function LogsPanel() {
  const { stack, view: watched } = useStack();
  const search = useSearch({ from: '/logs' });
  const navigate = useNavigate();
  const set = (change: LogsSearch) => void navigate({ to: '/logs', search: logsSearch({ ...search, ...change }), replace: true });
  const [typed, setTyped] = useState(search.text ?? '');
  const [text] = useDebouncedValue(typed, 150);
  const logs = useLogs(stack, { services: search.services ?? [], levels: levelsFrom(search.level), text });
  const settings = useSettings();
  const setSettings = useSetSettings();
  const actions = useActions();
  const [following, setFollowing] = useState(true);
  const [selected, setSelected] = useState<number | null>(null);
  const field = useRef<HTMLInputElement>(null);
  useHotkeys([
    ['/', () => field.current?.focus()],
    ['f', () => setFollowing((before) => !before)],
  ]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows the text, not the other way round
  useEffect(() => set({ text }), [text]);

  const services = watched.kind === 'ready' ? watched.status.services : [];
  const kinds = new Map(services.map(({ name, kind }) => [name, kind]));
  const matched = logs.view.kind === 'open' ? logs.view.counters.matched : 0;
  const unseen = useUnseen(matched, following);
  const line = selected === null ? undefined : logs.lineAt(selected);
  const zone = settings?.times ?? 'local';
  const nothingYet = logs.view.kind === 'open' && logs.view.counters.total === 0 && !logs.view.counters.reading;

  const noneMatch = logs.view.kind === 'open' && logs.view.counters.total > 0 && matched === 0;
  const clear = () => {
    setTyped('');
    set({ services: [], level: 'debug', text: '' });
  };

  return (
    <div className={css.panel}>
      <LogToolbar
        services={services}
        chosen={search.services ?? []}
        onChosen={(chosen) => set({ services: chosen })}
        level={search.level}
        onLevel={(level) => set({ level })}
        text={typed}
        onText={setTyped}
        field={field}
        following={following}
        onFollow={setFollowing}
        times={zone}
        onTimes={(times) => setSettings({ times })}
      />
      {logs.view.kind === 'failed' ? (
        <div className={css.aside}>
          <ProblemBox problem={logs.view.problem} />
        </div>
      ) : null}
      {nothingYet ? (
        <div className={css.nothing}>
          <EmptyState
            icon={IconListDetails}
            line="No service has logged anything yet. Lines of all services appear here as one, by time."
            button={<Button onClick={() => actions.up()}>Start the stack</Button>}
            example="npx noodlebox logs -f"
          />
        </div>
      ) : (
        <Panes id="logs" inspector={line ? <LogInspector line={line} search={text} zone={zone} onClose={() => setSelected(null)} /> : null}>
          <div className={css.listBox}>
            <LogList
              count={matched}
              lineAt={logs.lineAt}
              want={logs.want}
              kinds={kinds}
              search={text}
              zone={zone}
              following={following}
              onFollow={setFollowing}
              selected={selected}
              onSelect={setSelected}
            />
            {logs.view.kind === 'loading' ? <LinesSkeleton /> : null}
            {noneMatch ? <NoneMatch onClear={clear} /> : null}
            {unseen > 0 ? (
              <Button
                size="xs"
                className={css.jump}
                leftSection={<IconArrowDown size={14} stroke={1.75} />}
                onClick={() => setFollowing(true)}
              >
                {count(unseen)} new
              </Button>
            ) : null}
          </div>
        </Panes>
      )}
      <footer className={css.foot}>{logs.view.kind === 'open' ? <Counts {...logs.view.counters} /> : null}</footer>
    </div>
  );
}

function NoneMatch({ onClear }: { onClear: () => void }) {
  return (
    <div className={css.noneMatch}>
      <span className="dim">No line passes the filter.</span>
      <Button variant="default" onClick={onClear}>
        Clear the filter
      </Button>
    </div>
  );
}

function Counts({ matched, total, dropped, reading }: { matched: number; total: number; dropped: number; reading: boolean }) {
  return (
    <span className="num">
      {matched === total - dropped ? `${count(matched)} lines` : `${count(matched)} of ${count(total)} lines`}
      {dropped > 0 ? `, the oldest ${count(dropped)} let go` : ''}
      {reading ? ', reading…' : ''}
    </span>
  );
}

/** Lines that came since following was given up. */
function useUnseen(matched: number, following: boolean): number {
  const seen = useRef(matched);
  if (following || matched < seen.current) seen.current = matched;
  return matched - seen.current;
}

function LinesSkeleton() {
  const late = useAfter(200);
  return late ? <div className={css.skeleton} aria-busy /> : null;
}
