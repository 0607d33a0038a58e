import { Button, Group, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import css from '../metrics.module.css';

/** Asks for a name; the dialog stays when it could not be kept. */
export function askName(title: string, name: string, button: string, act: (name: string) => Promise<void>): void {
  const modalId = crypto.randomUUID();
  modals.open({ modalId, title, children: <NameForm name={name} button={button} act={act} close={() => modals.close(modalId)} /> });
}

function NameForm({ name, button, act, close }: { name: string; button: string; act: (name: string) => Promise<void>; close: () => void }) {
  const [typed, setTyped] = useState(name);
  const [busy, setBusy] = useState(false);
  const keep = async () => {
    setBusy(true);
    try {
      await act(typed.trim());
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
        if (typed.trim() !== '') void keep();
      }}
    >
      <TextInput label="Name" value={typed} maxLength={200} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus />
      <Group justify="flex-end" gap="xs" mt="xs">
        <Button variant="default" onClick={close}>
          Cancel
        </Button>
        <Button type="submit" loading={busy} disabled={typed.trim() === ''}>
          {button}
        </Button>
      </Group>
    </form>
  );
}
