import { ActionIcon, Menu, Tooltip } from '@mantine/core';
import { IconClock, IconDots, IconDownload, IconTrash, IconUpload } from '@tabler/icons-react';
import { useRef } from 'react';
import type { RedisSelection } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { useTasks } from '../../../api/tasks.tsx';
import { useCacheSearch, useTarget } from '../context.ts';
import { askBulkDelete, askBulkExpire } from './bulk-dialogs.tsx';
import { askImport } from './import-dialog.tsx';

/** What is done with many keys: those of the folder that is chosen, else those that pass the filter. */
export function BulkMenu({ folder, onDone }: { folder: string | null; onDone: () => void }) {
  const target = useTarget();
  const [search] = useCacheSearch();
  const begin = useExport();
  const { started } = useTasks();
  const input = useRef<HTMLInputElement>(null);
  const type = search.type ?? null;
  const selection: RedisSelection =
    folder === null ? { by: 'pattern', pattern: search.text ?? '', type } : { by: 'prefix', prefix: folder, type };
  const of = type === null ? '' : ` of type ${type}`;
  const what =
    folder !== null
      ? `all keys${of} in ${short(folder)}`
      : search.text
        ? `all keys${of} that match ${short(search.text)}`
        : `all keys${of}`;
  return (
    <>
      <Menu position="bottom-end" width={290}>
        <Menu.Target>
          <Tooltip label="Many keys at once">
            <ActionIcon aria-label="Many keys at once">
              <IconDots size={15} stroke={1.6} />
            </ActionIcon>
          </Tooltip>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{what}</Menu.Label>
          <Menu.Item leftSection={<IconDownload size={14} />} onClick={() => begin(() => api.cache.exportKeys({ ...target, selection }))}>
            Export
          </Menu.Item>
          <Menu.Item leftSection={<IconClock size={14} />} onClick={() => askBulkExpire(target, selection, what, started)}>
            Change how long they live…
          </Menu.Item>
          <Menu.Item
            color="red"
            leftSection={<IconTrash size={14} />}
            onClick={() => askBulkDelete(target, selection, what, started, onDone)}
          >
            Delete…
          </Menu.Item>
          <Menu.Divider />
          <Menu.Item leftSection={<IconUpload size={14} />} onClick={() => input.current?.click()}>
            Import keys from a file…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <input
        ref={input}
        type="file"
        hidden
        accept=".jsonl,application/x-ndjson"
        aria-label="File with exported keys"
        data-testid="import-keys"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) askImport(target, file, started, onDone);
        }}
      />
    </>
  );
}

function short(text: string): string {
  return text.length <= 40 ? text : `${text.slice(0, 37)}…`;
}
