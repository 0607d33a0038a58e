import { Select, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { Target } from '../context.ts';
import { AddForm, type AddType } from '../key/add-element.tsx';
import { ttlFrom } from '../times.ts';

/** @param prefix what the name begins with: the folder that is chosen; @param json whether the server has the JSON module */
export function askNewKey(target: Target, prefix: string, json: boolean, onDone: (key: string) => void): void {
  const modalId = crypto.randomUUID();
  const close = () => modals.close(modalId);
  modals.open({
    modalId,
    title: 'New key',
    size: 600,
    children: <NewKeyForm target={target} prefix={prefix} json={json} onDone={onDone} close={close} />,
  });
}

const types: readonly { value: AddType; label: string }[] = [
  { value: 'string', label: 'String' },
  { value: 'hash', label: 'Hash' },
  { value: 'list', label: 'List' },
  { value: 'set', label: 'Set' },
  { value: 'zset', label: 'Sorted set' },
  { value: 'stream', label: 'Stream' },
  { value: 'hyperloglog', label: 'HyperLogLog' },
];

function NewKeyForm({
  target,
  prefix,
  json,
  onDone,
  close,
}: {
  target: Target;
  prefix: string;
  json: boolean;
  onDone: (key: string) => void;
  close: () => void;
}) {
  const [name, setName] = useState(prefix);
  const [type, setType] = useState<AddType>('string');
  const [expires, setExpires] = useState('');
  const ttl = ttlFrom(expires);
  return (
    <AddForm
      target={target}
      keyName={name}
      type={type}
      create
      then={ttl === null || ttl === undefined ? null : { kind: 'expire', ttl }}
      ready={name !== '' && ttl !== undefined}
      button="Create the key"
      onCancel={close}
      onDone={({ key }) => {
        close();
        onDone(key);
      }}
    >
      <TextInput
        label="Key"
        classNames={{ input: 'mono' }}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Select
        label="Type"
        data={json ? [...types, { value: 'json', label: 'JSON' }] : [...types]}
        value={type}
        allowDeselect={false}
        onChange={(value) => setType(value as AddType)}
      />
      <TextInput
        label="Expires in"
        placeholder="never"
        description="90s, 15 min, 2h, 1d; nothing: never"
        value={expires}
        error={ttl === undefined ? 'This is no time.' : null}
        onChange={(event) => setExpires(event.currentTarget.value)}
      />
    </AddForm>
  );
}
