/**
 * A process that backs up or restores a PostgreSQL and is killed in the middle. Reads what to do from its standard input; kills
 * itself, as `kill -9` would, at the moment the given step begins or ends.
 */
import { text } from 'node:stream/consumers';
import { createCore } from '../../main/core/create.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import type { RestoreTarget } from '../../preload/contract/pitr.ts';

export interface PitrOrder {
  readonly stack: string;
  readonly runtime: RuntimeKind;
  /** Null: a backup is taken. */
  readonly restore: RestoreTarget | null;
  /** "recover postgres" */
  readonly at: string;
  readonly state: 'running' | 'done';
  /** ms after that moment */
  readonly after?: number;
}

const order = JSON.parse(await text(process.stdin)) as PitrOrder;
const core = await createCore({ env: process.env });
const stack = await core.open({ stack: order.stack, runtime: order.runtime });
const kill = () => process.kill(process.pid, 'SIGKILL');
const run = {
  signal: new AbortController().signal,
  onEvent: (event: { type: string; id?: string; state?: string }) => {
    if (event.type !== 'operation' || event.id !== order.at || event.state !== order.state) return;
    if (order.after) setTimeout(kill, order.after);
    else kill();
  },
};
if (order.restore) await stack.pitr().restore(order.restore, run);
else await stack.pitr().backup('auto', 'asked', run);
await core.close();
