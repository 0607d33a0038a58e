import { Button, Menu } from '@mantine/core';
import { IconChevronDown, IconFileImport } from '@tabler/icons-react';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import type { CollectionPlace } from '../place.tsx';
import type { QueryTexts } from '../query/query-bar.tsx';

interface ExportMenuProps {
  place: CollectionPlace;
  query: QueryTexts;
  /** In place of the query. */
  pipeline?: string;
  onImport?: () => void;
}

const formats = [
  { format: 'lines', form: 'canonical', label: 'JSON lines, types kept' },
  { format: 'lines', form: 'relaxed', label: 'JSON lines, relaxed' },
  { format: 'array', form: 'canonical', label: 'JSON list, types kept' },
  { format: 'array', form: 'relaxed', label: 'JSON list, relaxed' },
  { format: 'csv', form: 'relaxed', label: 'CSV' },
] as const;

/** What is found, to a file; and files back into the collection. */
export function ExportMenu({ place, query, pipeline, onImport }: ExportMenuProps) {
  const exporting = useExport();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button variant="default" rightSection={<IconChevronDown size={12} />}>
          {onImport === undefined ? 'Export' : 'Export, import'}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {pipeline !== undefined
            ? 'Export what the pipeline gives'
            : query.filter.trim() === ''
              ? 'Export the collection'
              : 'Export what the filter finds'}
        </Menu.Label>
        {formats.map(({ format, form, label }) => (
          <Menu.Item
            key={label}
            onClick={() => exporting(() => api.documents.export({ ...place, ...query, pipeline: pipeline ?? '', format, form }))}
          >
            {label}
          </Menu.Item>
        ))}
        {onImport === undefined ? null : (
          <>
            <Menu.Divider />
            <Menu.Item leftSection={<IconFileImport size={14} />} onClick={onImport}>
              Import a file…
            </Menu.Item>
          </>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
