import { setTimeout as sleep } from 'node:timers/promises';
import { HttpError } from '@influxdata/influxdb-client';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';

/** Sends points, and again after a pause while the server is away or has too much to do: written twice, a point is one point. */
export async function patiently(send: () => Promise<void>, signal: AbortSignal): Promise<void> {
  for (let round = 0; ; round++) {
    try {
      return await send();
    } catch (error) {
      signal.throwIfAborted();
      const pause = limits.connectRetries[round];
      if (pause === undefined || !passesBy(error)) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** 500 is also what a write is answered that took longer than 10 s, as one into many new shards may. */
function passesBy(error: unknown): boolean {
  if (!(error instanceof NoodleError)) return false;
  const { code, cause } = error;
  return code === 'service-unreachable' || (cause instanceof HttpError && (cause.statusCode === 429 || cause.statusCode >= 500));
}
