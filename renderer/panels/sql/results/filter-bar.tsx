import { ActionIcon, Button, Popover, Select, TextInput } from '@mantine/core';
import { IconFilter, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import type { FilterOperator } from '../../../../preload/contract/sql.ts';
import { filterOperators } from '../../../../preload/contract/sql-words.ts';
import css from '../sql.module.css';

/** A condition as the bar shows it; `column` '' is any of them. */
export interface BarFilter {
  column: string;
  operator: FilterOperator;
  value: string;
}

interface FilterBarProps {
  columns: readonly { key: string; name: string }[];
  filters: readonly BarFilter[];
  onChange: (filters: BarFilter[]) => void;
  /** Offers a condition on any column. */
  any?: boolean;
  disabled?: boolean;
  /** Where a new condition begins. */
  start?: string | null;
}

const bare = new Set<FilterOperator>(['is null', 'is not null']);

/** Conditions as chips: all of them must hold. */
export function FilterBar({ columns, filters, onChange, any = false, disabled = false, start = null }: FilterBarProps) {
  const [open, setOpen] = useState(false);
  const nameOf = (key: string) => (key === '' ? 'any column' : (columns.find((column) => column.key === key)?.name ?? key));
  return (
    <>
      <Popover opened={open} onChange={setOpen} position="bottom-start" trapFocus withinPortal>
        <Popover.Target>
          <Button
            variant="default"
            disabled={disabled}
            leftSection={<IconFilter size={14} stroke={1.75} />}
            onClick={() => setOpen((before) => !before)}
          >
            Filter
          </Button>
        </Popover.Target>
        <Popover.Dropdown>
          <NewFilter
            columns={any ? [{ key: '', name: 'any column' }, ...columns] : columns}
            start={start ?? (any ? '' : (columns[0]?.key ?? ''))}
            onAdd={(filter) => {
              onChange([...filters, filter]);
              setOpen(false);
            }}
          />
        </Popover.Dropdown>
      </Popover>
      {filters.map(({ column, operator, value }, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no other name
        <span key={at} className={css.chip}>
          <b className="cut">{nameOf(column)}</b> {operator}
          {bare.has(operator) ? null : <span className={`${css.fixed} cut`}>{value === '' ? "''" : value}</span>}
          <ActionIcon
            size={18}
            aria-label={`Remove the filter on ${nameOf(column)}`}
            onClick={() => onChange(filters.filter((_, index) => index !== at))}
          >
            <IconX size={12} stroke={1.75} />
          </ActionIcon>
        </span>
      ))}
    </>
  );
}

interface NewFilterProps {
  columns: FilterBarProps['columns'];
  start: string;
  onAdd: (filter: BarFilter) => void;
}

function NewFilter({ columns, start, onAdd }: NewFilterProps) {
  const [column, setColumn] = useState(start);
  const [operator, setOperator] = useState<FilterOperator>(start === '' ? 'contains' : '=');
  const [value, setValue] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onAdd({ column, operator, value: bare.has(operator) ? '' : value });
  };
  return (
    <form className={css.filterForm} onSubmit={submit}>
      <Select
        size="xs"
        aria-label="Column"
        data={columns.map(({ key, name }) => ({ value: key === '' ? ' ' : key, label: name }))}
        value={column === '' ? ' ' : column}
        searchable
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(next) => setColumn(next === ' ' ? '' : (next ?? ''))}
      />
      <Select
        size="xs"
        w={110}
        aria-label="Comparison"
        data={[...filterOperators]}
        value={operator}
        allowDeselect={false}
        comboboxProps={{ withinPortal: false }}
        onChange={(next) => setOperator((next ?? '=') as FilterOperator)}
      />
      {bare.has(operator) ? null : (
        <TextInput
          size="xs"
          aria-label="Value"
          placeholder="Value"
          data-autofocus
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
      )}
      <Button type="submit">Apply</Button>
    </form>
  );
}
