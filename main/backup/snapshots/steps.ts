/** The steps of a snapshot or a restore, told as the operations of a plan are. */
import type { OperationKind, PlannedOperation, TaskEvent } from '../../../preload/contract/models.ts';
import type { CopyWork } from '../../runtime/copies.ts';
import { told } from '../told.ts';
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
    return this.#told(idOf(kind, target), (tell) =>
      act({ signal: this.#run.signal, progress: (current, total) => tell({ kind: 'rows', current, total, label }) }),
    );
  }

  /** @param total bytes, for the progress of work that tells how many it has done */
  async do<T>(kind: OperationKind, target: string | null, act: (work: CopyWork) => Promise<T>, total = 0): Promise<T> {
    return this.#told(idOf(kind, target ?? this.#stack), (tell) =>
      act({
        signal: this.#run.signal,
        progress: (bytes) => tell({ kind: 'bytes', current: bytes, total: Math.max(total, bytes) }),
      }),
    );
  }

  #told<T>(id: string, act: Parameters<typeof told<T>>[2]): Promise<T> {
    this.#begun.add(id);
    return told(this.#run.onEvent, id, act);
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

function idOf(kind: OperationKind, target: string): string {
  return `${kind} ${target}`;
}

function operationOf(stack: string, { kind, target, cause }: Step): PlannedOperation {
  return { id: idOf(kind, target ?? stack), kind, service: null, target: target ?? stack, cause, needs: [] };
}
