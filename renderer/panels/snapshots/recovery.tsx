import { SegmentedControl, Select, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { PitrState, RestoreTarget } from '../../../preload/contract/index.ts';
import { useStack, useStacks } from '../../api/stack.tsx';
import { dateSecond, type Zone } from '../../ui/format.ts';
import { freeName, nameProblem } from './bundles/bundle-view.ts';
import { Form, Outlook, openDialog } from './forms.tsx';
import type { BackupActs } from './use-backups.ts';

/** PostgreSQL back to any moment that is kept, in place or beside. @param at ms since the epoch, to begin with */
export function askRecovery(state: PitrState, at: number | null, zone: Zone, acts: BackupActs): void {
  openDialog('PostgreSQL back to a moment', (close) => <RecoveryForm state={state} at={at} zone={zone} close={close} acts={acts} />);
}

/** @param time in UTC, as the field holds it */
function targetOf(to: 'latest' | 'time' | 'name', time: string, point: string | null): RestoreTarget | null {
  switch (to) {
    case 'latest':
      return { to };
    case 'name':
      return point === null ? null : { to, name: point };
    case 'time':
      return time === '' ? null : { to, at: Date.parse(`${time}Z`) };
  }
}

interface RecoveryFormProps {
  state: PitrState;
  at: number | null;
  zone: Zone;
  close: () => void;
  acts: BackupActs;
}

function RecoveryForm({ state, at, zone, close, acts }: RecoveryFormProps) {
  const [to, setTo] = useState<'latest' | 'time' | 'name'>(at === null ? 'latest' : 'time');
  const [time, setTime] = useState(new Date(at ?? state.windows.at(-1)?.until ?? 0).toISOString().slice(0, 19));
  const [point, setPoint] = useState<string | null>(state.points[0]?.name ?? null);
  const [beside, setBeside] = useState(true);
  const { stack } = useStack();
  const taken = (useStacks().data ?? []).map((each) => each.name);
  const [typed, setTyped] = useState<string | null>(null);
  const name = typed ?? freeName(stack, taken, 'moment');
  const refused = beside ? nameProblem(name, taken) : null;
  const target = targetOf(to, time, point);
  const branch = beside ? name : null;
  const preview = useQuery({
    queryKey: ['recovery', target, branch],
    queryFn: () => acts.previewRecovery(target!, branch),
    enabled: target !== null && refused === null,
    placeholderData: (before) => before,
    retry: false,
    gcTime: 0,
  });
  const window = state.windows.at(-1);
  return (
    <Form
      button={beside ? 'Open beside' : 'Go back'}
      colour={beside ? undefined : 'red'}
      close={close}
      ready={target !== null && refused === null && preview.isSuccess && !preview.isPlaceholderData}
      onSubmit={() => acts.recover(target!, branch)}
    >
      {window ? (
        <p className="dim">
          Any moment from {dateSecond(window.from, zone)} to {dateSecond(window.until, zone)} is kept.
        </p>
      ) : null}
      <SegmentedControl
        aria-label="To"
        data={[
          { value: 'latest', label: 'The newest moment' },
          { value: 'time', label: 'A second' },
          { value: 'name', label: 'A name', disabled: state.points.length === 0 },
        ]}
        value={to}
        onChange={(value) => setTo(value as typeof to)}
      />
      {to === 'time' ? (
        <TextInput type="datetime-local" step={1} label="UTC" value={time} onChange={(event) => setTime(event.currentTarget.value)} />
      ) : null}
      {to === 'name' ? (
        <Select label="Name" data={state.points.map((each) => each.name)} value={point} allowDeselect={false} onChange={setPoint} />
      ) : null}
      <SegmentedControl
        aria-label="Where"
        data={[
          { value: 'beside', label: 'As a second stack' },
          { value: 'place', label: 'In place' },
        ]}
        value={beside ? 'beside' : 'place'}
        onChange={(value) => setBeside(value === 'beside')}
      />
      {beside ? (
        <TextInput
          label="Name of the second stack"
          value={name}
          error={refused}
          maxLength={63}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
      ) : null}
      <Outlook query={preview} />
    </Form>
  );
}
