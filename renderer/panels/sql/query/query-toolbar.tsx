import { ActionIcon, Button, Menu, Select, Switch, Tooltip } from '@mantine/core';
import {
  IconAlignLeft,
  IconChevronDown,
  IconDeviceFloppy,
  IconGitBranch,
  IconHistory,
  IconPlayerPlay,
  IconPlayerStop,
} from '@tabler/icons-react';
import type { TransactionState } from '../../../../preload/contract/sql.ts';
import { modKey } from '../../../shell/keys.ts';
import { elapsed } from '../../../ui/format.ts';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { useNow } from '../../../ui/use-now.ts';
import css from '../sql.module.css';
import type { Draft } from '../tabs/use-draft.ts';

const timeouts = [
  { value: '5000', label: '5 s' },
  { value: '30000', label: '30 s' },
  { value: '300000', label: '5 min' },
  { value: '3600000', label: '1 h' },
  { value: '0', label: 'No time-out' },
];

interface QueryToolbarProps {
  draft: Draft;
  onDraft: (change: Partial<Draft>) => void;
  running: { since: number } | null;
  transaction: TransactionState;
  onRun: () => void;
  onCancel: () => void;
  onExplain: (analyze: boolean) => void;
  onEnd: (how: 'commit' | 'rollback') => void;
  onFormat: () => void;
  onSave: () => void;
  onHistory: () => void;
}

export function QueryToolbar(props: QueryToolbarProps) {
  const { draft, onDraft, running, transaction, onRun, onCancel, onExplain, onEnd, onFormat, onSave, onHistory } = props;
  const empty = draft.text.trim() === '';
  return (
    <Toolbar label="Query">
      {running ? (
        <Button color="red" variant="light" leftSection={<IconPlayerStop size={14} stroke={1.75} />} onClick={onCancel}>
          Cancel <Elapsed since={running.since} />
        </Button>
      ) : (
        <Tooltip label={`Runs the selection, else all (${modKey}-Enter)`}>
          <Button leftSection={<IconPlayerPlay size={14} stroke={1.75} />} disabled={empty} onClick={onRun} data-testid="sql-run">
            Run
          </Button>
        </Tooltip>
      )}
      <Menu position="bottom-start">
        <Menu.Target>
          <Button
            variant="default"
            disabled={empty || running !== null}
            leftSection={<IconGitBranch size={14} stroke={1.75} />}
            rightSection={<IconChevronDown size={12} />}
          >
            Explain
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item onClick={() => onExplain(false)}>Plan only</Menu.Item>
          <Menu.Item onClick={() => onExplain(true)}>Run it and measure; changes are rolled back</Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <TransactionPart draft={draft} onDraft={onDraft} transaction={transaction} busy={running !== null} onEnd={onEnd} />
      <Spring />
      <Switch
        size="xs"
        label="Read-only"
        checked={draft.readOnly}
        onChange={(event) => onDraft({ readOnly: event.currentTarget.checked })}
      />
      <Select
        size="xs"
        w={108}
        aria-label="Statement time-out"
        data={timeouts}
        value={String(draft.timeout)}
        allowDeselect={false}
        onChange={(value) => onDraft({ timeout: Number(value ?? 30_000) })}
      />
      <span className={css.icons}>
        <Icon label="Format" icon={IconAlignLeft} onClick={onFormat} disabled={empty} />
        <Icon label="Save the query" icon={IconDeviceFloppy} onClick={onSave} disabled={empty} />
        <Icon label="History and saved queries" icon={IconHistory} onClick={onHistory} />
      </span>
    </Toolbar>
  );
}

function TransactionPart({
  draft,
  onDraft,
  transaction,
  busy,
  onEnd,
}: Pick<QueryToolbarProps, 'draft' | 'onDraft' | 'transaction' | 'onEnd'> & { busy: boolean }) {
  return (
    <>
      <Select
        size="xs"
        w={132}
        aria-label="Transactions"
        data={[
          { value: 'auto', label: 'Auto-commit' },
          { value: 'manual', label: 'Transaction' },
        ]}
        value={draft.transactions}
        allowDeselect={false}
        onChange={(value) => onDraft({ transactions: value === 'manual' ? 'manual' : 'auto' })}
      />
      {transaction === 'none' ? null : (
        <>
          <span className={css.transaction} data-state={transaction} role="status">
            {transaction === 'open' ? 'In a transaction' : 'Transaction failed'}
          </span>
          <Button variant="default" disabled={busy || transaction === 'failed'} onClick={() => onEnd('commit')}>
            Commit
          </Button>
          <Button variant="default" disabled={busy} onClick={() => onEnd('rollback')}>
            Roll back
          </Button>
        </>
      )}
    </>
  );
}

function Elapsed({ since }: { since: number }) {
  const now = useNow(500);
  return <span className={css.elapsed}>{elapsed(now - since)}</span>;
}

function Icon({
  label,
  icon: Shape,
  onClick,
  disabled = false,
}: {
  label: string;
  icon: typeof IconHistory;
  onClick: () => void;
  disabled?: boolean;
}) {
  return (
    <Tooltip label={label}>
      <ActionIcon aria-label={label} onClick={onClick} disabled={disabled}>
        <Shape size={16} stroke={1.75} />
      </ActionIcon>
    </Tooltip>
  );
}
