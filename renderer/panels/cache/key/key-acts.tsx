import { TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { KeyHead } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { askLoss } from '../../../ui/ask.tsx';
import { bytes, duration, plural } from '../../../ui/format.ts';
import type { Target } from '../context.ts';
import { lookOf } from '../keys/look.ts';
import { ttlFrom } from '../times.ts';
import { EditForm } from './edit-form.tsx';

export function askDelete(target: Target, head: KeyHead, onDone: () => void): void {
  const size = head.length === null ? '' : `, ${head.type === 'string' ? bytes(head.length) : plural(head.length, 'element')}`;
  void api.cache.preview({ ...target, key: head.key, edit: { kind: 'delete' } }).then(({ commands }) =>
    askLoss({
      title: 'Delete this key',
      losses: [`${head.key === '' ? 'the empty key' : short(head.key)}: ${lookOf(head.type).word}${size}`],
      statements: commands,
      button: 'Delete 1 key',
      act: async () => {
        await api.cache.apply({ ...target, key: head.key, edit: { kind: 'delete' } });
        onDone();
      },
    }),
  );
}

export function askExpire(target: Target, head: KeyHead, onDone: () => void): void {
  const modalId = crypto.randomUUID();
  modals.open({
    modalId,
    title: 'Time to live',
    size: 520,
    children: <ExpireForm target={target} head={head} onDone={onDone} close={() => modals.close(modalId)} />,
  });
}

function ExpireForm({ target, head, onDone, close }: { target: Target; head: KeyHead; onDone: () => void; close: () => void }) {
  const [text, setText] = useState(head.ttl === null ? '' : `${Math.max(1, Math.round(head.ttl / 1000))}s`);
  const ttl = ttlFrom(text);
  const idle = ttl === null && head.ttl === null;
  return (
    <EditForm
      target={target}
      keyName={head.key}
      edit={ttl === undefined || idle ? null : { kind: 'expire', ttl }}
      button={ttl === null ? 'Keep it for good' : ttl === undefined ? 'Set' : `Let it expire in ${duration(ttl)}`}
      onCancel={close}
      onDone={() => {
        close();
        onDone();
      }}
    >
      <TextInput
        label="From now on"
        description="90s, 15 min, 2h 30m, 1d; nothing: for good"
        value={text}
        data-autofocus
        error={ttl === undefined ? 'This is no time.' : null}
        onChange={(event) => setText(event.currentTarget.value)}
      />
    </EditForm>
  );
}

export function askRename(target: Target, head: KeyHead, onDone: (key: string) => void): void {
  const modalId = crypto.randomUUID();
  const close = () => modals.close(modalId);
  modals.open({
    modalId,
    title: 'Rename this key',
    size: 560,
    children: <RenameForm target={target} head={head} onDone={onDone} close={close} />,
  });
}

function RenameForm({ target, head, onDone, close }: { target: Target; head: KeyHead; onDone: (key: string) => void; close: () => void }) {
  const [to, setTo] = useState(head.key);
  return (
    <EditForm
      target={target}
      keyName={head.key}
      edit={to === head.key ? null : { kind: 'rename', to }}
      button="Rename"
      onCancel={close}
      onDone={({ key }) => {
        close();
        onDone(key);
      }}
    >
      <TextInput
        label="New name"
        description="Other bytes as \xNN, a backslash as \\. A key of that name is never overwritten."
        classNames={{ input: 'mono' }}
        value={to}
        data-autofocus
        onChange={(event) => setTo(event.currentTarget.value)}
      />
    </EditForm>
  );
}

function short(text: string): string {
  return text.length <= 200 ? text : `${text.slice(0, 200)}…`;
}
