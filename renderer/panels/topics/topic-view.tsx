import { ActionIcon, Tooltip } from '@mantine/core';
import { IconListTree, IconMailOff, IconMessages, IconRefresh, IconSend, IconSettings, IconUsers } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { api, problemOf } from '../../api/client.ts';
import { CopyButton } from '../../ui/copy-button.tsx';
import { bytes, count, plural } from '../../ui/format.ts';
import { ProblemBox } from '../../ui/problem.tsx';
import { PanelTabs } from '../../ui/tabs.tsx';
import { DeadLetters } from './dead-letters/dead-letters.tsx';
import { Messages } from './messages/messages.tsx';
import { shortName } from './names.ts';
import { rate } from './namespace-view.tsx';
import { Publish } from './publish/publish.tsx';
import { SchemaTab } from './schema-tab.tsx';
import type { TopicsSearch, TopicTab } from './search.ts';
import { SettingsTab } from './settings-tab.tsx';
import { Subscriptions } from './subscriptions/subscriptions.tsx';
import css from './topics.module.css';
import type { Show } from './topics-panel.tsx';
import { type Place, topicsKey, useRefresh } from './use-catalog.ts';

const tabs = [
  { id: 'messages', label: 'Messages', icon: IconMessages },
  { id: 'subscriptions', label: 'Subscriptions', icon: IconUsers },
  { id: 'publish', label: 'Publish', icon: IconSend },
  { id: 'schema', label: 'Schema', icon: IconListTree },
  { id: 'settings', label: 'Settings', icon: IconSettings },
] as const;
const deadLetterTab = { id: 'dead-letters', label: 'Dead letters', icon: IconMailOff } as const;

interface TopicViewProps {
  place: Place;
  topic: string;
  search: TopicsSearch;
  show: Show;
}

/** One topic: its messages, who reads them, and what can be done with it. */
export function TopicView({ place, topic, search, show }: TopicViewProps) {
  const detail = useTopicDetail(place, topic);
  const refresh = useRefresh(place);
  const isDead = detail.data?.deadLetter?.kind === 'dead-letter' || search.tab === 'dead-letters';
  const tab: TopicTab = search.tab ?? 'messages';
  const { data } = detail;
  return (
    <div className={css.column}>
      <div className={css.title}>
        <h1 className="cut" title={topic}>
          {shortName(topic)}
        </h1>
        <CopyButton text={topic} label="Copy name" />
        <span className={css.figures} data-testid="topic-figures">
          {data ? (
            <>
              <span>{rate(data.figures.rateIn)} in/s</span>
              <span>{rate(data.figures.rateOut)} out/s</span>
              <span>{plural(data.subscriptions.length, 'subscription')}</span>
              <span>{count(data.figures.backlog)} behind</span>
              <span>{bytes(data.figures.storage)}</span>
            </>
          ) : null}
        </span>
        <Tooltip label="Look again">
          <ActionIcon aria-label="Look again" onClick={() => void refresh()}>
            <IconRefresh size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </div>
      <PanelTabs
        label="What is shown of the topic"
        tabs={isDead ? [...tabs.slice(0, 1), deadLetterTab, ...tabs.slice(1)] : tabs}
        active={tab}
        onChange={(id) => show({ tab: id === 'messages' ? undefined : (id as TopicTab), message: undefined })}
      />
      {detail.error && (tab === 'subscriptions' || tab === 'settings') ? (
        <div className={css.aside}>
          <ProblemBox problem={problemOf(detail.error)} />
        </div>
      ) : null}
      <div className={css.grow}>
        {tab === 'messages' ? (
          <Messages place={place} topic={topic} partitions={data?.partitions ?? 0} search={search} show={show} />
        ) : null}
        {tab === 'dead-letters' ? <DeadLetters place={place} topic={topic} search={search} show={show} /> : null}
        {tab === 'publish' ? <Publish place={place} topic={topic} show={show} /> : null}
        {tab === 'schema' ? <SchemaTab place={place} topic={topic} /> : null}
        {data && tab === 'subscriptions' ? <Subscriptions place={place} detail={data} search={search} show={show} /> : null}
        {data && tab === 'settings' ? <SettingsTab place={place} detail={data} show={show} /> : null}
      </div>
    </div>
  );
}

export function useTopicDetail(place: Place, topic: string) {
  return useQuery({
    queryKey: topicsKey(place, 'detail', topic),
    queryFn: () => api.topics.detail({ ...place, topic }),
    refetchInterval: 2_000,
  });
}
