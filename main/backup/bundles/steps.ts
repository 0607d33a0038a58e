/** Steps of a bundle, told as the operations of a plan are. */
import type { OperationKind, PlannedOperation, TaskEvent } from '../../../preload/contract/models.ts';
import type { PortionWork } from '../../services/portion.ts';
import { told } from '../told.ts';

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
    return told(onEvent, `${kind} ${target}`, async (tell) => {
      try {
        signal.throwIfAborted();
        return await act({
          signal,
          progress: (current, total, label) => tell({ kind: 'rows', current, total, label }),
          bytes: (current, total) => tell({ kind: 'bytes', current, total }),
        });
      } catch (error) {
        // A client that is cut off by a cancel says so in its own words.
        throw signal.aborted ? signal.reason : error;
      }
    });
  }
}
