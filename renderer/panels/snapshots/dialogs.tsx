import { Button, Checkbox, Group, Textarea, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { type SubmitEvent, useEffect, useState } from 'react';
import {
  type Snapshot,
  type SnapshotEntry,
  type SnapshotOutlook,
  snapshotNameLength,
  snapshotNoteLength,
} from '../../../preload/contract/index.ts';
import { problemOf } from '../../api/client.ts';
import { askLoss } from '../../ui/ask.tsx';
import { dateTime, type Zone } from '../../ui/format.ts';
import css from './snapshots.module.css';
import type { SnapshotActs } from './use-snapshots.ts';

/** @param canBeHot whether the stack's runtime can rename volumes */
export function askCreate({ create }: SnapshotActs, canBeHot: boolean): void {
  const modalId = 'snapshot-create';
  modals.open({
    modalId,
    title: 'Take a snapshot',
    children: (
      <CreateForm
        canBeHot={canBeHot}
        onCancel={() => modals.close(modalId)}
        onCreate={(name, note, hot) => {
          modals.close(modalId);
          create(name, note, hot);
        }}
      />
    ),
  });
}

interface CreateFormProps {
  canBeHot: boolean;
  onCreate: (name: string | null, note: string | null, hot: boolean) => void;
  onCancel: () => void;
}

function CreateForm({ canBeHot, onCreate, onCancel }: CreateFormProps) {
  const [hot, setHot] = useState(false);
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onCreate(name.trim() || null, note.trim() || null, hot);
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
      {canBeHot ? (
        <Checkbox
          label="Hot: keep a second, ready copy"
          description="Twice the space; going back then takes no longer than the servers need to start"
          checked={hot}
          onChange={(event) => setHot(event.currentTarget.checked)}
        />
      ) : null}
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
  const told = outlook(snapshot.id, 'restore');
  askLoss({
    title: `Go back to ${snapshot.name ?? dateTime(snapshot.createdAt, zone)}?`,
    intro: (
      <>
        The snapshot is checked first. <Rehearsal told={told} zone={zone} /> Then {services.join(', ')} stop, get the data of{' '}
        {dateTime(snapshot.createdAt, zone)} and start again. If any of them cannot open its data, everything is put back. What is there now
        is kept as a snapshot until the next restore:
      </>
    ),
    losses: async () => {
      const { loses } = await told;
      return loses.length > 0 ? loses : ['There are no data now.'];
    },
    button: 'Restore',
    act: () => restore(snapshot.id),
  });
}

/** Whether servers are started on a copy first. */
function Rehearsal({ told, zone }: { told: Promise<SnapshotOutlook>; zone: Zone }) {
  const [rehearsed, setRehearsed] = useState<number | null>();
  useEffect(() => {
    // What keeps it from being known is told below.
    told.then((outlook) => setRehearsed(outlook.rehearsed), ignored);
  }, [told]);
  if (rehearsed === undefined) return null;
  if (rehearsed === null) return <>Its servers are started on a copy beside the stack, and nothing is touched unless they open it.</>;
  return <>Its servers have opened it already ({dateTime(rehearsed, zone)}).</>;
}

const ignored = () => {};

export function askBranch(snapshot: Snapshot, { branch, outlook }: SnapshotActs): void {
  const modalId = 'snapshot-branch';
  modals.open({
    modalId,
    title: `Open ${snapshot.name ?? snapshot.id} beside`,
    children: (
      <BranchForm
        does={() => outlook(snapshot.id, 'branch').then(({ does }) => does)}
        onCancel={() => modals.close(modalId)}
        onOpen={(name) => {
          modals.close(modalId);
          branch(snapshot.id, name);
        }}
      />
    ),
  });
}

interface BranchFormProps {
  does: () => Promise<readonly string[]>;
  onOpen: (name: string | null) => void;
  onCancel: () => void;
}

function BranchForm({ does, onOpen, onCancel }: BranchFormProps) {
  const [name, setName] = useState('');
  const [told, setTold] = useState<readonly string[]>([]);
  useEffect(() => {
    does().then(setTold, (error: unknown) => setTold([problemOf(error).what]));
  }, [does]);
  const submit = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    onOpen(name.trim() || null);
  };
  return (
    <form className={css.form} onSubmit={submit}>
      <p className="dim">A second stack runs beside this one, which is not touched. It is in the list of stacks from then on.</p>
      <ul className={css.does}>
        {told.map((line) => (
          <li key={line}>{line}</li>
        ))}
      </ul>
      <TextInput
        label="Name of the second stack"
        description="Lower-case letters, digits, - and _; may stay empty"
        value={name}
        maxLength={63}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit">Open beside</Button>
      </Group>
    </form>
  );
}

export function askDelete(entry: SnapshotEntry, { remove, outlook }: SnapshotActs): void {
  askLoss({
    title: 'Delete this snapshot?',
    intro: 'It cannot be restored afterwards. The stack itself is not touched. This goes:',
    losses: async () => {
      const { does, loses } = await outlook(entry.id, 'delete');
      return [...loses, ...does];
    },
    button: 'Delete snapshot',
    act: () => remove(entry.id),
  });
}
