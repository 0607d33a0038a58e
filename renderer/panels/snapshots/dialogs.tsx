import { Button, Group, Textarea, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { type SubmitEvent, useState } from 'react';
import { type Snapshot, type SnapshotEntry, snapshotNameLength, snapshotNoteLength } from '../../../preload/contract/index.ts';
import { askLoss } from '../../ui/ask.tsx';
import { dateTime, type Zone } from '../../ui/format.ts';
import css from './snapshots.module.css';
import type { SnapshotActs } from './use-snapshots.ts';

export function askCreate({ create }: SnapshotActs): void {
  const modalId = 'snapshot-create';
  modals.open({
    modalId,
    title: 'Take a snapshot',
    children: (
      <CreateForm
        onCancel={() => modals.close(modalId)}
        onCreate={(name, note) => {
          modals.close(modalId);
          create(name, note);
        }}
      />
    ),
  });
}

function CreateForm({ onCreate, onCancel }: { onCreate: (name: string | null, note: string | null) => void; onCancel: () => void }) {
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onCreate(name.trim() || null, note.trim() || null);
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <p className="dim">All services are paused together while their data are copied, and go on at once. Applications stay connected.</p>
      <TextInput
        label="Name"
        description="To find it by; may stay empty"
        value={name}
        maxLength={snapshotNameLength}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Textarea
        label="Note"
        value={note}
        maxLength={snapshotNoteLength}
        autosize
        minRows={2}
        maxRows={6}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit">Take snapshot</Button>
      </Group>
    </form>
  );
}

export function askRestore(snapshot: Snapshot, zone: Zone, { restore, outlook }: SnapshotActs): void {
  const services = [...new Set(snapshot.volumes.flatMap((volume) => volume.services))];
  askLoss({
    title: `Go back to ${snapshot.name ?? dateTime(snapshot.createdAt, zone)}?`,
    intro: `The snapshot is checked first. Then ${services.join(', ')} stop, get the data of ${dateTime(snapshot.createdAt, zone)} and start again. If any of them cannot open its data, everything is put back. What is there now is kept as a snapshot until the next restore:`,
    losses: async () => {
      const { loses } = await outlook(snapshot.id, 'restore');
      return loses.length > 0 ? loses : ['There are no data now.'];
    },
    button: 'Restore',
    act: () => restore(snapshot.id),
  });
}

export function askDelete(entry: SnapshotEntry, { remove, outlook }: SnapshotActs): void {
  askLoss({
    title: 'Delete this snapshot?',
    intro: 'It cannot be restored afterwards. The stack itself is not touched. This goes:',
    losses: async () => (await outlook(entry.id, 'delete')).loses,
    button: 'Delete snapshot',
    act: () => remove(entry.id),
  });
}
