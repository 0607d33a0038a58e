/** Fields that several dialogs of this panel ask for. */
import { PasswordInput, SegmentedControl, Textarea, TextInput } from '@mantine/core';
import { snapshotNameLength, snapshotNoteLength } from '../../../preload/contract/index.ts';
import { type LockWanted, unlocked } from './lock.ts';

export interface Naming {
  readonly name: string;
  readonly note: string;
}

export const unnamed: Naming = { name: '', note: '' };

/** What was left empty is null. */
export function namingOf({ name, note }: Naming): { readonly name: string | null; readonly note: string | null } {
  return { name: name.trim() || null, note: note.trim() || null };
}

interface FieldProps<T> {
  value: T;
  onChange: (value: T) => void;
}

export function NameAndNote({ value, onChange }: FieldProps<Naming>) {
  return (
    <>
      <TextInput
        label="Name"
        description="To find it by; may stay empty"
        value={value.name}
        maxLength={snapshotNameLength}
        onChange={(event) => onChange({ ...value, name: event.currentTarget.value })}
        data-autofocus
      />
      <Note value={value.note} onChange={(note) => onChange({ ...value, note })} />
    </>
  );
}

export function Note({ value, onChange }: FieldProps<string>) {
  return (
    <Textarea
      label="Note"
      value={value}
      maxLength={snapshotNoteLength}
      autosize
      minRows={2}
      maxRows={6}
      onChange={(event) => onChange(event.currentTarget.value)}
    />
  );
}

/** How a file is to be locked, and with what. */
export function Lock({ value, onChange }: FieldProps<LockWanted>) {
  return (
    <>
      <SegmentedControl
        aria-label="Encryption"
        data={[
          { value: 'none', label: 'Not encrypted' },
          { value: 'passphrase', label: 'With a passphrase' },
          { value: 'recipients', label: 'To age keys' },
        ]}
        value={value.kind}
        onChange={(kind) => onChange({ ...unlocked, kind: kind as LockWanted['kind'] })}
      />
      {value.kind === 'passphrase' ? (
        <PasswordInput
          label="Passphrase"
          description="Without it nobody can open the file, you neither"
          value={value.secret}
          autoComplete="new-password"
          onChange={(event) => onChange({ ...value, secret: event.currentTarget.value })}
        />
      ) : null}
      {value.kind === 'recipients' ? (
        <Textarea
          label="Public keys"
          description="age1…, one a line"
          classNames={{ input: 'mono' }}
          value={value.secret}
          autosize
          minRows={2}
          onChange={(event) => onChange({ ...value, secret: event.currentTarget.value })}
        />
      ) : null}
    </>
  );
}

/** What a locked file is opened with. */
export function Passphrase({ value, onChange, error }: FieldProps<string> & { error?: string | null }) {
  return (
    <PasswordInput
      label="Passphrase"
      value={value}
      error={error}
      autoComplete="off"
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  );
}
