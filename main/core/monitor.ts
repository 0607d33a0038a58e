/** Looks at a stack's servers while a window shows it: see main/insight/monitor. */
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import type { Connection } from '../services/kind.ts';
import { connectionTo, instanceOf, type StackContext } from './context.ts';

export class StackMonitor {
  readonly #context: StackContext;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;

  constructor(context: StackContext) {
    this.#context = context;
  }

  /** Begins, once. It needs no end: `close` gives it. */
  begin(): void {
    this.#running ??= import('../insight/monitor/monitor.ts').then(({ startMonitor }) =>
      startMonitor({ connections: () => this.#connections(), signal: this.#stop.signal }),
    );
  }

  async close(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  /** Of several services of one kind the first. */
  async #connections(): Promise<Partial<Record<ServiceKindName, Connection>>> {
    const { definition, runtime } = this.#context;
    const observed = await runtime.observe(definition, this.#stop.signal);
    const found: Partial<Record<ServiceKindName, Connection>> = {};
    for (const spec of Object.values(definition.services)) {
      const instance = instanceOf(observed, spec.name);
      if (!spec.kind || found[spec.kind] || instance?.state !== 'running') continue;
      const connection = connectionTo(this.#context, spec, instance);
      if (connection) found[spec.kind] = connection;
    }
    return found;
  }
}
