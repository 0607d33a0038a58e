import { Checkbox, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Snapshot, SnapshotEntry, SnapshotOutlook } from '../../../preload/contract/index.ts';
import { askLoss } from '../../ui/ask.tsx';
import { dateSecond, type Zone } from '../../ui/format.ts';
import { NameAndNote, namingOf, unnamed } from './fields.tsx';
import { Form, Outlook, openDialog } from './forms.tsx';
import { quoted } from './snapshot-view.ts';
import css from './snapshots.module.css';
import type { SnapshotActs } from './use-snapshots.ts';

export function askCreate({ create }: SnapshotActs): void {
  openDialog('Take a snapshot', (close) => <CreateForm close={close} create={create} />);
}

interface CreateFormProps {
  create: SnapshotActs['create'];
  close: () => void;
}

function CreateForm({ create, close }: CreateFormProps) {
  const [hot, setHot] = useState(false);
  const [naming, setNaming] = useState(unnamed);
  return (
    <Form button="Take snapshot" close={close} onSubmit={() => create({ ...namingOf(naming), hot })}>
      <p className="dim">All services are paused together while their data are copied, and go on at once. Applications stay connected.</p>
      <NameAndNote value={naming} onChange={setNaming} />
      <Checkbox
        label="Hot: keep a second, ready copy"
        description="Twice the space; going back then takes no longer than the servers need to start"
        checked={hot}
        onChange={(event) => setHot(event.currentTarget.checked)}
      />
    </Form>
  );
}

export function askRestore(snapshot: Snapshot, zone: Zone, { restore, outlook }: SnapshotActs): void {
  const services = [...new Set(snapshot.volumes.flatMap((volume) => volume.services))];
  const told = outlook(snapshot.id, 'restore');
  askLoss({
    title: `Go back to ${snapshot.name === null ? dateSecond(snapshot.createdAt, zone) : quoted(snapshot)}?`,
    intro: (
      <div className={css.restore}>
        <ol className={css.does} aria-label="What it does">
          <li>The snapshot is compared with its manifest, file by file.</li>
          <Rehearsal told={told} zone={zone} />
          <li>
            {services.join(', ')} stop, get the data of {dateSecond(snapshot.createdAt, zone)} and start again. If any of them cannot open
            its data, everything is put back.
          </li>
        </ol>
        <p>What is there now is replaced, and kept as a snapshot until the next restore:</p>
      </div>
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
    told.then(
      (outlook) => setRehearsed(outlook.rehearsed),
      () => setRehearsed(null),
    );
  }, [told]);
  if (rehearsed === undefined) return <li className="dim">Looking whether servers have opened it already…</li>;
  if (rehearsed === null) return <li>Its servers are started on a copy beside the stack. Nothing is touched unless they open it.</li>;
  return <li>No rehearsal: its servers have opened it already, on {dateSecond(rehearsed, zone)}.</li>;
}

export function askBranch(snapshot: Snapshot, acts: SnapshotActs): void {
  openDialog(`Open ${quoted(snapshot)} beside`, (close) => <BranchForm id={snapshot.id} acts={acts} close={close} />);
}

function BranchForm({ id, acts, close }: { id: string; acts: SnapshotActs; close: () => void }) {
  const [name, setName] = useState('');
  const outlook = useQuery({ queryKey: ['snapshot-outlook', id, 'branch'], queryFn: () => acts.outlook(id, 'branch'), gcTime: 0 });
  return (
    <Form button="Open beside" close={close} onSubmit={() => acts.branch(id, name.trim() || null)}>
      <p className="dim">A second stack runs beside this one, which is not touched. It is in the list of stacks from then on.</p>
      <Outlook query={outlook} />
      <TextInput
        label="Name of the second stack"
        description="Lower-case letters, digits, - and _; may stay empty"
        value={name}
        maxLength={63}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
      />
    </Form>
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
