import { Button, NumberInput, Popover } from '@mantine/core';
import { IconMailOff } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { SubscriptionFacts, TopicDetail } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { Facts } from '../../../ui/facts.tsx';
import { count, dateTime, type Zone } from '../../../ui/format.ts';
import { ProblemBox } from '../../../ui/problem.tsx';
import { PaneHead } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { Filled } from '../filled.tsx';
import { MessageLine } from '../messages/message-line.tsx';
import { shortName } from '../names.ts';
import { rate } from '../namespace-view.tsx';
import { askAct } from '../perform.ts';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import { type Place, topicsKey, useRefresh } from '../use-catalog.ts';
import { askSubscription } from './ask-subscription.tsx';
import { HealthMark } from './health-mark.tsx';

const peeked = 100;

interface SubscriptionInspectorProps {
  place: Place;
  detail: TopicDetail;
  subscription: SubscriptionFacts;
  show: Show;
}

/** One subscription: how it is, what waits in it, and what can be done with it. */
export function SubscriptionInspector({ place, detail, subscription, show }: SubscriptionInspectorProps) {
  const { topic, partitions } = detail;
  const { name } = subscription;
  const zone = useSettings()?.times ?? 'local';
  const refresh = useRefresh(place);
  const [looking, setLooking] = useState(false);
  const ask = (title: string, act: Parameters<typeof askAct>[2]) => void askAct(place, title, act, refresh);
  return (
    <div className={css.column} data-testid="subscription-inspector">
      <PaneHead title={name} />
      <div className={css.section}>
        <p className={css.reason}>
          <HealthMark health={subscription.health} /> {subscription.reason}
        </p>
        <div className={css.buttons}>
          <Button variant={looking ? 'light' : 'default'} aria-pressed={looking} onClick={() => setLooking(!looking)}>
            Peek
          </Button>
          <Button variant="default" onClick={() => askSubscription({ place, topic, kind: { seek: name }, onDone: refresh })}>
            Seek…
          </Button>
          <NumberAct
            label="Skip"
            unit="messages"
            disabled={partitions > 0}
            onGo={(count) => ask(`Skip messages of ${name}`, { kind: 'skip', topic, subscription: name, count })}
          >
            <Button
              variant="subtle"
              color="gray"
              onClick={() => ask(`Skip all messages of ${name}`, { kind: 'skip', topic, subscription: name, count: null })}
            >
              Skip all…
            </Button>
          </NumberAct>
          <NumberAct
            label="Expire"
            unit="seconds old and older"
            onGo={(seconds) => ask(`Expire messages of ${name}`, { kind: 'expire', topic, subscription: name, seconds })}
          />
          <Button
            color="red"
            variant="light"
            onClick={() => ask(`Delete ${name}`, { kind: 'delete-subscription', topic, subscription: name })}
          >
            Delete…
          </Button>
          {subscription.deadLetters ? (
            <Button
              variant="default"
              leftSection={<IconMailOff size={14} stroke={1.75} />}
              onClick={() =>
                show({
                  topic: subscription.deadLetters!,
                  tab: 'dead-letters',
                  subscription: undefined,
                  message: undefined,
                  from: undefined,
                  filter: undefined,
                })
              }
            >
              Its dead letters
            </Button>
          ) : null}
        </div>
      </div>
      {looking ? (
        <Peek place={place} topic={topic} subscription={name} backlog={subscription.backlog} zone={zone} show={show} />
      ) : (
        <About subscription={subscription} zone={zone} />
      )}
    </div>
  );
}

function About({ subscription, zone }: { subscription: SubscriptionFacts; zone: Zone }) {
  const at = (time: number | null) => (time === null ? 'never' : dateTime(time, zone));
  return (
    <div className={css.scroll}>
      <Facts
        rows={[
          ['Backlog', count(subscription.backlog)],
          ['Unacked', count(subscription.unacknowledged)],
          ['Oldest waiting', subscription.oldest === null ? null : dateTime(subscription.oldest, zone)],
          ['Type', subscription.type === 'None' ? 'none yet' : subscription.type],
          ['Delivered', `${rate(subscription.rateOut)} /s`],
          ['Acknowledged', `${rate(subscription.rateAcknowledged)} /s; last ${at(subscription.lastAcknowledged)}`],
          ['Redelivered', `${rate(subscription.rateRedelivered)} /s`],
          ['Expired', count(subscription.expired)],
          ['Dead letters', subscription.deadLetters ? shortName(subscription.deadLetters) : null],
          ...Object.entries(subscription.properties).map(([name, value]) => [name, value] as const),
        ]}
      />
      <section className={css.section}>
        <h2>{count(subscription.consumers.length)} connected</h2>
        {subscription.consumers.map((consumer) => (
          <Facts
            key={`${consumer.name}${consumer.address}`}
            rows={[
              ['Consumer', `${consumer.name} from ${consumer.address}`],
              ['Since', at(consumer.since)],
              ['Holds', `${count(consumer.unacknowledged)} unacknowledged`],
              ['Gets', `${rate(consumer.rate)} /s`],
              ['Acknowledged', at(consumer.lastAcknowledged)],
            ]}
          />
        ))}
      </section>
    </div>
  );
}

interface PeekProps {
  place: Place;
  topic: string;
  subscription: string;
  backlog: number;
  zone: Zone;
  show: Show;
}

/** What waits, oldest first; looking takes nothing. */
function Peek({ place, topic, subscription, backlog, zone, show }: PeekProps) {
  const peek = useQuery({
    queryKey: topicsKey(place, 'peek', topic, subscription, backlog),
    queryFn: () => api.topics.peek({ ...place, topic, subscription, count: peeked }),
    placeholderData: (before) => before,
    retry: false,
  });
  if (peek.error) {
    return (
      <div className={css.aside}>
        <ProblemBox problem={problemOf(peek.error)} />
      </div>
    );
  }
  const rows = peek.data ?? [];
  return (
    <>
      <div className={css.note}>
        {rows.length < backlog ? `The first ${count(rows.length)} of ${count(backlog)} that wait.` : 'All that wait.'} Looking takes
        nothing.
      </div>
      <div className={css.grow}>
        <Filled count={rows.length} empty={peek.data ? <span className="dim">Nothing waits.</span> : null}>
          <VirtualList
            label="Messages that wait"
            testId="peek-list"
            count={rows.length}
            rowHeight={24}
            row={(index) => <MessageLine row={rows[index]} zone={zone} brief />}
            selected={null}
            onSelect={(index) => {
              const row = index === null ? undefined : rows[index];
              if (row) show({ tab: undefined, from: `id:${row.id}`, message: row.id, subscription: undefined });
            }}
          />
        </Filled>
      </div>
    </>
  );
}

interface NumberActProps {
  label: string;
  unit: string;
  disabled?: boolean;
  onGo: (value: number) => void;
  children?: ReactNode;
}

/** A button that asks for a number first. */
function NumberAct({ label, unit, disabled = false, onGo, children }: NumberActProps) {
  const [opened, setOpened] = useState(false);
  const [value, setValue] = useState(1);
  const go = () => {
    setOpened(false);
    onGo(Math.max(1, Math.trunc(value)));
  };
  return (
    <Popover opened={opened} onChange={setOpened} trapFocus withinPortal>
      <Popover.Target>
        <Button variant="default" onClick={() => setOpened(!opened)}>
          {label}…
        </Button>
      </Popover.Target>
      <Popover.Dropdown>
        <div className={css.pairs}>
          {disabled ? (
            <span className="dim">By number on one partition at a time.</span>
          ) : (
            <div className={css.row}>
              <NumberInput
                size="xs"
                label={unit}
                min={1}
                value={value}
                onChange={(next) => setValue(Number(next) || 1)}
                onKeyDown={(event) => event.key === 'Enter' && go()}
              />
              <Button style={{ flex: 'none' }} onClick={go}>
                {label}…
              </Button>
            </div>
          )}
          {children}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
