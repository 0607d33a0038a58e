import { ActionIcon, Button, Menu } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import type { ExportFormat } from '../../../../preload/contract/sql.ts';
import { exportFormats } from '../../../../preload/contract/sql-words.ts';

const names: Record<ExportFormat, string> = { csv: 'CSV', json: 'JSON', sql: 'SQL inserts', parquet: 'Parquet', xlsx: 'Excel (XLSX)' };

/** The whole of what is shown, as a file. */
export function ExportMenu({
  disabled,
  small = false,
  onExport,
}: {
  disabled: boolean;
  small?: boolean;
  onExport: (format: ExportFormat) => void;
}) {
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        {small ? (
          <ActionIcon aria-label="Export" title="Export" disabled={disabled}>
            <IconDownload size={16} stroke={1.75} />
          </ActionIcon>
        ) : (
          <Button variant="default" disabled={disabled} leftSection={<IconDownload size={14} stroke={1.75} />}>
            Export
          </Button>
        )}
      </Menu.Target>
      <Menu.Dropdown>
        {exportFormats.map((format) => (
          <Menu.Item key={format} onClick={() => onExport(format)}>
            {names[format]}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
