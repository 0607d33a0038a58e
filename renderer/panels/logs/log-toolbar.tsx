import { Button, SegmentedControl, Select, TextInput } from '@mantine/core';
import { IconArrowBarToDown, IconSearch } from '@tabler/icons-react';
import type { RefObject } from 'react';
import type { LogLevel, ServiceStatus, Settings } from '../../../preload/contract/index.ts';
import { ServiceBadge } from '../../ui/service-badge.tsx';
import css from './logs.module.css';

const levelChoices = [
  { value: 'debug', label: 'All levels' },
  { value: 'info', label: 'Info and worse' },
  { value: 'warn', label: 'Warnings and errors' },
  { value: 'error', label: 'Errors' },
];

interface LogToolbarProps {
  services: readonly ServiceStatus[];
  chosen: readonly string[];
  onChosen: (services: string[]) => void;
  level: LogLevel | undefined;
  onLevel: (level: LogLevel) => void;
  text: string;
  onText: (text: string) => void;
  field: RefObject<HTMLInputElement | null>;
  following: boolean;
  onFollow: (following: boolean) => void;
  times: Settings['times'];
  onTimes: (times: Settings['times']) => void;
}

export function LogToolbar(props: LogToolbarProps) {
  const { services, chosen, onChosen, level, onLevel, text, onText, field, following, onFollow, times, onTimes } = props;
  const toggle = (name: string) => onChosen(chosen.includes(name) ? chosen.filter((one) => one !== name) : [...chosen, name]);
  return (
    <div className={css.toolbar}>
      <TextInput
        ref={field}
        size="xs"
        className={css.search}
        leftSection={<IconSearch size={14} stroke={1.75} />}
        placeholder="Filter by text"
        aria-label="Filter by text"
        data-testid="logs-filter"
        value={text}
        onChange={(event) => onText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return;
          if (text === '') event.currentTarget.blur();
          onText('');
        }}
      />
      <Select
        size="xs"
        className={css.levels}
        aria-label="Least level shown"
        data={levelChoices}
        value={level ?? 'debug'}
        allowDeselect={false}
        onChange={(value) => onLevel((value ?? 'debug') as LogLevel)}
      />
      <div className={css.chips}>
        {services.map(({ name, kind }) => (
          <button key={name} type="button" className={css.chip} aria-pressed={chosen.includes(name)} onClick={() => toggle(name)}>
            <ServiceBadge kind={kind} small />
            {name}
          </button>
        ))}
      </div>
      <div className={css.end}>
        <SegmentedControl
          size="xs"
          aria-label="Times"
          data={[
            { value: 'local', label: 'Local' },
            { value: 'utc', label: 'UTC' },
          ]}
          value={times}
          onChange={(value) => onTimes(value as Settings['times'])}
        />
        <Button
          size="xs"
          variant={following ? 'filled' : 'default'}
          aria-pressed={following}
          leftSection={<IconArrowBarToDown size={14} stroke={1.75} />}
          onClick={() => onFollow(!following)}
        >
          Follow
        </Button>
      </div>
    </div>
  );
}
