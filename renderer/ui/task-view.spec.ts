import { describe, expect, it } from 'vitest';
import type { PlannedOperation } from '../../preload/contract/index.ts';
import { emptyTask, shareDone, takeIn } from './task-view.ts';

const operation = (id: string): PlannedOperation => ({
  id,
  kind: 'start',
  service: 'redis',
  target: 'redis',
  cause: 'is not running',
  needs: [],
});
const plan = { type: 'plan' as const, operations: [operation('pull redis'), operation('start redis')] };

describe('a task told by its events', () => {
  it('shows planned operations as waiting, in order', () => {
    const view = takeIn(emptyTask, [plan]);
    expect(view.operations.map((each) => [each.operation.id, each.state.kind])).toEqual([
      ['pull redis', 'waiting'],
      ['start redis', 'waiting'],
    ]);
    expect(shareDone(view)).toBe(0);
  });

  it('keeps progress while an operation runs, and drops it when it ends', () => {
    const progress = { kind: 'steps' as const, current: 1, total: 2, label: 'make' };
    const running = takeIn(emptyTask, [
      plan,
      { type: 'operation', id: 'pull redis', state: 'running' },
      { type: 'progress', id: 'pull redis', progress },
    ]);
    expect(running.operations[0]!.state).toEqual({ kind: 'running', progress });
    expect(shareDone(running)).toBe(0.25);
    const done = takeIn(running, [{ type: 'operation', id: 'pull redis', state: 'done', took: 40 }]);
    expect(done.operations[0]!.state).toEqual({ kind: 'done', took: 40 });
    expect(shareDone(done)).toBe(0.5);
  });

  it('keeps what is known when the plan comes again, and puts new operations last', () => {
    const view = takeIn(emptyTask, [
      plan,
      { type: 'operation', id: 'pull redis', state: 'done', took: 1 },
      { type: 'plan', operations: [...plan.operations, operation('seed redis')] },
    ]);
    expect(view.operations.map((each) => each.state.kind)).toEqual(['done', 'waiting', 'waiting']);
  });

  it('shows work that no plan named', () => {
    const view = takeIn(emptyTask, [{ type: 'operation', id: 'build redis-server', state: 'running' }]);
    expect(view.operations).toHaveLength(1);
    expect(view.operations[0]!.operation.target).toBe('build redis-server');
  });

  it('keeps notices, failures with their problem, and the result', () => {
    const problem = { code: 'port-taken', what: 'Port 6379 is taken' };
    const view = takeIn(emptyTask, [
      plan,
      { type: 'notice', level: 'warn', message: 'moved' },
      { type: 'operation', id: 'start redis', state: 'failed', problem },
      { type: 'result', ok: false, took: 12, problem },
    ]);
    expect(view.notices).toEqual([{ level: 'warn', message: 'moved' }]);
    expect(view.operations[1]!.state).toEqual({ kind: 'failed', took: null, problem });
    expect(view.result).toEqual({ ok: false, took: 12, problem });
  });
});
