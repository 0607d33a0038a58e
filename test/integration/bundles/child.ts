/**
 * A process that imports a bundle and is killed in the middle. Reads what to do from its standard input; kills itself,
 * as `kill -9` would, at the moment the given operation begins or ends.
 */
import { text } from 'node:stream/consumers';
import { createCore } from '../../../main/core/create.ts';

export interface ImportOrder {
  readonly file: string;
  readonly stack: string;
  /** "seed the stack" */
  readonly at: string;
  readonly state: 'running' | 'done';
  /** A compose file's text. */
  readonly compose?: string;
}

const order = JSON.parse(await text(process.stdin)) as ImportOrder;
const core = await createCore({ env: process.env });
await core.bundles.import(
  { file: order.file, keys: {} },
  { stack: order.stack, runtime: 'native', compose: order.compose, install: false },
  {
    signal: new AbortController().signal,
    onEvent: (event) => {
      if (event.type === 'operation' && event.id === order.at && event.state === order.state) process.kill(process.pid, 'SIGKILL');
    },
  },
);
await core.close();
