import type { TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import type { RunOptions, Stack } from '../core/core.ts';
import type { Implementer, Parts } from './parts.ts';

type Begin = (kind: TaskKind, name: string, title: string, act: (stack: Stack, run: RunOptions) => Promise<void>) => Promise<TaskSummary>;

export function scheduleRouter(os: Implementer['schedule'], { stack }: Parts, begin: Begin) {
  return os.router({
    list: os.list.handler(async ({ input }) => (await stack(input.stack)).schedule.list()),
    set: os.set.handler(async ({ input }) => (await stack(input.stack)).schedule.set(input.job)),
    remove: os.remove.handler(async ({ input }) => (await stack(input.stack)).schedule.remove(input.name)),
    run: os.run.handler(({ input: { stack: name, name: job } }) =>
      begin('schedule', name, `Running the job ${job}`, async ({ schedule }, run) => void (await schedule.run(job, run))),
    ),
  });
}
