/** The steps of a snapshot or a restore, told as the operations of a plan are. */
import type { OperationKind, PlannedOperation, TaskEvent } from '../../../preload/contract/models.ts';
import { asNoodleError } from '../../errors.ts';
import type { CopyWork } from '../../runtime/copies.ts';
import type { Run } from './host.ts';

export interface Step {
  readonly kind: OperationKind;
  /** The service or volume it is about; null: the stack. */
  readonly target: string | null;
  readonly cause: string;
}

export class Steps {
  readonly #run: Run;
  readonly #stack: string;
  #operations: PlannedOperation[];
  readonly #own: ReadonlySet<string>;
  readonly #begun = new Set<string>();

  constructor(stack: string, run: Run, steps: readonly Step[]) {
    this.#run = run;
    this.#stack = stack;
    this.#operations = steps.map((step) => operationOf(stack, step));
    this.#own = new Set(this.#operations.map(({ id }) => id));
    run.onEvent({ type: 'plan', operations: this.#operations });
  }

  get signal(): AbortSignal {
    return this.#run.signal;
  }

  notice(level: 'info' | 'warn', message: string): void {
    this.#run.onEvent({ type: 'notice', level, message });
  }

  /** Work that is told in items: `progress` gets how many are done, and how many there are. */
  async items<T>(
    kind: OperationKind,
    target: string,
    label: string,
    act: (work: { readonly signal: AbortSignal; readonly progress: (current: number, total: number) => void }) => Promise<T>,
  ): Promise<T> {
    const id = idOf(kind, target);
    let told = 0;
    return this.do(kind, target, ({ signal }) =>
      act({
        signal,
        progress: (current, total) => {
          const now = performance.now();
          if (now - told < progressInterval && current < total) return;
          told = now;
          this.#run.onEvent({ type: 'progress', id, progress: { kind: 'rows', current, total, label } });
        },
      }),
    );
  }

  /** @param total bytes, for the progress of work that tells how many it has done */
  async do<T>(kind: OperationKind, target: string | null, act: (work: CopyWork) => Promise<T>, total = 0): Promise<T> {
    const id = idOf(kind, target ?? this.#stack);
    const tell = this.#run.onEvent;
    this.#begun.add(id);
    const begun = performance.now();
    const took = () => Math.round(performance.now() - begun);
    tell({ type: 'operation', id, state: 'running' });
    let told = 0;
    const progress = (bytes: number) => {
      const now = performance.now();
      if (now - told < progressInterval && bytes < total) return;
      told = now;
      tell({ type: 'progress', id, progress: { kind: 'bytes', current: bytes, total: Math.max(total, bytes) } });
    };
    try {
      const result = await act({ signal: this.#run.signal, progress });
      tell({ type: 'operation', id, state: 'done', took: took() });
      return result;
    } catch (error) {
      tell({ type: 'operation', id, state: 'failed', took: took(), problem: asNoodleError(error).problem });
      throw error;
    }
  }

  /** A run for an act with a plan of its own: its operations join these, before those that are still to come. */
  nested(signal: AbortSignal = this.#run.signal): Run {
    return {
      signal,
      onEvent: (event: TaskEvent) => {
        if (event.type !== 'plan') return this.#run.onEvent(event);
        const fresh = event.operations.filter(({ id }) => !this.#operations.some((operation) => operation.id === id));
        const next = this.#operations.findIndex(({ id }) => this.#own.has(id) && !this.#begun.has(id));
        const at = next < 0 ? this.#operations.length : next;
        this.#operations = [...this.#operations.slice(0, at), ...fresh, ...this.#operations.slice(at)];
        this.#run.onEvent({ type: 'plan', operations: this.#operations });
      },
    };
  }
}

/** ms between two words on how far a step is */
const progressInterval = 100;

function idOf(kind: OperationKind, target: string): string {
  return `${kind} ${target}`;
}

function operationOf(stack: string, { kind, target, cause }: Step): PlannedOperation {
  return { id: idOf(kind, target ?? stack), kind, service: null, target: target ?? stack, cause, needs: [] };
}
