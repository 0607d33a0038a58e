import { ActionIcon, Button, TextInput } from '@mantine/core';
import { IconPlus, IconX } from '@tabler/icons-react';
import css from '../topics.module.css';
import type { Draft } from './draft.ts';

export function PropertyFields({
  properties,
  onChange,
}: {
  properties: Draft['properties'];
  onChange: (properties: Draft['properties']) => void;
}) {
  const set = (at: number, name: string, value: string) => onChange(properties.map((each, index) => (index === at ? [name, value] : each)));
  return (
    <fieldset className={css.pairs} aria-label="Properties">
      {properties.map(([name, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
        <div key={at} className={css.pair}>
          <TextInput
            size="xs"
            aria-label="Name of a property"
            placeholder="name"
            value={name}
            onChange={(event) => set(at, event.currentTarget.value, value)}
          />
          <TextInput
            size="xs"
            aria-label="Value of a property"
            placeholder="value"
            value={value}
            onChange={(event) => set(at, name, event.currentTarget.value)}
          />
          <ActionIcon aria-label="Remove the property" onClick={() => onChange(properties.filter((_, index) => index !== at))}>
            <IconX size={14} stroke={1.75} />
          </ActionIcon>
        </div>
      ))}
      <Button
        variant="subtle"
        color="gray"
        leftSection={<IconPlus size={14} stroke={1.75} />}
        onClick={() => onChange([...properties, ['', '']])}
      >
        Add a property
      </Button>
    </fieldset>
  );
}
