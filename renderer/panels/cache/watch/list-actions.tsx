import { Button } from '@mantine/core';
import { IconDownload, IconTrash } from '@tabler/icons-react';
import type { ReactNode } from 'react';

/** What can be done with a list that has filled up: keep it as a file, or begin anew. */
export function ListActions({ empty, onExport, onClear }: { empty: boolean; onExport: () => void; onClear: () => void }): ReactNode {
  return (
    <>
      <Button variant="default" leftSection={<IconDownload size={14} stroke={1.6} />} disabled={empty} onClick={onExport}>
        Export
      </Button>
      <Button variant="default" leftSection={<IconTrash size={14} stroke={1.6} />} disabled={empty} onClick={onClear}>
        Clear
      </Button>
    </>
  );
}
