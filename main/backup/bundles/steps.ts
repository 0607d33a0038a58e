/** Steps of a bundle, told as the operations of a plan are. */
import type { OperationKind, PlannedOperation, Progress, TaskEvent } from '../../../preload/contract/models.ts';
import { asNoodleError } from '../../errors.ts';
import type { PortionWork } from '../../services/portion.ts';

export interface Run {
  readonly signal: AbortSignal;
  readonly onEvent: (event: TaskEvent) => void;
}

export interface Step {
  readonly kind: OperationKind;
  readonly target: string;
  readonly cause: string;
}

/** A step tells how far it is in what it counts, or in bytes. */
export interface StepWork extends PortionWork {
  bytes(current: number, total: number): void;
}

/** ms between two words on how far a step is */
const interval = 100;

export class Steps {
  readonly #run: Run;

  constructor(run: Run, steps: readonly Step[]) {
    this.#run = run;
    const operations = steps.map(
      ({ kind, target, cause }): PlannedOperation => ({ id: `${kind} ${target}`, kind, service: null, target, cause, needs: [] }),
    );
    run.onEvent({ type: 'plan', operations });
  }

  notice(message: string): void {
    this.#run.onEvent({ type: 'notice', level: 'warn', message });
  }

  async do<T>(kind: OperationKind, target: string, act: (work: StepWork) => Promise<T>): Promise<T> {
    const { signal, onEvent } = this.#run;
    const id = `${kind} ${target}`;
    const begun = performance.now();
    const took = () => Math.round(performance.now() - begun);
    let told = 0;
    const tell = (progress: Progress) => {
      const now = performance.now();
      if (now - told < interval) return;
      told = now;
      onEvent({ type: 'progress', id, progress });
    };
    onEvent({ type: 'operation', id, state: 'running' });
    try {
      signal.throwIfAborted();
      const result = await act({
        signal,
        progress: (current, total, label) => tell({ kind: 'rows', current, total, label }),
        bytes: (current, total) => tell({ kind: 'bytes', current, total }),
      });
      onEvent({ type: 'operation', id, state: 'done', took: took() });
      return result;
    } catch (error) {
      // A client that is cut off by a cancel says so in its own words.
      const cause = signal.aborted ? signal.reason : error;
      onEvent({ type: 'operation', id, state: 'failed', took: took(), problem: asNoodleError(cause).problem });
      throw cause;
    }
  }
}
