/** The runs of one session: begun, watched, paged through and let go. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { FluxProgress } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { InfluxHttp } from '../query.ts';
import { FluxRun } from './run.ts';
import { type Variables, variables } from './variables.ts';

export class FluxRuns {
  readonly #http: InfluxHttp;
  readonly #folder: () => Promise<string>;
  readonly #runs = new Map<string, FluxRun>();
  readonly #abort = new AbortController();

  constructor(http: InfluxHttp, folder: () => Promise<string>) {
    this.#http = http;
    this.#folder = folder;
  }

  /** Runs a query and tells how far it is; whoever stops listening stops it at the server. @throws NoodleError query-failed */
  async *begin(text: string, bound: Variables, signal: AbortSignal): AsyncGenerator<FluxProgress> {
    const run = new FluxRun(await this.#folder());
    await this.#keep(run);
    const left = new AbortController();
    const rows = this.#http.rows(
      { text },
      { signal: AbortSignal.any([signal, left.signal, this.#abort.signal]), extern: variables(bound) },
    );
    let ended = false;
    const filling = run.fill(rows).finally(() => {
      ended = true;
    });
    filling.catch(() => {});
    try {
      while (!ended) {
        await Promise.race([filling, sleep(limits.streamBatchInterval)]);
        if (!ended) yield run.progress();
      }
      await filling;
      yield run.progress();
    } finally {
      left.abort();
    }
  }

  /** @throws NoodleError not-found for one that was let go */
  must(id: string): FluxRun {
    const run = this.#runs.get(id);
    if (run) return run;
    throw new NoodleError({ code: 'not-found', what: 'The rows of this run are no longer kept.', todo: 'Run the query again.' });
  }

  async forget(id: string): Promise<void> {
    const run = this.#runs.get(id);
    this.#runs.delete(id);
    await run?.remove();
  }

  async close(): Promise<void> {
    this.#abort.abort();
    await Promise.all([...this.#runs.keys()].map((id) => this.forget(id)));
  }

  async #keep(run: FluxRun): Promise<void> {
    const [oldest] = this.#runs.keys();
    if (oldest !== undefined && this.#runs.size >= limits.fluxRuns) await this.forget(oldest);
    this.#runs.set(run.id, run);
  }
}
