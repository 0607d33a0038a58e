import { notifications } from '@mantine/notifications';
import { useMemo } from 'react';
import type { TaskSummary } from '../../preload/contract/index.ts';
import { ProblemText } from '../ui/problem.tsx';
import { api, problemOf } from './client.ts';
import { useStack } from './stack.tsx';
import { useTasks } from './tasks.tsx';

export interface Actions {
  up: (services?: string[]) => void;
  stop: (services?: string[]) => void;
  restart: (services?: string[]) => void;
  down: () => void;
  reset: () => void;
  seed: (scale: number, seed: number) => void;
  cancel: (task: string) => void;
  copyConnection: (service: string) => void;
}

/** What a person can do with the stack at hand. What goes wrong is told in a notification. */
export function useActions(): Actions {
  const { stack } = useStack();
  const { started } = useTasks();
  return useMemo(() => {
    const begin = (call: () => Promise<TaskSummary>): void => void call().then(started, tell);
    return {
      up: (services = []) => begin(() => api.stack.up({ stack, services })),
      stop: (services = []) => begin(() => api.stack.stop({ stack, services })),
      restart: (services = []) => begin(() => api.stack.restart({ stack, services })),
      down: () => begin(() => api.stack.down({ stack })),
      reset: () => begin(() => api.stack.reset({ stack })),
      seed: (scale, seed) => begin(() => api.seeding.run({ stack, scale, seed })),
      cancel: (task) => void api.tasks.cancel({ task }).catch(tell),
      copyConnection: (service) => void copyConnection(stack, service).catch(tell),
    };
  }, [stack, started]);
}

async function copyConnection(stack: string, service: string): Promise<void> {
  const { url } = await api.stack.connection({ stack, service });
  await navigator.clipboard.writeText(url);
  notifications.show({ message: `Connection string of ${service} copied`, autoClose: 2000, withBorder: true });
}

export function tell(error: unknown): void {
  const problem = problemOf(error);
  notifications.show({
    title: problem.what,
    message: <ProblemText problem={problem} untitled />,
    color: 'red',
    withBorder: true,
    autoClose: 12_000,
  });
}
