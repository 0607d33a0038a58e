import { Button } from '@mantine/core';
import { IconPlus, IconUsers } from '@tabler/icons-react';
import type { SubscriptionFacts, TopicDetail } from '../../../../preload/contract/index.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { count, plural } from '../../../ui/format.ts';
import { Panes, Split } from '../../../ui/panes.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { VirtualList } from '../../../ui/virtual-list.tsx';
import { Filled } from '../filled.tsx';
import { rate } from '../namespace-view.tsx';
import type { TopicsSearch } from '../search.ts';
import css from '../topics.module.css';
import type { Show } from '../topics-panel.tsx';
import { type Place, useRefresh } from '../use-catalog.ts';
import { askSubscription } from './ask-subscription.tsx';
import { HealthMark } from './health-mark.tsx';
import { LagChart } from './lag-chart.tsx';
import { SubscriptionInspector } from './subscription-inspector.tsx';

interface SubscriptionsProps {
  place: Place;
  detail: TopicDetail;
  search: TopicsSearch;
  show: Show;
}

/** Who reads the topic, how far each is, and whether it gets on. */
export function Subscriptions({ place, detail, search, show }: SubscriptionsProps) {
  const { topic, subscriptions } = detail;
  const refresh = useRefresh(place);
  const selected = subscriptions.findIndex(({ name }) => name === search.subscription);
  const chosen = subscriptions[selected];
  const select = (index: number | null) =>
    show({ subscription: index === null ? undefined : subscriptions[index]?.name }, { replace: true });
  const create = () =>
    askSubscription({ place, topic, kind: 'create', onDone: (name) => refresh().then(() => show({ subscription: name })) });
  const ailing = subscriptions.filter(({ health }) => health === 'stuck' || health === 'unattended').length;
  return (
    <Panes
      id="topics.subscriptions"
      inspector={
        chosen ? <SubscriptionInspector key={chosen.name} place={place} detail={detail} subscription={chosen} show={show} /> : null
      }
    >
      <div className={css.column}>
        <Toolbar label="Subscriptions">
          <span className="dim">
            {plural(subscriptions.length, 'subscription')}
            {ailing > 0 ? `, ${count(ailing)} not well` : ''}
          </span>
          <Spring />
          <Button variant="default" leftSection={<IconPlus size={14} stroke={1.75} />} onClick={create}>
            Create subscription
          </Button>
        </Toolbar>
        <Split
          id="topics.lag"
          share={55}
          first={
            <div className={css.column}>
              <div className={css.subscription} data-head aria-hidden>
                <span>Subscription</span>
                <span>State</span>
                <span className={css.right}>Backlog</span>
                <span className={css.right}>Out /s</span>
                <span className={css.right}>Consumers</span>
                <span>Why</span>
              </div>
              <div className={css.grow}>
                <Filled
                  count={subscriptions.length}
                  empty={
                    <EmptyState
                      icon={IconUsers}
                      line="A subscription remembers how far its consumers have read, and keeps what they have not acknowledged. This topic has none."
                      button={<Button onClick={create}>Create subscription</Button>}
                    />
                  }
                >
                  <VirtualList
                    label="Subscriptions"
                    testId="subscription-list"
                    count={subscriptions.length}
                    rowHeight={32}
                    row={(index) => <SubscriptionLine subscription={subscriptions[index]!} />}
                    selected={selected < 0 ? null : selected}
                    onSelect={select}
                    onCopy={(index) => void navigator.clipboard.writeText(subscriptions[index]!.name)}
                  />
                </Filled>
              </div>
            </div>
          }
          second={<LagChart place={place} topic={topic} />}
        />
      </div>
    </Panes>
  );
}

function SubscriptionLine({ subscription }: { subscription: SubscriptionFacts }) {
  const { name, health, backlog, rateOut, consumers, reason } = subscription;
  return (
    <div className={css.subscription}>
      <span title={name}>{name}</span>
      <HealthMark health={health} />
      <span className={`${css.right} num`}>{count(backlog)}</span>
      <span className={`${css.right} num`}>{rate(rateOut)}</span>
      <span className={`${css.right} num`}>{count(consumers.length)}</span>
      <span className="dim" title={reason}>
        {reason}
      </span>
    </div>
  );
}
