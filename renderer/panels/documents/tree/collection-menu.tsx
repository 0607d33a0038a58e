import { ActionIcon, Menu } from '@mantine/core';
import { IconDots, IconPencil, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { api } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { quoted } from '../bson/shell.ts';
import { type CollectionPlace, usePlace } from '../place.tsx';
import { askRename } from './collection-dialogs.tsx';

/** What can be done with the collection at hand, and with its database. */
export function CollectionMenu({ place, view }: { place: CollectionPlace; view: boolean }) {
  const { go } = usePlace();
  const queries = useQueryClient();
  const { stack, service, database, collection } = place;
  const looked = () => void queries.invalidateQueries({ queryKey: ['documents', stack, service] });
  const leave = () => {
    go({ coll: undefined, at: undefined, filter: '', sort: '', project: '' });
    looked();
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <ActionIcon size={24} aria-label={`More of ${collection}`}>
          <IconDots size={14} stroke={1.75} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{collection}</Menu.Label>
        <Menu.Item
          leftSection={<IconPencil size={14} />}
          onClick={() =>
            askRename(place, (to) => {
              looked();
              go({ db: database, coll: to });
            })
          }
        >
          Rename…
        </Menu.Item>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() =>
            askLoss({
              title: `Drop ${collection}?`,
              losses: () => api.documents.losses({ stack, service, database, collection }),
              statements: `db.getCollection(${quoted(collection)}).drop()`,
              button: `Drop the ${view ? 'view' : 'collection'} ${collection}`,
              act: async () => {
                await api.documents.dropCollection(place);
                leave();
              },
            })
          }
        >
          Drop…
        </Menu.Item>
        <Menu.Divider />
        <Menu.Label>{database}</Menu.Label>
        <Menu.Item
          color="red"
          leftSection={<IconTrash size={14} />}
          onClick={() =>
            askLoss({
              title: `Drop the database ${database}?`,
              losses: () => api.documents.losses({ stack, service, database }),
              statements: 'db.dropDatabase()',
              button: `Drop the database ${database}`,
              act: async () => {
                await api.documents.dropDatabase({ stack, service, database });
                leave();
              },
            })
          }
        >
          Drop the database…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
