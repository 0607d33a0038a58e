import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '../../preload/contract/models.ts';
import { NoodleError } from '../errors.ts';
import { createTasks } from './tasks.ts';

const forever = new AbortController().signal;

async function all(events: AsyncIterable<readonly TaskEvent[]>): Promise<TaskEvent[]> {
  const seen: TaskEvent[] = [];
  for await (const batch of events) seen.push(...batch);
  return seen;
}

describe('tasks', () => {
  it('tell a late window everything from the first event to the result', async () => {
    const tasks = createTasks();
    const task = tasks.start('up', 'box', 'Starting', async ({ onEvent }) => onEvent({ type: 'notice', level: 'info', message: 'first' }));
    await all(tasks.watch(task.id, forever));
    const late = await all(tasks.watch(task.id, forever));
    expect(late.map(({ type }) => type)).toEqual(['notice', 'result']);
    expect(tasks.list('box')).toMatchObject([{ id: task.id, state: 'done' }]);
  });

  it('tell a failure with its problem', async () => {
    const tasks = createTasks();
    const task = tasks.start('up', 'box', 'Starting', async () => {
      throw new NoodleError({ code: 'port-taken', what: 'Port 1 is taken.' });
    });
    const events = await all(tasks.watch(task.id, forever));
    expect(events.at(-1)).toMatchObject({ type: 'result', ok: false, problem: { code: 'port-taken' } });
    expect(tasks.list('box')[0]).toMatchObject({ state: 'failed', problem: { code: 'port-taken' } });
  });

  it('can be cancelled and say so', async () => {
    const tasks = createTasks();
    const task = tasks.start(
      'up',
      'box',
      'Starting',
      ({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    tasks.cancel(task.id);
    expect((await all(tasks.watch(task.id, forever))).at(-1)).toMatchObject({ type: 'result', ok: false, problem: { code: 'cancelled' } });
    expect(tasks.list('box')[0]?.state).toBe('cancelled');
  });

  it('keep only the newest progress when there is more than a window could want', async () => {
    const tasks = createTasks();
    const task = tasks.start('seed', 'box', 'Seeding', async ({ onEvent }) => {
      onEvent({ type: 'notice', level: 'info', message: 'first' });
      for (let current = 0; current <= 20_000; current++)
        onEvent({ type: 'progress', id: 'seed db', progress: { kind: 'rows', current, total: 20_000, label: 'rows' } });
    });
    const events = await all(tasks.watch(task.id, forever));
    expect(events[0]).toMatchObject({ type: 'notice' });
    expect(events.length).toBeLessThan(10_000);
    expect(events.at(-2)).toMatchObject({ type: 'progress', progress: { current: 20_000 } });
  });
});
