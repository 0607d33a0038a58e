import { Select, Textarea, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { KeyEditInput, KeyHead } from '../../../../preload/contract/index.ts';
import type { Target } from '../context.ts';
import { EditForm } from './edit-form.tsx';

/** What can be begun or added to. */
export type AddType = 'string' | 'hash' | 'list' | 'set' | 'zset' | 'stream' | 'json' | 'hyperloglog';

interface AddFormProps {
  target: Target;
  keyName: string;
  type: AddType;
  create?: boolean;
  then?: KeyEditInput | null;
  /** No edit is made while this is false. */
  ready?: boolean;
  button: string;
  onDone: (head: KeyHead) => void;
  onCancel: () => void;
  /** Fields before those of the type. */
  children?: ReactNode;
}

const scoreShape = /^[+-]?(inf|\d+(\.\d*)?(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?)$/i;

/** The fields of one new element, by the type of its key. */
export function AddForm({ target, keyName, type, create, then, ready = true, button, onDone, onCancel, children }: AddFormProps) {
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [score, setScore] = useState('0');
  const [end, setEnd] = useState<'head' | 'tail'>('tail');
  const given = { data: value };
  const edits: Readonly<Record<AddType, KeyEditInput | null>> = {
    string: { kind: 'string-set', value: given },
    hash: { kind: 'hash-put', field: name, value: given, isNew: true },
    list: { kind: 'list-push', end, value: given },
    set: { kind: 'set-add', member: given },
    zset: scoreShape.test(score) ? { kind: 'zset-put', member: given, score } : null,
    stream:
      fieldsOf(value).length > 0
        ? { kind: 'stream-add', fields: fieldsOf(value).map(([field, each]) => ({ name: { data: field }, value: { data: each } })) }
        : null,
    json: isJson(value) ? { kind: 'json-set', path: '$', json: value } : null,
    hyperloglog:
      value.trim() === ''
        ? null
        : {
            kind: 'hyperloglog-add',
            elements: value
              .split('\n')
              .filter(Boolean)
              .slice(0, 100)
              .map((data) => ({ data })),
          },
  };
  return (
    <EditForm
      target={target}
      keyName={keyName}
      edit={ready ? edits[type] : null}
      create={create}
      then={then}
      button={button}
      onDone={onDone}
      onCancel={onCancel}
    >
      {children}
      {type === 'hash' ? (
        <TextInput label="Field" classNames={{ input: 'mono' }} value={name} onChange={(event) => setName(event.currentTarget.value)} />
      ) : null}
      {type === 'zset' ? (
        <TextInput
          label="Score"
          value={score}
          error={scoreShape.test(score) ? null : 'A number, inf or -inf.'}
          onChange={(event) => setScore(event.currentTarget.value)}
        />
      ) : null}
      {type === 'list' && !create ? (
        <Select
          label="Where"
          data={[
            { value: 'tail', label: 'At the end' },
            { value: 'head', label: 'At the beginning' },
          ]}
          value={end}
          allowDeselect={false}
          onChange={(next) => setEnd(next as 'head' | 'tail')}
        />
      ) : null}
      <Textarea
        label={labels[type]}
        description={type === 'stream' ? 'One field a line: name=value' : type === 'hyperloglog' ? 'One a line' : undefined}
        classNames={{ input: 'mono' }}
        autosize
        minRows={type === 'set' || type === 'zset' ? 1 : 3}
        maxRows={14}
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
    </EditForm>
  );
}

const labels: Readonly<Record<AddType, string>> = {
  string: 'Value',
  hash: 'Value',
  list: 'Element',
  set: 'Member',
  zset: 'Member',
  stream: 'Fields',
  json: 'JSON',
  hyperloglog: 'Elements',
};

/** `name=value` lines; a line without = is none. */
function fieldsOf(text: string): [string, string][] {
  return text
    .split('\n')
    .filter((line) => line.includes('='))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]);
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
