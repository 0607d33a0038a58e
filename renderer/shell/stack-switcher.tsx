import { Button, Group, Menu, Modal, TextInput, UnstyledButton } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconCheck, IconPlus, IconSelector, IconTrash } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { type SubmitEvent, useRef, useState } from 'react';
import { api, problemOf } from '../api/client.ts';
import { useSetSettings } from '../api/settings.ts';
import { useStack, useStacks } from '../api/stack.tsx';
import { ForgetStack } from './forget-stack.tsx';
import css from './shell.module.css';

export function StackSwitcher() {
  const { stack } = useStack();
  const stacks = useStacks().data ?? [];
  const setSettings = useSetSettings();
  // The menu's item that opened a dialog is gone when that goes: the switcher takes the focus.
  const switcher = useRef<HTMLButtonElement>(null);
  const onClose = () => requestAnimationFrame(() => switcher.current?.focus());
  const [adding, add] = useDisclosure(false, { onClose });
  const [forgetting, forget] = useDisclosure(false, { onClose });
  // Taken down with its data a stack is still known by its name.
  const bare = stacks.some(({ name, services }) => name === stack && services === 0);
  return (
    <>
      <Menu position="bottom-start" width={240}>
        <Menu.Target>
          <UnstyledButton ref={switcher} className={css.switcher} aria-label={`Stack ${stack}: switch`}>
            <img src="./icon.svg" width={22} height={22} alt="" />
            <span className={`${css.switcherName} cut`}>{stack}</span>
            <IconSelector size={14} aria-hidden />
          </UnstyledButton>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>Stacks</Menu.Label>
          {stacks.map((each) => (
            <Menu.Item
              key={each.name}
              onClick={() => setSettings({ stack: each.name })}
              leftSection={<IconCheck size={14} visibility={each.name === stack ? 'visible' : 'hidden'} aria-hidden />}
              rightSection={
                <span className="dim num">
                  {each.running}/{each.services} up
                </span>
              }
              aria-current={each.name === stack}
            >
              {each.name}
            </Menu.Item>
          ))}
          <Menu.Divider />
          <Menu.Item leftSection={<IconPlus size={14} aria-hidden />} onClick={add.open}>
            New stack…
          </Menu.Item>
          {bare ? (
            <Menu.Item leftSection={<IconTrash size={14} aria-hidden />} onClick={forget.open}>
              Forget {stack}…
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
      <Modal opened={adding} onClose={add.close} title="New stack">
        <NewStack onDone={add.close} />
      </Modal>
      {forgetting ? <ForgetStack stack={stack} onClose={forget.close} /> : null}
    </>
  );
}

function NewStack({ onDone }: { onDone: () => void }) {
  const queries = useQueryClient();
  const setSettings = useSetSettings();
  const [name, setName] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const valid = /^[a-z0-9][a-z0-9_-]{0,62}$/.test(name);

  async function submit(event: SubmitEvent<HTMLFormElement>): Promise<void> {
    event.preventDefault();
    try {
      await api.stack.add({ stack: name });
      await queries.invalidateQueries({ queryKey: ['stacks'] });
      setSettings({ stack: name });
      onDone();
    } catch (error) {
      setRefusal(problemOf(error).what);
    }
  }

  return (
    <form onSubmit={submit}>
      <TextInput
        label="Name"
        description="Lower-case letters, digits, - and _. It gets its own ports, volumes and passwords; nothing is started."
        placeholder="shop-dev"
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        error={refusal ?? (name !== '' && !valid ? 'Start with a letter or digit; then letters, digits, - and _' : null)}
        data-autofocus
      />
      <Group justify="flex-end" mt="md" gap="xs">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button type="submit" disabled={!valid}>
          Add stack
        </Button>
      </Group>
    </form>
  );
}
