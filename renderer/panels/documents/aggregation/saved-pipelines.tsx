import { ActionIcon, Button, Menu, TextInput } from '@mantine/core';
import { IconBookmark, IconChevronDown, IconTrash } from '@tabler/icons-react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import css from '../documents.module.css';
import type { CollectionPlace } from '../place.tsx';
import { keptStages, type Stage } from './stages.ts';

const panel = 'documents' as const;

/** Pipelines kept under a name, for every collection of the stack. */
export function SavedPipelines({
  place,
  stages,
  onChoose,
}: {
  place: CollectionPlace;
  stages: readonly Stage[];
  onChoose: (stages: Stage[]) => void;
}) {
  const { stack } = place;
  const queries = useQueryClient();
  const [opened, setOpened] = useState(false);
  const [name, setName] = useState('');
  const saved = useQuery({
    queryKey: ['documents', stack, 'pipelines'],
    queryFn: () => api.notebook.saved({ stack, panel, kind: 'pipeline' }),
    enabled: opened,
  });
  const renew = () => void queries.invalidateQueries({ queryKey: ['documents', stack, 'pipelines'] });
  const keep = async () => {
    const body = JSON.stringify({
      database: place.database,
      collection: place.collection,
      stages: stages.map(({ text, on }) => ({ text, on })),
    });
    await api.notebook.save({ stack, item: { id: crypto.randomUUID(), panel, kind: 'pipeline', name: name.trim(), body } });
    setName('');
    renew();
  };
  return (
    <Menu opened={opened} onChange={setOpened} position="bottom-end" width={320}>
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          Saved
        </Button>
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
            placeholder="Save this pipeline under a name"
            aria-label="Name to save this pipeline under"
            maxLength={200}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            onKeyDown={(event) => event.stopPropagation()}
          />
        </form>
        <Menu.Label>{saved.data?.length ? 'Saved pipelines' : 'No pipeline was saved yet'}</Menu.Label>
        {saved.data?.map(({ id, name: title, body }) => (
          <Menu.Item
            key={id}
            onClick={() => onChoose(keptStages(body))}
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
            {title}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
