/** The tabs of the panel: each with a connection of its own and what was last run in it. */
import type { TransactionState } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { Desk } from './desk.ts';
import { type ExplainWanted, explain } from './explain.ts';
import { Run, type RunPlace, type RunWanted } from './run.ts';

interface Tab {
  readonly desk: Desk;
  run: Run | undefined;
  /** Something other than a run holds its connection. */
  busy: boolean;
}

export class Tabs {
  readonly #place: RunPlace;
  readonly #tabs = new Map<string, Tab>();

  constructor(place: RunPlace) {
    this.#place = place;
  }

  /** Begins to run a text; what the tab's last run gave is let go. @throws NoodleError bad-argument, stack-busy */
  async run(id: string, wanted: RunWanted): Promise<Run> {
    const tab = this.#free(id);
    const before = tab.run;
    const run = new Run(tab.desk, this.#place, wanted);
    tab.run = run;
    await before?.remove();
    return run;
  }

  /** The plan as EXPLAIN (FORMAT JSON) gives it, and the statement it is of. */
  async explain(id: string, wanted: ExplainWanted, signal: AbortSignal): Promise<{ plan: string; statement: string }> {
    const tab = this.#free(id);
    tab.busy = true;
    try {
      return await explain(tab.desk, this.#place, wanted, signal);
    } finally {
      tab.busy = false;
    }
  }

  /** @throws NoodleError not-found */
  find(run: string): Run {
    for (const tab of this.#tabs.values()) if (tab.run?.id === run) return tab.run;
    throw new NoodleError({ code: 'not-found', what: 'This result is no longer there.', todo: 'Run the statement again.' });
  }

  view(id: string): { transaction: TransactionState; run: Run | undefined } {
    const tab = this.#tabs.get(id);
    return { transaction: tab?.desk.transaction ?? 'none', run: tab?.run };
  }

  async end(id: string, how: 'commit' | 'rollback'): Promise<TransactionState> {
    const tab = this.#free(id);
    tab.busy = true;
    try {
      await tab.desk.end(how);
      return tab.desk.transaction;
    } finally {
      tab.busy = false;
    }
  }

  async close(id: string): Promise<void> {
    const tab = this.#tabs.get(id);
    this.#tabs.delete(id);
    await tab?.run?.remove();
    tab?.desk.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#tabs.keys()].map((id) => this.close(id)));
  }

  /** A tab in which nothing runs. */
  #free(id: string): Tab {
    const tab = this.#tabs.get(id);
    if (tab) {
      if (!tab.busy && tab.run?.view.state !== 'running') return tab;
      throw new NoodleError({
        code: 'stack-busy',
        what: 'A statement runs in this tab.',
        todo: 'Wait for its end, cancel it, or open another tab.',
      });
    }
    this.#makeRoom();
    const made: Tab = { desk: new Desk(this.#place.connection), run: undefined, busy: false };
    this.#tabs.set(id, made);
    return made;
  }

  /** The tab used least of late gives way, unless something runs or is open in it. */
  #makeRoom(): void {
    if (this.#tabs.size < limits.sqlTabs) return;
    const idle = [...this.#tabs].filter(([, { desk, run, busy }]) => !busy && run?.view.state !== 'running' && desk.transaction === 'none');
    const [oldest] = idle.sort(([, a], [, b]) => a.desk.used - b.desk.used);
    if (!oldest) {
      throw new NoodleError({
        code: 'too-large',
        what: `${limits.sqlTabs} tabs hold a connection, and something runs or is open in each.`,
        todo: 'End a transaction, or close a tab.',
      });
    }
    void this.close(oldest[0]);
  }
}
