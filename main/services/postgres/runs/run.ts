/** A text being run in a tab: its statements one after another, their rows spooled as they come. */
import { join } from 'node:path';
import type { ResultColumn, RunView, SqlParam, StatementView, TransactionState } from '../../../../preload/contract/sql.ts';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import { classify } from '../errors.ts';
import { Result } from '../results/result.ts';
import { refusal } from '../text/refusal.ts';
import { type Statement, statements } from '../text/statements.ts';
import { ServerError, type WireColumn } from '../wire/messages.ts';
import { type BoundStatement, bind } from './bind.ts';
import type { Conduct, Desk } from './desk.ts';

export interface RunWanted extends Conduct {
  readonly text: string;
  readonly params: Readonly<Record<string, SqlParam>>;
}

/** What a run needs of its session. */
export interface RunPlace {
  readonly connection: Connection;
  spool(): Promise<string>;
  columns(columns: readonly WireColumn[]): Promise<ResultColumn[]>;
}

interface Step {
  readonly statement: Statement;
  readonly bound: BoundStatement;
  view: Omit<StatementView, 'rows' | 'bytes' | 'took'>;
  result: Result | undefined;
  began: number;
  ended: number | undefined;
}

export class Run {
  readonly id = crypto.randomUUID();
  readonly #desk: Desk;
  readonly #place: RunPlace;
  readonly #wanted: RunWanted;
  readonly #steps: Step[];
  readonly #abort = new AbortController();
  #state: RunView['state'] = 'running';
  #problem: RunView['problem'] = null;
  #watchers = new Set<() => void>();
  /** Resolved when it has ended; never rejected. */
  readonly done: Promise<void>;

  /** @throws NoodleError bad-argument: nothing to run, too many statements, a parameter without a value */
  constructor(desk: Desk, place: RunPlace, wanted: RunWanted) {
    this.#desk = desk;
    this.#place = place;
    this.#wanted = wanted;
    this.#steps = stepsOf(wanted);
    this.done = this.#go();
  }

  get view(): RunView {
    const now = performance.now();
    return {
      run: this.id,
      state: this.#state,
      transaction: this.transaction,
      problem: this.#problem,
      statements: this.#steps.map(({ view, result, began, ended }) => ({
        ...view,
        rows: result?.rows ?? 0,
        bytes: result?.bytes ?? 0,
        took: began === 0 ? 0 : (ended ?? now) - began,
      })),
    };
  }

  get transaction(): TransactionState {
    return this.#desk.transaction;
  }

  cancel(): void {
    this.#abort.abort();
  }

  /** The view now and after changes, at most every `limits.streamBatchInterval`; ends with the run. */
  async *watch(signal: AbortSignal): AsyncGenerator<RunView> {
    while (!signal.aborted) {
      const view = this.view;
      yield view;
      if (view.state !== 'running') return;
      await this.#changed(signal);
    }
  }

  /** @throws NoodleError not-found: there is no such statement, or it gave no rows */
  result(statement: number): Result {
    const result = this.#steps[statement]?.result;
    if (result) return result;
    throw new NoodleError({ code: 'not-found', what: 'This result is no longer there.', todo: 'Run the statement again.' });
  }

  async remove(): Promise<void> {
    this.cancel();
    await this.done;
    await Promise.all(this.#steps.map(({ result }) => result?.remove()));
  }

  #changed(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        clearInterval(timer);
        this.#watchers.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      // Rows come in without a word: they are looked for.
      const timer = setInterval(wake, limits.streamBatchInterval * 2);
      this.#watchers.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #tell(): void {
    for (const wake of [...this.#watchers]) wake();
  }

  async #go(): Promise<void> {
    // Its caller gets to know it first.
    await Promise.resolve();
    try {
      for (const step of this.#steps) await this.#step(step);
      this.#state = 'done';
    } catch (error) {
      const { problem } = asNoodleError(error);
      this.#state = problem.code === 'cancelled' ? 'cancelled' : 'failed';
      if (!this.#steps.some(({ view }) => view.problem)) this.#problem = problem;
      for (const { view } of this.#steps) if (view.state === 'waiting') view.state = 'skipped';
    }
    this.#tell();
  }

  async #step(step: Step): Promise<void> {
    const { view } = step;
    view.state = 'running';
    step.began = performance.now();
    this.#tell();
    try {
      const tag = await this.#runStep(step);
      await step.result?.finish();
      view.tag = tag;
      view.state = 'done';
    } catch (error) {
      await step.result?.finish().catch(() => {});
      if (view.stopped !== null && isCancel(error)) {
        view.state = 'done';
        view.tag = `SELECT ${step.result?.rows ?? 0}`;
        return;
      }
      const told = this.#told(error, step);
      view.problem = told.problem;
      view.state = told.code === 'cancelled' ? 'cancelled' : 'failed';
      throw told;
    } finally {
      step.ended = performance.now();
      this.#tell();
    }
  }

  async #runStep(step: Step): Promise<string> {
    const { view } = step;
    const full = new AbortController();
    const naming: Promise<void>[] = [];
    const path = join(await this.#place.spool(), `result-${crypto.randomUUID()}`);
    const opened = await Result.create(path);
    try {
      return await this.#desk.run(
        step.bound.bound,
        this.#wanted,
        {
          columns: (columns) => {
            step.result = opened;
            naming.push(
              this.#place.columns(columns).then((named) => {
                view.columns = named;
                opened.columns = named;
                this.#tell();
              }),
            );
          },
          rows: (bytes, count) => {
            if (view.first === null) {
              view.first = performance.now() - step.began;
              queueMicrotask(() => this.#tell());
            }
            if (view.stopped !== null) return;
            if (opened.taken + bytes.length > limits.sqlSpoolBytes) {
              view.stopped = `More than ${limits.sqlSpoolBytes / 2 ** 30} GiB: the rest was not read.`;
              full.abort();
              return;
            }
            return opened.take(bytes, count);
          },
          notice: ({ severity, message }) => {
            if (view.notices.length < limits.sqlNotices) view.notices.push(`${severity}: ${message}`);
          },
        },
        AbortSignal.any([this.#abort.signal, full.signal]),
      );
    } finally {
      await Promise.all(naming);
      if (step.result === undefined) await opened.remove();
    }
  }

  #told(error: unknown, step: Step): NoodleError {
    if (error instanceof ServerError) {
      const told = classify(error, this.#place.connection) ?? refusal(error, step.statement, step.bound.sent);
      return told.code === 'cancelled' ? cancelled() : told;
    }
    if (this.#abort.signal.aborted) return cancelled();
    return classify(error, this.#place.connection) ?? asNoodleError(error);
  }
}

function isCancel(error: unknown): boolean {
  return error instanceof ServerError ? error.code === '57014' : error instanceof Error && error.name === 'AbortError';
}

function cancelled(): NoodleError {
  return new NoodleError({ code: 'cancelled', what: 'Cancelled.' });
}

function stepsOf({ text, params }: RunWanted): Step[] {
  const all = statements(text);
  if (all.length === 0) throw new NoodleError({ code: 'bad-argument', what: 'There is no statement to run.' });
  if (all.length > limits.sqlStatements) {
    throw new NoodleError({
      code: 'too-large',
      what: `These are ${all.length} statements; ${limits.sqlStatements} can be run at once.`,
      todo: 'Run a script of this size with the CLI: noodlebox sql --script FILE.',
    });
  }
  return all.map((statement) => ({
    statement,
    bound: bind(statement, params),
    view: {
      offset: statement.offset,
      length: statement.text.length,
      state: 'waiting',
      tag: null,
      columns: null,
      stopped: null,
      notices: [],
      problem: null,
      first: null,
    },
    result: undefined,
    began: 0,
    ended: undefined,
  }));
}
