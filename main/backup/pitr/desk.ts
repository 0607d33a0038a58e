/** Opening a place to work at: one act at a time on a service's backups, whatever process it comes from. */

import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { asNoodleError, NoodleError } from '../../errors.ts';
import { type Lock, takeLock } from '../../home/lock.ts';
import { limits } from '../../limits.ts';
import type { Bench, BenchRequest } from '../../runtime/bench.ts';
import { openWalServer } from '../../services/postgres/physical/server.ts';
import type { Run } from '../snapshots/host.ts';
import type { Desk } from './archive.ts';
import type { PitrHost } from './host.ts';
import { sweep } from './take.ts';

/** As the image listens. */
const port = 5432;

/** At a desk with the server in reach. @throws NoodleError service-unreachable when it does not run */
export async function atDesk<T>(host: PitrHost, run: Run, act: (desk: Desk) => Promise<T>): Promise<T> {
  const connection = await host.connection();
  if (!connection) {
    throw new NoodleError({
      code: 'service-unreachable',
      what: `${host.spec.name} does not run.`,
      todo: 'Start it.',
      command: `noodlebox up ${host.spec.name} --stack ${host.stack}`,
    });
  }
  return atBench(host, { reaches: { inside: port, published: connection.port } }, run, async (bench) => {
    const server = await openWalServer(connection, run.signal);
    try {
      return await act({
        folder: host.folder,
        bench,
        server,
        connection,
        signal: run.signal,
        notice: (level, message) => run.onEvent({ type: 'notice', level, message }),
      });
    } finally {
      await server.close();
    }
  });
}

/** At a bench with no server, or one in reach. What was cut off before is cleared away first. */
export async function atBench<T>(
  host: PitrHost,
  wanted: Pick<BenchRequest, 'reaches' | 'data'>,
  run: Run,
  act: (bench: Bench) => Promise<T>,
): Promise<T> {
  const lock = await waitForLock(join(host.folder, 'depot.lock'), run.signal);
  try {
    const bench = await host.runtime.benches.open({ definition: host.definition, spec: host.spec, ...wanted });
    try {
      await sweep(bench);
      return await act(bench);
    } finally {
      await bench.close();
    }
  } finally {
    await lock.release();
  }
}

async function waitForLock(path: string, signal: AbortSignal): Promise<Lock> {
  const deadline = Date.now() + limits.depotWait;
  for (;;) {
    signal.throwIfAborted();
    try {
      return await takeLock(path, 'backup of PostgreSQL', 'stack-busy');
    } catch (error) {
      if (asNoodleError(error).code !== 'stack-busy' || Date.now() > deadline) throw error;
      await pause(limits.recoveryLook, undefined, { signal });
    }
  }
}
