/**
 * A process that takes, restores, branches or compares a snapshot and is killed in the middle. Reads what to do from its standard
 * input; kills itself, as `kill -9` would, at the moment the given step begins or ends.
 */
import { writeSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { createCore } from '../../main/core/create.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';

export interface ChildOrder {
  readonly stack: string;
  readonly runtime: RuntimeKind;
  /** The snapshot to restore; with `branch`, to open beside; neither: one is taken. */
  readonly restore?: string;
  readonly branch?: string;
  /** With `restore`: in any case, or not at all. */
  readonly rehearse?: boolean;
  /** The snapshot to delete. */
  readonly delete?: string;
  /** One is taken with a ready copy. */
  readonly hot?: true;
  /** Each step is told on the standard output, for a parent that kills at another moment. */
  readonly told?: true;
  /** Ready copies are made anew. */
  readonly renew?: true;
  /** The snapshot to compare with now. */
  readonly diff?: string;
  /** "copy redis-data" */
  readonly at: string;
  readonly state: 'running' | 'done';
}

const order = JSON.parse(await text(process.stdin)) as ChildOrder;
const core = await createCore({ env: process.env });
const stack = await core.open({ stack: order.stack, runtime: order.runtime });
const run = {
  signal: new AbortController().signal,
  onEvent: (event: { type: string; id?: string; state?: string }) => {
    if (order.told && event.type === 'operation') writeSync(1, `${event.id} ${event.state}\n`);
    if (event.type === 'operation' && event.id === order.at && event.state === order.state) process.kill(process.pid, 'SIGKILL');
  },
};
if (order.told) writeSync(1, 'begin\n');
if (order.delete) await stack.snapshots.delete(order.delete, run);
else if (order.renew) await stack.snapshots.renew(run);
else if (order.diff) await stack.snapshots.diff({ before: order.diff, after: null, services: [] }, run);
else if (order.branch) await stack.snapshots.branch(order.branch, null, run);
else if (order.restore) await stack.snapshots.restore(order.restore, run, { rehearse: order.rehearse });
else await stack.snapshots.create({ name: order.told ? null : 'killed', note: null, hot: order.hot === true }, run);
await core.close();
