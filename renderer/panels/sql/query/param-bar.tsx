import { ActionIcon, Select, TextInput, Tooltip } from '@mantine/core';
import { IconCircleOff } from '@tabler/icons-react';
import type { SqlParam } from '../../../../preload/contract/sql.ts';
import { paramTypes } from '../../../../preload/contract/sql-words.ts';
import css from '../sql.module.css';

interface ParamBarProps {
  names: readonly string[];
  params: Readonly<Record<string, SqlParam>>;
  onChange: (name: string, param: SqlParam) => void;
  onRun: () => void;
}

const fresh: SqlParam = { type: 'auto', value: '' };

/** A value for each `:name`: bound by the server, never part of the text. */
export function ParamBar({ names, params, onChange, onRun }: ParamBarProps) {
  if (names.length === 0) return null;
  return (
    <fieldset className={css.params} aria-label="Parameters">
      {names.map((name) => {
        const param = params[name] ?? fresh;
        return (
          <div key={name} className={css.param}>
            <label className={css.fixed} htmlFor={`param-${name}`}>
              :{name}
            </label>
            <TextInput
              id={`param-${name}`}
              size="xs"
              w={150}
              placeholder={param.value === null ? 'NULL' : 'empty text'}
              value={param.value ?? ''}
              onChange={(event) => onChange(name, { ...param, value: event.currentTarget.value })}
              onKeyDown={(event) => {
                if (event.key === 'Enter') onRun();
              }}
            />
            <Tooltip label="NULL: no value">
              <ActionIcon
                size={24}
                aria-label={`NULL for ${name}`}
                aria-pressed={param.value === null}
                variant={param.value === null ? 'light' : 'subtle'}
                onClick={() => onChange(name, { ...param, value: param.value === null ? '' : null })}
              >
                <IconCircleOff size={14} stroke={1.75} />
              </ActionIcon>
            </Tooltip>
            <Select
              size="xs"
              w={112}
              aria-label={`Type of ${name}`}
              data={[...paramTypes]}
              value={param.type}
              allowDeselect={false}
              onChange={(type) => onChange(name, { ...param, type: (type ?? 'auto') as SqlParam['type'] })}
            />
          </div>
        );
      })}
    </fieldset>
  );
}

/** The values of those that stand in a text; one that nobody has touched is an empty text. */
export function chosenParams(names: readonly string[], params: Readonly<Record<string, SqlParam>>): Record<string, SqlParam> {
  return Object.fromEntries(names.map((name) => [name, params[name] ?? fresh]));
}
