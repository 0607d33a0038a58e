import type { PlannedOperation, ProblemData, Progress, TaskEvent } from '../../preload/contract/index.ts';

export type OperationState =
  | { kind: 'waiting' }
  | { kind: 'running'; progress: Progress | null }
  | { kind: 'done'; took: number | null }
  | { kind: 'skipped' }
  | { kind: 'failed'; took: number | null; problem: ProblemData | null };

export interface OperationView {
  operation: PlannedOperation;
  state: OperationState;
}

/** A task as told by its events so far. */
export interface TaskView {
  operations: OperationView[];
  notices: { level: 'info' | 'warn'; message: string }[];
  result: { ok: boolean; took: number; problem: ProblemData | null } | null;
}

export const emptyTask: TaskView = { operations: [], notices: [], result: null };

/** Takes a batch of events in. A plan may come more than once; what is known of its operations is kept. */
export function takeIn(view: TaskView, events: readonly TaskEvent[]): TaskView {
  return events.reduce(takeInOne, view);
}

function takeInOne(view: TaskView, event: TaskEvent): TaskView {
  switch (event.type) {
    case 'plan': {
      const known = new Map(view.operations.map((each) => [each.operation.id, each.state]));
      const planned = event.operations.map((operation) => ({ operation, state: known.get(operation.id) ?? { kind: 'waiting' as const } }));
      const fresh = new Set(event.operations.map((operation) => operation.id));
      return { ...view, operations: [...view.operations.filter((each) => !fresh.has(each.operation.id)), ...planned] };
    }
    case 'operation':
      return withOperation(view, event.id, (before) => after(event, before));
    case 'progress':
      return withOperation(view, event.id, () => ({ kind: 'running', progress: event.progress }));
    case 'notice':
      return { ...view, notices: [...view.notices, { level: event.level, message: event.message }] };
    case 'result':
      return { ...view, result: { ok: event.ok, took: event.took, problem: event.problem ?? null } };
    case 'service':
      return view;
  }
}

function after(event: Extract<TaskEvent, { type: 'operation' }>, before: OperationState): OperationState {
  switch (event.state) {
    case 'running':
      return { kind: 'running', progress: before.kind === 'running' ? before.progress : null };
    case 'done':
      return { kind: 'done', took: event.took ?? null };
    case 'skipped':
      return { kind: 'skipped' };
    case 'failed':
      return { kind: 'failed', took: event.took ?? null, problem: event.problem ?? null };
  }
}

/** Operations that no plan named (an install's steps) are shown in the order they appear. */
function withOperation(view: TaskView, id: string, change: (before: OperationState) => OperationState): TaskView {
  const at = view.operations.findIndex((each) => each.operation.id === id);
  if (at < 0) {
    const operation: PlannedOperation = { id, kind: 'start', service: null, target: id, cause: '', needs: [] };
    return { ...view, operations: [...view.operations, { operation, state: change({ kind: 'waiting' }) }] };
  }
  const operations = view.operations.slice();
  const found = operations[at]!;
  operations[at] = { ...found, state: change(found.state) };
  return { ...view, operations };
}

/** Share done of the whole task from 0 to 1: finished operations, and the known part of those at work. */
export function shareDone(view: TaskView): number {
  if (view.operations.length === 0) return view.result === null ? 0 : 1;
  const done = view.operations.reduce((sum, each) => sum + operationShare(each.state), 0);
  return done / view.operations.length;
}

function operationShare(state: OperationState): number {
  switch (state.kind) {
    case 'waiting':
      return 0;
    case 'running':
      return state.progress !== null && state.progress.total > 0 ? Math.min(1, state.progress.current / state.progress.total) : 0;
    default:
      return 1;
  }
}
