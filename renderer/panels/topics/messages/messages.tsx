import { Button } from '@mantine/core';
import { useDebouncedValue, useHotkeys } from '@mantine/hooks';
import { IconArrowDown, IconMessages } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { useSettings } from '../../../api/settings.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { count, plural } from '../../../ui/format.ts';
import { Panes } from '../../../ui/panes.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { FootBar, Spring } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { Filled } from '../filled.tsx';
import { parseFrom, type TopicsSearch } from '../search.ts';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import type { Place } from '../use-catalog.ts';
import { Waiting } from '../waiting.tsx';
import { FilterProblem } from './filter-problem.tsx';
import { MessageInspector } from './message-inspector.tsx';
import { MessageHead, MessageLine } from './message-line.tsx';
import { MessagesToolbar } from './messages-toolbar.tsx';
import { type TailCounters, useTail } from './use-tail.ts';

interface MessagesProps {
  place: Place;
  topic: string;
  partitions: number;
  search: TopicsSearch;
  show: Show;
}

/** The messages of a topic as they come. What is chosen stays where it is: the list waits, and counts what passes. */
export function Messages({ place, topic, partitions, search, show }: MessagesProps) {
  const [typed, setTyped] = useState(search.filter ?? '');
  const [filter] = useDebouncedValue(typed, 200);
  const tail = useTail(place, topic, search.from, filter);
  const from = parseFrom(search.from);
  const [following, setFollowing] = useState(from.kind === 'latest' || from.kind === 'last');
  const [selected, setSelected] = useState<number | null>(null);
  const zone = useSettings()?.times ?? 'local';
  const save = useExport();
  const field = useRef<HTMLInputElement>(null);
  const counters = tail.view.kind === 'open' ? tail.view.counters : null;
  const shown = counters ? counters.end - counters.first : 0;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the address follows the text, not the other way round
  useEffect(() => show({ filter: filter === '' ? undefined : filter }, { replace: true }), [filter]);
  // A link to one message opens it.
  const linked = search.message;
  const first = tail.rowAt(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the list's first row has come
  useEffect(() => {
    if (selected === null && linked !== undefined && first?.id === linked) setSelected(0);
  }, [first?.id]);

  const follow = (next: boolean) => {
    if (next === following) return;
    setFollowing(next);
    tail.pause(!next);
  };
  const choose = (index: number | null) => {
    setSelected(index);
    const row = index === null ? undefined : tail.rowAt(index);
    show({ message: row?.id }, { replace: true });
    if (index !== null) follow(false);
  };
  const resume = () => {
    setSelected(null);
    setFollowing(true);
    tail.pause(false);
  };
  useHotkeys([
    ['/', () => field.current?.focus()],
    ['f', () => (following ? follow(false) : resume())],
  ]);

  return (
    <Panes
      id="topics.messages"
      inspector={
        linked === undefined ? null : (
          <MessageInspector
            key={linked}
            place={place}
            topic={topic}
            id={linked}
            zone={zone}
            show={show}
            onClose={() => {
              setSelected(null);
              show({ message: undefined }, { replace: true });
            }}
          />
        )
      }
    >
      <div className={css.column}>
        <MessagesToolbar
          from={from}
          onFrom={(next) => {
            setSelected(null);
            setFollowing(next === undefined || next === 'latest' || next.startsWith('last:'));
            show({ from: next, message: undefined });
          }}
          partitions={partitions}
          filter={typed}
          onFilter={setTyped}
          field={field}
          following={following && !counters?.paused}
          onFollow={() => (following && !counters?.paused ? follow(false) : resume())}
          onExport={tail.stream === undefined ? undefined : () => save(() => api.topics.tailExport({ ...place, stream: tail.stream! }))}
        />
        {tail.wrong ? <FilterProblem problem={tail.wrong} text={typed} /> : null}
        {tail.view.kind === 'failed' ? (
          <div className={css.aside}>
            <ProblemBox problem={tail.view.problem} />
          </div>
        ) : (
          <>
            <MessageHead partitions={partitions} />
            <div className={css.grow}>
              <Filled count={shown} empty={counters ? <Nothing counters={counters} filter={filter} show={show} /> : <Waiting />}>
                <VirtualList
                  label="Messages"
                  testId="message-list"
                  count={shown}
                  rowHeight={24}
                  row={(index) => <MessageLine row={tail.rowAt(index)} zone={zone} />}
                  want={tail.want}
                  selected={selected}
                  onSelect={choose}
                  onCopy={(index) => void navigator.clipboard.writeText(tail.rowAt(index)?.text ?? '')}
                  follow={following && !counters?.paused}
                  onFollow={(next) => (next ? resume() : follow(false))}
                />
              </Filled>
              {counters?.paused ? (
                <Button className={css.pausedBar} leftSection={<IconArrowDown size={14} stroke={1.75} />} onClick={resume}>
                  {counters.since > 0 ? `${plural(counters.since, 'new message')}: follow on` : 'Follow on'}
                </Button>
              ) : null}
            </div>
          </>
        )}
        {counters ? <Counters counters={counters} filtered={filter !== ''} /> : null}
      </div>
    </Panes>
  );
}

function Counters({ counters, filtered }: { counters: TailCounters; filtered: boolean }) {
  const { seen, matched, dropped, rate, paused, state, problem, room } = counters;
  return (
    <FootBar>
      <span data-testid="tail-seen">{plural(seen, 'message')} read</span>
      {filtered ? <span>{count(matched)} pass the filter</span> : null}
      {dropped > 0 ? (
        <span title={`The newest ${count(room)} are kept`} data-testid="tail-dropped">
          {count(dropped)} dropped
        </span>
      ) : null}
      {paused ? <span>paused; reading goes on</span> : null}
      <Spring />
      {state === 'away' ? <span role="status">{problem?.what ?? 'Pulsar does not answer.'} Trying again.</span> : null}
      <span>{count(rate)} /s</span>
    </FootBar>
  );
}

function Nothing({ counters, filter, show }: { counters: TailCounters; filter: string; show: Show }) {
  if (filter !== '' && counters.seen > 0) {
    return <EmptyState icon={IconMessages} line={`None of the ${plural(counters.seen, 'message')} read so far passes the filter.`} />;
  }
  return (
    <EmptyState
      icon={IconMessages}
      line="Messages appear here as they are published; looking at them disturbs no subscription."
      button={<Button onClick={() => show({ tab: 'publish' })}>Publish a message</Button>}
      example="npx noodlebox tail compilation-events --follow"
    />
  );
}
