import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { TaskEvent, TaskSummary } from '../../preload/contract/index.ts';
import { emptyTask, type TaskView, takeIn } from '../ui/task-view.ts';
import { api } from './client.ts';
import { latency } from './latency.ts';
import { useStack } from './stack.tsx';
import { follow } from './stream.ts';

interface Tasks {
  /** The task at work, or the last one that ended; null when there was none. */
  current: { summary: TaskSummary; view: TaskView } | null;
  /** Tells that a task was started here, so that it shows at once. */
  started: (task: TaskSummary) => void;
}

const TasksContext = createContext<Tasks>({ current: null, started: () => undefined });

/** Follows the newest task of the stack, whoever started it. */
export function TasksProvider({ children }: { children: ReactNode }) {
  const { stack } = useStack();
  const queries = useQueryClient();
  const queryKey = useMemo(() => ['tasks', stack], [stack]);
  const list = useQuery({ queryKey, queryFn: () => latency.measure(() => api.tasks.list({ stack })), refetchInterval: 1500 });
  const summary = newest(list.data ?? []);
  const view = useTaskView(summary?.id ?? null);
  const ended = view.result !== null;

  useEffect(() => {
    if (!ended) return;
    void queries.invalidateQueries({ queryKey });
    void queries.invalidateQueries({ queryKey: ['seeds', stack] });
    void queries.invalidateQueries({ queryKey: ['stacks'] });
  }, [ended, queries, queryKey, stack]);

  const started = useCallback(
    (task: TaskSummary) => {
      queries.setQueryData<TaskSummary[]>(queryKey, (before) => [task, ...(before ?? []).filter((each) => each.id !== task.id)]);
      void queries.invalidateQueries({ queryKey });
    },
    [queries, queryKey],
  );
  const value = useMemo(() => ({ current: summary === null ? null : { summary, view }, started }), [summary, view, started]);
  return <TasksContext value={value}>{children}</TasksContext>;
}

export function useTasks(): Tasks {
  return useContext(TasksContext);
}

/** One at work goes before one that ended; then the one started last. */
function newest(tasks: readonly TaskSummary[]): TaskSummary | null {
  const byStart = [...tasks].sort((a, b) => b.startedAt - a.startedAt);
  return byStart.find((task) => task.state === 'running') ?? byStart[0] ?? null;
}

/** What a task told so far; an empty view while it is null. */
export function useTaskView(task: string | null): TaskView {
  const [told, setTold] = useState<{ task: string | null; view: TaskView }>({ task: null, view: emptyTask });
  useEffect(() => {
    if (task === null) return;
    return follow<TaskEvent[]>({
      open: async (stream, signal) => {
        const events = await api.tasks.watch({ task, stream }, { signal });
        setTold({ task, view: emptyTask });
        return events;
      },
      onBatch: (events) => setTold((before) => ({ task, view: takeIn(before.task === task ? before.view : emptyTask, events) })),
    });
  }, [task]);
  return told.task === task ? told.view : emptyTask;
}
