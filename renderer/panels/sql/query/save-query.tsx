import { Button, Group, TextInput } from '@mantine/core';
import { modals } from '@mantine/modals';
import { type FormEvent, useState } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import type { Draft } from '../tabs/use-draft.ts';

/** What is kept of a saved query. */
export type SavedQuery = Pick<Draft, 'text' | 'params'>;

/** Asks for a name, then keeps the query under it; one of the same name is replaced, which the button says. */
export function saveQuery(stack: string, name: string, { text, params }: SavedQuery, onSaved: (name: string) => void): void {
  const modalId = crypto.randomUUID();
  const save = async (chosen: string) => {
    const items = await api.notebook.saved({ stack, panel: 'sql', kind: 'query' });
    const id = items.find((item) => item.name === chosen)?.id ?? `query-${crypto.randomUUID()}`;
    const body: SavedQuery = { text, params };
    await api.notebook.save({ stack, item: { id, panel: 'sql', kind: 'query', name: chosen, body: JSON.stringify(body) } });
    onSaved(chosen);
    modals.close(modalId);
  };
  modals.open({
    modalId,
    title: 'Save the query',
    children: <NameForm name={name} onSave={save} onCancel={() => modals.close(modalId)} />,
  });
}

function NameForm({ name, onSave, onCancel }: { name: string; onSave: (name: string) => Promise<void>; onCancel: () => void }) {
  const [chosen, setChosen] = useState(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSave(chosen.trim()).catch(tell);
  };
  return (
    <form onSubmit={submit}>
      <TextInput label="Name" value={chosen} maxLength={200} data-autofocus onChange={(event) => setChosen(event.currentTarget.value)} />
      <p className="dim">A saved query of this name is replaced.</p>
      <Group justify="flex-end" gap="xs">
        <Button variant="default" onClick={onCancel}>
          Cancel
        </Button>
        <Button type="submit" disabled={chosen.trim() === ''}>
          Save
        </Button>
      </Group>
    </form>
  );
}
