/**
 * A process that makes or restores a backup and is killed in the middle. Reads what to do from its standard input; kills
 * itself, as `kill -9` would, at the moment the given step begins or ends.
 */
import { text } from 'node:stream/consumers';
import { createCore } from '../../main/core/create.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';

export interface ChildOrder {
  readonly stack: string;
  readonly runtime: RuntimeKind;
  /** The backup to restore; undefined: one is made. */
  readonly restore?: string;
  /** "restore redis" */
  readonly at: string;
  /** `progress`: at the first word on how far it is. */
  readonly state: 'running' | 'done' | 'progress';
}

const order = JSON.parse(await text(process.stdin)) as ChildOrder;
const core = await createCore({ env: process.env });
const stack = await core.open({ stack: order.stack, runtime: order.runtime });
const run = {
  signal: new AbortController().signal,
  onEvent: (event: { type: string; id?: string; state?: string }) => {
    const state = event.type === 'progress' ? 'progress' : event.state;
    if (event.id === order.at && state === order.state) process.kill(process.pid, 'SIGKILL');
  },
};
if (order.restore) await stack.backups.restore(order.restore, { services: [], keys: {}, snapshot: false }, run);
else await stack.backups.create({ name: 'killed', note: null, services: [], encryption: { kind: 'none' } }, run);
await core.close();
