import { Button, Checkbox, SegmentedControl } from '@mantine/core';
import { IconArrowBackUp, IconMailOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import type { DeadLetter } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { clock, count, dateTime, plural, type Zone } from '../../../ui/format.ts';
import { Panes } from '../../../ui/panes.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { Filled } from '../filled.tsx';
import { MessageInspector } from '../messages/message-inspector.tsx';
import { formWords } from '../messages/message-line.tsx';
import { shortName } from '../names.ts';
import type { TopicsSearch } from '../search.ts';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import { type Place, topicsKey } from '../use-catalog.ts';
import { askRedrive } from './ask-redrive.tsx';

interface DeadLettersProps {
  place: Place;
  topic: string;
  search: TopicsSearch;
  show: Show;
}

/** Dead letters with why they are there, to be sent back in part or whole. */
export function DeadLetters({ place, topic, search, show }: DeadLettersProps) {
  const zone = useSettings()?.times ?? 'local';
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [which, setWhich] = useState<'waiting' | 'all'>('waiting');
  const letters = useQuery({
    queryKey: topicsKey(place, 'dead-letters', topic),
    queryFn: () => api.topics.deadLetters({ ...place, topic }),
    refetchInterval: 4_000,
    retry: false,
  });
  const all = letters.data?.messages;
  const rows = useMemo(() => (all ?? []).filter(({ redriven }) => which === 'all' || !redriven), [all, which]);
  const waiting = useMemo(() => (all ?? []).filter(({ redriven }) => !redriven), [all]);
  const chosen = waiting.filter(({ id }) => marked.has(id));
  const toggle = (id: string) =>
    setMarked((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const redrive = (some: readonly DeadLetter[], whole: boolean) =>
    askRedrive({ place, topic, letters: some, whole, onBegun: () => setMarked(new Set()) });
  const selected = rows.findIndex(({ id }) => id === search.message);
  return (
    <Panes
      id="topics.dead-letters"
      inspector={
        search.message === undefined ? null : (
          <MessageInspector
            key={search.message}
            place={place}
            topic={topic}
            id={search.message}
            zone={zone}
            show={show}
            onClose={() => show({ message: undefined }, { replace: true })}
          />
        )
      }
    >
      <div className={css.column}>
        <Toolbar label="Dead letters">
          <Button
            leftSection={<IconArrowBackUp size={14} stroke={1.75} />}
            disabled={waiting.length === 0}
            onClick={() => (chosen.length > 0 ? redrive(chosen, false) : redrive(waiting, true))}
          >
            {chosen.length > 0 ? `Redrive ${count(chosen.length)} chosen…` : `Redrive all ${count(letters.data?.waiting ?? 0)}…`}
          </Button>
          {chosen.length > 0 ? (
            <Button variant="subtle" color="gray" onClick={() => setMarked(new Set())}>
              Choose none
            </Button>
          ) : null}
          <Spring />
          <SegmentedControl
            size="xs"
            aria-label="Which are shown"
            data={[
              { value: 'waiting', label: 'Waiting' },
              { value: 'all', label: 'All' },
            ]}
            value={which}
            onChange={(value) => setWhich(value as typeof which)}
          />
        </Toolbar>
        {letters.data?.cut ? (
          <div className={css.note}>Only the newest {count(letters.data.messages.length)} are listed; redriving all takes every one.</div>
        ) : null}
        {letters.error ? (
          <div className={css.aside}>
            <ProblemBox problem={problemOf(letters.error)} />
          </div>
        ) : null}
        <div className={css.letter} data-head aria-hidden>
          <span />
          <span>Given up</span>
          <span>Id</span>
          <span>Key</span>
          <span>Why</span>
          <span>Payload</span>
          <span>State</span>
        </div>
        <div className={css.grow}>
          <Filled
            count={rows.length}
            empty={
              letters.data ? (
                <EmptyState
                  icon={IconMailOff}
                  line={
                    all?.length
                      ? `Nothing waits: ${plural(all.length, 'dead letter')} went back to where they came from.`
                      : 'No dead letters lie here.'
                  }
                />
              ) : null
            }
          >
            <VirtualList
              label="Dead letters"
              testId="dead-letter-list"
              count={rows.length}
              rowHeight={28}
              row={(index) => (
                <Letter letter={rows[index]!} zone={zone} marked={marked.has(rows[index]!.id)} onMark={() => toggle(rows[index]!.id)} />
              )}
              selected={selected < 0 ? null : selected}
              onSelect={(index) => show({ message: index === null ? undefined : rows[index]?.id }, { replace: true })}
              onOpen={(index) => rows[index] && !rows[index].redriven && toggle(rows[index].id)}
            />
          </Filled>
        </div>
      </div>
    </Panes>
  );
}

function Letter({ letter, zone, marked, onMark }: { letter: DeadLetter; zone: Zone; marked: boolean; onMark: () => void }) {
  const { id, key, published, reason, origin, text, form, redriven } = letter;
  return (
    <div className={css.letter} data-gone={redriven || undefined}>
      <span>
        {redriven ? null : (
          <Checkbox
            size="xs"
            aria-label={`Choose ${id}`}
            checked={marked}
            onChange={onMark}
            onClick={(event) => event.stopPropagation()}
            tabIndex={-1}
          />
        )}
      </span>
      <span className="num" title={dateTime(published, zone)}>
        {clock(published, zone)}
      </span>
      <span className="num" title={id}>
        {id}
      </span>
      <span>{key ?? <em className={css.form}>no key</em>}</span>
      <span title={`${reason}${origin ? `\nFrom ${shortName(origin)}` : ''}`}>{reason}</span>
      <span className="mono">{formWords[form] ? <em className={css.form}>{formWords[form]}</em> : text}</span>
      <span>{redriven ? 'redriven' : 'waiting'}</span>
    </div>
  );
}
