/** A tab's own connection: what it set stays set, and a transaction that it began stays open. */
import type { TransactionState } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import type { Bound } from '../wire/frames.ts';
import { openWire, type StatementSink, type Wire } from '../wire/wire.ts';
import { cancelBackend } from './cancel.ts';

/** How statements are to be run. */
export interface Conduct {
  readonly readOnly: boolean;
  /** ms; 0: none */
  readonly timeout: number;
  readonly transactions: 'auto' | 'manual';
}

export class Desk {
  readonly #connection: Connection;
  #wire: Wire | undefined;
  /** What this connection was told already. */
  #timeout: number | undefined;
  #readOnly = false;
  #idle: NodeJS.Timeout | undefined;
  /** Since when nothing was asked of it, ms since the epoch. */
  used = Date.now();

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get transaction(): TransactionState {
    if (!this.#wire || this.#wire.closed) return 'none';
    return { I: 'none', T: 'open', E: 'failed' }[this.#wire.status] as TransactionState;
  }

  /** Runs one statement as wanted. An abort cancels it on the server. @returns its tag */
  async run(statement: Bound, conduct: Conduct, sink: StatementSink, signal: AbortSignal): Promise<string> {
    return this.#held(async () => {
      const wire = await this.#prepared(conduct, signal);
      if (conduct.transactions === 'manual' && wire.status === 'I' && !endsTransaction(statement.text)) await wire.command('begin');
      if (conduct.readOnly && wire.status === 'T') await wire.command('set transaction_read_only = on');
      return this.#cancelling(wire, signal, () => wire.run(statement, sink));
    });
  }

  /** Runs one statement that leaves nothing behind: in a transaction that is rolled back, or to a savepoint of the one that is open. */
  async runAndForget(statement: Bound, conduct: Conduct, sink: StatementSink, signal: AbortSignal): Promise<string> {
    return this.#held(async () => {
      const wire = await this.#prepared(conduct, signal);
      const open = wire.status !== 'I';
      await wire.command(open ? 'savepoint noodlebox_explain' : conduct.readOnly ? 'begin read only' : 'begin');
      try {
        return await this.#cancelling(wire, signal, () => wire.run(statement, sink));
      } finally {
        if (!wire.closed) {
          await wire.command(open ? 'rollback to savepoint noodlebox_explain; release savepoint noodlebox_explain' : 'rollback');
        }
      }
    });
  }

  async end(how: 'commit' | 'rollback'): Promise<void> {
    const wire = this.#wire;
    if (!wire || wire.closed || wire.status === 'I') return;
    if (how === 'commit' && wire.status === 'E') {
      throw new NoodleError({
        code: 'query-failed',
        what: 'A transaction in which a statement failed cannot be committed.',
        todo: 'Roll it back.',
      });
    }
    await wire.command(how);
  }

  close(): void {
    clearTimeout(this.#idle);
    this.#wire?.close();
    this.#wire = undefined;
  }

  async #held<T>(act: () => Promise<T>): Promise<T> {
    clearTimeout(this.#idle);
    try {
      return await act();
    } finally {
      this.used = Date.now();
      this.#idle = setTimeout(() => this.#restIfIdle(), limits.poolIdle);
      this.#idle.unref();
    }
  }

  #restIfIdle(): void {
    if (this.transaction === 'none') this.close();
  }

  /** The connection, told how statements are to be run. */
  async #prepared({ timeout, readOnly }: Conduct, signal: AbortSignal): Promise<Wire> {
    if (!this.#wire || !(await answers(this.#wire))) {
      this.#wire = await openWire(this.#connection, { statementTimeout: timeout, readOnly, signal });
      this.#timeout = timeout;
      this.#readOnly = readOnly;
      return this.#wire;
    }
    const wire = this.#wire;
    // In a failed transaction nothing can be set; what is run will say so.
    if (wire.status === 'E') return wire;
    if (this.#timeout !== timeout) await wire.command(`set statement_timeout = ${Math.round(timeout)}`);
    this.#timeout = timeout;
    // Each time: a statement may have switched it off.
    if (readOnly) await wire.command('set default_transaction_read_only = on');
    else if (this.#readOnly) await wire.command('set default_transaction_read_only = off');
    this.#readOnly = readOnly;
    return wire;
  }

  async #cancelling<T>(wire: Wire, signal: AbortSignal, act: () => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    let cancelling: Promise<void> | undefined;
    const cancel = () => {
      // What cannot be cancelled ends with its connection.
      cancelling = cancelBackend(this.#connection, wire.pid).catch(() => wire.close());
    };
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await act();
    } finally {
      signal.removeEventListener('abort', cancel);
      // A late cancel would hit the next statement.
      await cancelling;
    }
  }
}

/** A server that was restarted meanwhile is told from one that is there. In a transaction nothing is asked: it would be lost in silence. */
async function answers(wire: Wire): Promise<boolean> {
  if (wire.closed) return false;
  if (wire.status !== 'I') return true;
  return wire.command('').then(
    () => true,
    () => false,
  );
}

function endsTransaction(text: string): boolean {
  return /^(begin|start|commit|end|rollback|abort|vacuum|create\s+database|drop\s+database|alter\s+system)\b/i.test(text);
}
