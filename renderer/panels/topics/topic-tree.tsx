import { ActionIcon, Button, TextInput, Tooltip } from '@mantine/core';
import { IconMailOff, IconPlus, IconSearch } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { Tree } from '../../ui/tree.tsx';
import { askTopic } from './ask-topic.tsx';
import { Filled } from './filled.tsx';
import { partsOf } from './names.ts';
import type { TopicsSearch } from './search.ts';
import css from './topics.module.css';
import type { Show } from './topics-panel.tsx';
import { type Catalog, nodeOf, treeRows } from './tree-rows.ts';
import { type Place, useRefresh } from './use-catalog.ts';
import { Waiting } from './waiting.tsx';

interface TopicTreeProps {
  place: Place;
  catalog: Catalog | undefined;
  search: TopicsSearch;
  show: Show;
}

/** Tenants, namespaces and topics. The stack's own namespace is open from the start. */
export function TopicTree({ place, catalog, search, show }: TopicTreeProps) {
  const [filter, setFilter] = useState('');
  const [toggled, setToggled] = useState<ReadonlySet<string>>(new Set());
  const refresh = useRefresh(place);
  const here = search.topic ? partsOf(search.topic).namespace : (search.namespace ?? 'public/default');
  const rows = useMemo(() => {
    // What leads to the chosen topic is open, unless somebody closed it.
    const usual = new Set([`tenant:${here.split('/')[0]}`, `namespace:${here}`, 'tenant:public', 'namespace:public/default']);
    return catalog ? treeRows(catalog, (id) => usual.has(id) !== toggled.has(id), filter) : [];
  }, [catalog, toggled, filter, here]);
  const toggle = (id: string) =>
    setToggled((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  const select = (id: string) => {
    const node = nodeOf(id);
    if (node.kind === 'topic')
      show({
        topic: node.topic,
        namespace: undefined,
        message: undefined,
        subscription: undefined,
        from: undefined,
        filter: undefined,
        tab: tabFor(node.topic, search),
      });
    else if (node.kind === 'namespace') show({ namespace: node.namespace, topic: undefined, tab: undefined, message: undefined });
  };
  const selected = search.topic ?? (search.tab === 'dead-letters' ? null : `namespace:${here}`);
  return (
    <div className={css.column}>
      <div className={css.treeHead}>
        <TextInput
          size="xs"
          className={css.treeFilter}
          leftSection={<IconSearch size={14} stroke={1.75} />}
          placeholder="Find a topic"
          aria-label="Find a topic"
          value={filter}
          onChange={(event) => setFilter(event.currentTarget.value)}
          onKeyDown={(event) => {
            const first = rows.find(({ depth }) => depth === 2);
            if (event.key === 'Escape') setFilter('');
            if (event.key === 'Enter' && first) select(first.id);
          }}
        />

        <Tooltip label="Create a topic">
          <ActionIcon
            aria-label="Create a topic"
            onClick={() =>
              askTopic({
                place,
                namespace: here,
                onCreated: (topic) => void refresh().then(() => show({ topic, namespace: undefined, tab: undefined })),
              })
            }
          >
            <IconPlus size={16} stroke={1.75} />
          </ActionIcon>
        </Tooltip>
      </div>
      <div className={css.grow}>
        <Filled
          count={rows.length}
          empty={
            catalog ? <span className="dim">{filter ? `No topic has "${filter}" in its name.` : 'There are no topics.'}</span> : <Waiting />
          }
        >
          <Tree
            label="Topics"
            testId="topics-tree"
            count={rows.length}
            rowAt={(index) => rows[index]}
            selected={selected}
            onSelect={select}
            onToggle={toggle}
          />
        </Filled>
      </div>
      <Button
        variant={search.topic === undefined && search.tab === 'dead-letters' ? 'light' : 'subtle'}
        color="gray"
        justify="flex-start"
        leftSection={<IconMailOff size={16} stroke={1.75} />}
        onClick={() => show({ topic: undefined, namespace: undefined, tab: 'dead-letters', message: undefined })}
      >
        Dead letters
      </Button>
    </div>
  );
}

/** Moving through topics keeps the tab that is looked at, where the next one has it. */
function tabFor(topic: string, { tab, topic: before }: TopicsSearch): TopicsSearch['tab'] {
  if (topic.endsWith('-DLQ')) return 'dead-letters';
  return before === undefined || tab === 'dead-letters' ? undefined : tab;
}
