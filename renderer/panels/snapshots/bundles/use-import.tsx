import { Button } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useQueryClient } from '@tanstack/react-query';
import { useCallback } from 'react';
import type { RuntimeKind } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { useSetSettings } from '../../../api/settings.ts';
import { useStack } from '../../../api/stack.tsx';
import { endOf } from '../../../api/task-end.ts';
import { useTasks } from '../../../api/tasks.tsx';

export interface ImportWanted {
  readonly file: string;
  readonly passphrase: string | null;
  readonly identities: string[];
  /** Of the new stack. */
  readonly name: string;
  readonly runtime: RuntimeKind;
  /** What its compose file says; null: Noodlebox's own. */
  readonly compose: string | null;
}

/** Makes a stack of a bundle while the window goes on, and offers to open it when it runs. What fails is told where its progress was. */
export function useImport(): (wanted: ImportWanted) => void {
  const { stack } = useStack();
  const { started } = useTasks();
  const setSettings = useSetSettings();
  const queries = useQueryClient();
  return useCallback(
    (wanted) => {
      const run = async () => {
        const task = await api.bundles.import({ stack, ...wanted });
        started(task);
        const { ok } = await endOf(task.id);
        if (!ok) return;
        await queries.invalidateQueries({ queryKey: ['stacks'] });
        offer(wanted.name, () => setSettings({ stack: wanted.name }));
      };
      run().catch(tell);
    },
    [stack, started, setSettings, queries],
  );
}

function offer(name: string, open: () => void): void {
  const id = crypto.randomUUID();
  const act = () => {
    notifications.hide(id);
    open();
  };
  notifications.show({
    id,
    title: `${name} runs, with what the bundle holds`,
    message: (
      <>
        <p>It is in the list of stacks, at the head of the rail.</p>
        <Button onClick={act}>Open {name}</Button>
      </>
    ),
    autoClose: false,
    withBorder: true,
  });
}
