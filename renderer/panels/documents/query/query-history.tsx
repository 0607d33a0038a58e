import { ActionIcon, Menu, TextInput, Tooltip } from '@mantine/core';
import { IconBookmark, IconHistory, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import css from '../documents.module.css';
import { usePlace } from '../place.tsx';
import { historyQueries, queryWords, savedQuery } from './history.ts';
import type { QueryTexts } from './query-bar.tsx';

const panel = 'documents' as const;

/** Queries that were run on this collection, and those kept under a name. */
export function QueryHistory({ draft, onChoose }: { draft: QueryTexts; onChoose: (query: QueryTexts) => void }) {
  const { stack, search, server } = usePlace();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const queries = useQueryClient();
  const database = search.db ?? server?.database ?? '';
  const collection = search.coll ?? '';
  const history = useQuery({
    queryKey: ['documents', stack, 'history'],
    queryFn: () => api.notebook.history({ stack, panel, text: '"kind":"find"', limit: 300 }),
    enabled: opened,
    staleTime: 0,
  });
  const saved = useQuery({
    queryKey: ['documents', stack, 'saved-queries'],
    queryFn: () => api.notebook.saved({ stack, panel, kind: 'query' }),
    enabled: opened,
  });
  const renew = () => void queries.invalidateQueries({ queryKey: ['documents', stack, 'saved-queries'] });
  const keep = async () => {
    const body = JSON.stringify({ database, collection, ...draft });
    await api.notebook.save({ stack, item: { id: crypto.randomUUID(), panel, kind: 'query', name: name.trim(), body } });
    setName('');
    renew();
  };
  const kept = (saved.data ?? []).flatMap((item) => {
    const query = savedQuery(item.body);
    return query && query.database === database && query.collection === collection ? [{ ...item, query }] : [];
  });
  const recent = historyQueries(history.data ?? [], database, collection).slice(0, 12);
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={440} closeOnItemClick>
      <Menu.Target>
        <Tooltip label="History and saved queries">
          <ActionIcon aria-label="History and saved queries">
            <IconHistory size={16} stroke={1.6} />
          </ActionIcon>
        </Tooltip>
      </Menu.Target>
      <Menu.Dropdown>
        <form
          className={css.saveQuery}
          onSubmit={(event) => {
            event.preventDefault();
            if (name.trim() !== '') void keep().catch(tell);
          }}
        >
          <TextInput
            size="xs"
            leftSection={<IconBookmark size={13} />}
            placeholder="Save this query under a name, then Enter"
            aria-label="Name to save this query under"
            value={name}
            maxLength={200}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
        </form>
        {kept.length > 0 ? <Menu.Label>Saved</Menu.Label> : null}
        {kept.map(({ id, name: title, query }) => (
          <Menu.Item
            key={id}
            onClick={() => onChoose(query)}
            rightSection={
              <ActionIcon
                component="span"
                size={20}
                aria-label={`Forget ${title}`}
                onClick={(event) => {
                  event.stopPropagation();
                  void api.notebook.remove({ stack, panel, id }).then(renew, tell);
                }}
              >
                <IconTrash size={12} />
              </ActionIcon>
            }
          >
            <div className="cut">{title}</div>
            <div className={`${css.historyText} cut`}>{queryWords(query)}</div>
          </Menu.Item>
        ))}
        <Menu.Label>{recent.length === 0 ? 'No query was run on this collection yet' : 'Run before'}</Menu.Label>
        {recent.map((query) => (
          <Menu.Item key={query.key} onClick={() => onChoose(query)}>
            <div className={`${css.historyText} cut`}>{queryWords(query)}</div>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
