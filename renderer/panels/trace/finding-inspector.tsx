import { ActionIcon, Button } from '@mantine/core';
import { IconArrowUpRight, IconX } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { Facts } from '../../ui/facts.tsx';
import { dateTime, type Zone } from '../../ui/format.ts';
import { IdText } from '../../ui/id-text.tsx';
import { PaneHead } from '../../ui/toolbar.tsx';
import { ValueView } from '../../ui/value-view.tsx';
import type { Found } from './trace-view.ts';

const panelWords = { sql: 'SQL', cache: 'Cache', topics: 'Topics', documents: 'Documents', metrics: 'Metrics' } as const;

/** One finding, whole, and the way to its panel. */
export function FindingInspector({ found, zone, onClose }: { found: Found; zone: Zone; onClose: () => void }) {
  const navigate = useNavigate();
  const { panel, service, search } = found.link;
  return (
    <>
      <PaneHead title={`${found.what} in ${found.place}`}>
        <Button
          variant="default"
          leftSection={<IconArrowUpRight size={14} stroke={1.75} />}
          // The search of each panel is checked by its own route.
          onClick={() => void navigate({ to: `/${panel}`, search: { ...search, service } as never })}
        >
          Open in {panelWords[panel]}
        </Button>
        <ActionIcon size={24} aria-label="Close" onClick={onClose}>
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      <Facts
        rows={[
          ['Service', service],
          ['Name', <IdText key="name" text={found.name} />],
          ['The id', found.relation],
          ['Time', found.time === null ? null : dateTime(found.time, zone)],
        ]}
      />
      <ValueView text={found.content} />
    </>
  );
}
