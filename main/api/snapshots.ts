import type { TaskKind, TaskSummary } from '../../preload/contract/models.ts';
import type { SnapshotDiff } from '../../preload/contract/snapshots.ts';
import type { RunOptions, Stack } from '../core/core.ts';
import { limits } from '../limits.ts';
import { type Implementer, type Parts, untilClosed } from './parts.ts';

type Begin = (kind: TaskKind, name: string, title: string, act: (stack: Stack, run: RunOptions) => Promise<void>) => Promise<TaskSummary>;

export function snapshotsRouter(os: Implementer['snapshots'], { stack }: Parts, begin: Begin) {
  /** Results of comparisons by their task, newest last. */
  const diffs = new Map<string, SnapshotDiff>();
  const kept = (task: string, diff: SnapshotDiff) => {
    diffs.set(task, diff);
    for (const oldest of [...diffs.keys()].slice(0, -limits.diffsKept)) diffs.delete(oldest);
  };
  return os.router({
    list: os.list.handler(async ({ input }) => [...(await (await stack(input.stack)).snapshots.list())]),
    outlook: os.outlook.handler(async ({ input }) => (await stack(input.stack)).snapshots.outlook(input.id, input.act)),
    create: os.create.handler(({ input: { stack: name, ...request } }) =>
      begin('snapshot', name, 'Taking a snapshot', async ({ snapshots }, run) => void (await snapshots.create(request, run))),
    ),
    restore: os.restore.handler(({ input: { stack: name, id, rehearse } }) =>
      begin('snapshot', name, `Restoring snapshot ${id}`, async ({ snapshots }, run) => {
        await snapshots.restore(id, run, { rehearse });
        const hot = (await snapshots.list()).some((entry) => entry.state === 'whole' && entry.hot?.state === 'wanted');
        if (hot) await begin('snapshot', name, 'Making the ready copy anew', (stack, renewing) => stack.snapshots.renew(renewing));
      }),
    ),
    hot: os.hot.handler(({ input: { stack: name, id, on } }) =>
      begin('snapshot', name, on ? `Making a ready copy of ${id}` : `Dropping the ready copy of ${id}`, ({ snapshots }, run) =>
        snapshots.hot(id, on, run),
      ),
    ),
    verify: os.verify.handler(({ input: { stack: name, id, rehearse } }) =>
      begin('snapshot', name, `Checking snapshot ${id}`, ({ snapshots }, run) => snapshots.verify(id, run, { rehearse })),
    ),
    branch: os.branch.handler(({ input: { stack: name, id, name: branch } }) =>
      begin('snapshot', name, `Opening snapshot ${id} beside`, async ({ snapshots }, run) => {
        const opened = await snapshots.branch(id, branch, run);
        run.onEvent({ type: 'notice', level: 'info', message: `It runs as stack ${opened.stack}.` });
      }),
    ),
    diffCounts: os.diffCounts.handler(async ({ input: { stack: name, id, other }, signal = untilClosed }) => {
      const { snapshots } = await stack(name);
      return [...(await snapshots.diffCounts({ before: id, after: other, services: [] }, signal))];
    }),
    diff: os.diff.handler(async ({ input: { stack: name, id, other, services } }) => {
      const title = `Comparing snapshot ${id} with ${other ?? 'now'}`;
      const task: Promise<TaskSummary> = begin('snapshot', name, title, async ({ snapshots }, run) => {
        const diff = await snapshots.diff({ before: id, after: other, services }, run);
        kept((await task).id, diff);
      });
      return task;
    }),
    diffResult: os.diffResult.handler(async ({ input }) => diffs.get(input.task) ?? null),
    retention: os.retention.handler(async ({ input }) => (await stack(input.stack)).snapshots.retention()),
    tryRetention: os.tryRetention.handler(async ({ input }) => (await stack(input.stack)).snapshots.retention(input.retention)),
    setRetention: os.setRetention.handler(async ({ input }) => (await stack(input.stack)).snapshots.setRetention(input.retention)),
    delete: os.delete.handler(({ input: { stack: name, id } }) =>
      begin('snapshot', name, `Deleting snapshot ${id}`, ({ snapshots }, run) => snapshots.delete(id, run)),
    ),
  });
}
