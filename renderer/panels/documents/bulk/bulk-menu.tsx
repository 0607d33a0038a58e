import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconPencil, IconTrash } from '@tabler/icons-react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { useTasks } from '../../../api/tasks.tsx';
import { askLoss } from '../../../ui/ask.tsx';
import { plural } from '../../../ui/format.ts';
import { parseEjson } from '../bson/bson.ts';
import { quoted, shellLine } from '../bson/shell.ts';
import type { CollectionPlace } from '../place.tsx';
import type { QueryTexts } from '../query/query-bar.tsx';
import { askUpdate } from './update-dialog.tsx';
import { whenDone } from './when-done.ts';

interface BulkMenuProps {
  place: CollectionPlace;
  query: QueryTexts;
  fields: readonly string[];
  onDone: () => void;
}

/** All documents that the filter finds: changed, or deleted. */
export function BulkMenu({ place, query, fields, onDone }: BulkMenuProps) {
  const { started } = useTasks();
  const { filter, collation } = query;
  const remove = async () => {
    const { matched, samples } = await api.documents.previewChange({ ...place, filter, collation });
    const examples = samples.slice(0, 3).map(({ before }) => `such as ${shellLine(parseEjson(before), 160).slice(0, 160)}`);
    askLoss({
      title: filter.trim() === '' ? `Delete every document of ${place.collection}?` : 'Delete what the filter finds?',
      losses: [`${plural(matched, 'document')} of ${place.collection}`, ...examples],
      statements: `db.getCollection(${quoted(place.collection)}).deleteMany(${filter.trim() || '{}'})`,
      button: `Delete ${plural(matched, 'document')}`,
      act: async () => {
        const { task } = await api.documents.change({ ...place, filter, collation });
        started(task);
        void whenDone(task.id).then(onDone, tell);
      },
    });
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          Bulk
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{filter.trim() === '' ? 'All documents' : 'What the filter finds'}</Menu.Label>
        <Menu.Item leftSection={<IconPencil size={14} />} onClick={() => askUpdate(place, query, fields, started, onDone)}>
          Update…
        </Menu.Item>
        <Menu.Item color="red" leftSection={<IconTrash size={14} />} onClick={() => void remove().catch(tell)}>
          Delete…
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
