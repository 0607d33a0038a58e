import { ActionIcon } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { CopyButton } from '../../ui/copy-button.tsx';
import { dateTime, type Zone } from '../../ui/format.ts';
import { Marked } from './log-list.tsx';
import css from './logs.module.css';
import type { IndexedLine } from './use-logs.ts';

/** One line, whole. */
export function LogInspector({ line, search, zone, onClose }: { line: IndexedLine; search: string; zone: Zone; onClose: () => void }) {
  const facts = [
    ['Service', line.service],
    ['Time', dateTime(line.time, zone)],
    ['Level', line.level],
    ['Stream', line.stream],
  ] as const;
  return (
    <aside className={css.inspector} aria-label="The selected line">
      <header className={css.inspectorHead}>
        <span>Line</span>
        <span>
          <CopyButton text={line.text} label="Copy line" />
          <ActionIcon size={24} aria-label="Close" onClick={onClose}>
            <IconX size={14} stroke={1.75} />
          </ActionIcon>
        </span>
      </header>
      <dl className={css.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      <pre className={css.whole}>
        <Marked text={line.text} search={search} />
      </pre>
    </aside>
  );
}
