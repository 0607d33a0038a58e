import { ActionIcon, Button, Select, TextInput, Tooltip } from '@mantine/core';
import { IconDownload, IconFilter, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { type RefObject, useState } from 'react';
import type { TailFrom } from '../../../../preload/contract/index.ts';
import { Toolbar } from '../../../ui/toolbar.tsx';
import { fromText } from '../search.ts';
import css from '../topics.module.css';

const choices = [
  { value: 'last', label: 'From the last 100' },
  { value: 'latest', label: 'From now on' },
  { value: 'earliest', label: 'From the earliest' },
  { value: 'time', label: 'From a time' },
  { value: 'id', label: 'From a message id' },
];

interface MessagesToolbarProps {
  from: TailFrom;
  onFrom: (from: string | undefined) => void;
  partitions: number;
  filter: string;
  onFilter: (filter: string) => void;
  field: RefObject<HTMLInputElement | null>;
  following: boolean;
  onFollow: () => void;
  onExport: (() => void) | undefined;
}

export function MessagesToolbar({
  from,
  onFrom,
  partitions,
  filter,
  onFilter,
  field,
  following,
  onFollow,
  onExport,
}: MessagesToolbarProps) {
  /** Asked for, while its time or id is being written. */
  const [asking, setAsking] = useState<'time' | 'id' | null>(null);
  const kind = asking ?? from.kind;
  const choose = (value: string | null) => {
    if (value === 'time' || value === 'id') return setAsking(value);
    setAsking(null);
    onFrom(value === 'last' || value === null ? undefined : value);
  };
  return (
    <Toolbar label="Messages">
      <Select size="xs" w={170} aria-label="Where to begin" data={choices} value={kind} allowDeselect={false} onChange={choose} />
      {kind === 'time' ? <TimeField key="time" from={from} onFrom={onFrom} /> : null}
      {kind === 'id' ? <IdField key="id" from={from} partitions={partitions} onFrom={onFrom} /> : null}
      <TextInput
        ref={field}
        size="xs"
        className={css.filter}
        leftSection={<IconFilter size={14} stroke={1.75} />}
        placeholder="Filter: words, key:abc*, prop.name:value, $.data.status = 'failed'"
        aria-label="Filter messages"
        data-testid="message-filter"
        value={filter}
        onChange={(event) => onFilter(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (filter === '') event.currentTarget.blur();
          onFilter('');
        }}
      />
      <Button
        variant={following ? 'default' : 'filled'}
        leftSection={following ? <IconPlayerPause size={14} stroke={1.75} /> : <IconPlayerPlay size={14} stroke={1.75} />}
        onClick={onFollow}
      >
        {following ? 'Pause' : 'Follow'}
      </Button>
      <Tooltip label="Save what is shown as JSON Lines">
        <ActionIcon aria-label="Save what is shown as JSON Lines" disabled={onExport === undefined} onClick={onExport}>
          <IconDownload size={16} stroke={1.75} />
        </ActionIcon>
      </Tooltip>
    </Toolbar>
  );
}

function TimeField({ from, onFrom }: { from: TailFrom; onFrom: (from: string) => void }) {
  const [text, setText] = useState(localText(from.kind === 'time' ? from.time : Date.now() - 3_600_000));
  const go = () => {
    const time = Date.parse(text);
    if (Number.isFinite(time)) onFrom(fromText({ kind: 'time', time }));
  };
  return (
    <TextInput
      size="xs"
      type="datetime-local"
      step={1}
      aria-label="Begin at"
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && go()}
      onBlur={go}
    />
  );
}

function IdField({ from, partitions, onFrom }: { from: TailFrom; partitions: number; onFrom: (from: string) => void }) {
  const [text, setText] = useState(from.kind === 'id' ? from.id : '');
  return (
    <TextInput
      size="xs"
      w={150}
      placeholder={partitions > 0 ? 'ledger:entry:partition' : 'ledger:entry'}
      aria-label="Begin at the message"
      autoFocus={from.kind !== 'id'}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
      onKeyDown={(event) => event.key === 'Enter' && text !== '' && onFrom(fromText({ kind: 'id', id: text.trim() }))}
    />
  );
}

/** As the browser's field wants it: local, without a zone. */
function localText(time: number): string {
  const date = new Date(time);
  return new Date(time - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 19);
}
