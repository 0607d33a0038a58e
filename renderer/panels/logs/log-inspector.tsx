import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { Facts } from '../../ui/facts.tsx';
import { dateTime, type Zone } from '../../ui/format.ts';
import { PaneHead } from '../../ui/toolbar.tsx';
import { Marked } from './log-list.tsx';
import css from './logs.module.css';
import type { IndexedLine } from './use-logs.ts';

/** One line, whole. */
export function LogInspector({ line, search, zone, onClose }: { line: IndexedLine; search: string; zone: Zone; onClose: () => void }) {
  return (
    <>
      <PaneHead title="Line">
        <CopyButton text={line.text} label="Copy line" />
        <ActionIcon size={24} aria-label="Close" onClick={onClose}>
          <IconX size={14} stroke={1.75} />
        </ActionIcon>
      </PaneHead>
      <Facts
        rows={[
          ['Service', line.service],
          ['Time', dateTime(line.time, zone)],
          ['Level', line.level],
          ['Stream', line.stream],
        ]}
      />
      <pre className={css.whole}>
        <Marked text={line.text} search={search} />
      </pre>
    </>
  );
}
