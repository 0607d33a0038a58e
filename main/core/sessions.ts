/** One session a service, opened when first asked for and kept while its address stays the same. */
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import { NoodleError } from '../errors.ts';
import type { SpoolFolder } from '../home/spool-folder.ts';
import { limits } from '../limits.ts';
import type { ServiceSession } from '../services/kind.ts';
import { kindOf, type SessionOf } from '../services/registry.ts';
import { serviceOf } from '../stack/order.ts';
import type { StackContext } from './context.ts';
import { connectionNow } from './fill.ts';

interface Kept {
  readonly url: string;
  readonly opening: Promise<ServiceSession>;
  /** When its address was last looked up, ms since the epoch. */
  looked: number;
}

export class Sessions {
  readonly #context: StackContext;
  readonly #spool: SpoolFolder;
  readonly #kept = new Map<string, Kept>();

  constructor(context: StackContext, spool: SpoolFolder) {
    this.#context = context;
    this.#spool = spool;
  }

  /** @throws NoodleError unknown-service, bad-argument (of another kind), service-unreachable (does not run) */
  async open<Kind extends ServiceKindName>(kind: Kind, service: string): Promise<SessionOf<Kind>> {
    const spec = serviceOf(this.#context.definition, service);
    if (spec.kind !== kind) {
      throw new NoodleError({
        code: 'bad-argument',
        what: `${service} is no ${kindOf(kind).title}.`,
        todo: 'Name a service of that kind.',
      });
    }
    const kept = this.#kept.get(service);
    if (kept && Date.now() - kept.looked < limits.sessionLook) return (await kept.opening) as SessionOf<Kind>;
    const connection = await connectionNow(this.#context, spec);
    const now = this.#kept.get(service);
    if (now?.url === connection.url) {
      now.looked = Date.now();
      return (await now.opening) as SessionOf<Kind>;
    }
    const opening = kindOf(kind)
      .access()
      .then((access) => access.session(connection, { spool: () => this.#spool.path() }));
    this.#kept.set(service, { url: connection.url, opening, looked: Date.now() });
    if (now) void now.opening.then((old) => old.close()).catch(() => {});
    // One that could not be opened is tried afresh the next time.
    opening.catch(() => {
      if (this.#kept.get(service)?.opening === opening) this.#kept.delete(service);
    });
    return opening as Promise<SessionOf<Kind>>;
  }

  async close(): Promise<void> {
    const all = [...this.#kept.values()];
    this.#kept.clear();
    await Promise.all(all.map(({ opening }) => opening.then((session) => session.close()).catch(() => {})));
  }
}
