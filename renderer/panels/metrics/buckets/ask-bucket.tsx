import { Button, Group, Select, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import type { Bucket } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import css from '../metrics.module.css';
import { retentionChoices } from './retention.ts';

type Input = { stack: string; service: string };

export function askNewBucket(input: Input, there: readonly Bucket[], onMade: () => void): void {
  const modalId = crypto.randomUUID();
  const close = () => modals.close(modalId);
  modals.open({ modalId, title: 'New bucket', children: <NewBucket input={input} there={there} onMade={onMade} close={close} /> });
}

function NewBucket({ input, there, onMade, close }: { input: Input; there: readonly Bucket[]; onMade: () => void; close: () => void }) {
  const [name, setName] = useState('');
  const [retention, setRetention] = useState(String(30 * 86_400));
  const [description, setDescription] = useState('');
  const [busy, setBusy] = useState(false);
  const wrong = nameProblem(name, there);
  const make = async () => {
    setBusy(true);
    try {
      await api.metrics.bucket.create({ ...input, name, retention: Number(retention), description });
      onMade();
      close();
    } catch (error) {
      tell(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      className={css.form}
      onSubmit={(event) => {
        event.preventDefault();
        if (name !== '' && wrong === null) void make();
      }}
    >
      <TextInput label="Name" value={name} error={wrong} onChange={(event) => setName(event.currentTarget.value)} data-autofocus />
      <Select
        label="Points are kept"
        data={[...retentionChoices]}
        value={retention}
        allowDeselect={false}
        onChange={(value) => setRetention(value ?? '0')}
      />
      <TextInput
        label="Description"
        value={description}
        maxLength={1_000}
        onChange={(event) => setDescription(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={name === '' || wrong !== null}>
          Create bucket
        </Button>
      </Group>
    </form>
  );
}

function nameProblem(name: string, there: readonly Bucket[]): string | null {
  if (there.some((bucket) => bucket.name === name)) return 'There is a bucket of this name already.';
  if (name.startsWith('_')) return 'Names that begin with _ are the server’s own.';
  if (name.includes('"')) return 'InfluxDB takes no double quotes in a bucket’s name.';
  return name.trim() !== name ? 'It must not begin or end with a space.' : null;
}
