/**
 * The servers, looked at every `limits.monitorInterval` while an app with a window runs. Whatever is away is passed
 * over and looked at again the next time; nothing here ever throws.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { limits } from '../../limits.ts';
import type { Connection } from '../../services/kind.ts';
import type { Gauges } from './gauges.ts';
import { openGauges } from './open-gauges.ts';
import { ensureBucket, type Sample, writeSamples } from './store.ts';

export interface MonitorOptions {
  /** How the running servers are reached now; a kind that is missing does not run. */
  connections(): Promise<Readonly<Partial<Record<ServiceKindName, Connection>>>>;
  readonly signal: AbortSignal;
  /** ms; default `limits.monitorInterval` */
  readonly interval?: number;
}

type Opened = { readonly url: string; readonly gauges: Gauges };

/** Runs until the signal is given. @returns when all that it opened is closed */
export async function startMonitor({ connections, signal, interval = limits.monitorInterval }: MonitorOptions): Promise<void> {
  const opened = new Map<ServiceKindName, Opened>();
  let ensured: string | undefined;
  while (!signal.aborted) {
    const begun = Date.now();
    try {
      const now = await connections();
      const store = now.influxdb;
      // Without InfluxDB there is no place for what would be seen.
      if (store) {
        if (ensured !== store.url) await ensureBucket(store, signal);
        ensured = store.url;
        await writeSamples(store, await look(now, opened, signal), begun, signal);
      }
    } catch {
      ensured = undefined;
    }
    await sleep(Math.max(0, interval - (Date.now() - begun)), undefined, { signal }).catch(() => {});
  }
  for (const { gauges } of opened.values()) void gauges.close().catch(() => {});
}

async function look(
  connections: Readonly<Partial<Record<ServiceKindName, Connection>>>,
  opened: Map<ServiceKindName, Opened>,
  signal: AbortSignal,
): Promise<Sample[]> {
  const entries = Object.entries(connections) as [ServiceKindName, Connection][];
  return Promise.all(
    entries.map(async ([kind, connection]): Promise<Sample> => {
      try {
        const stop = AbortSignal.any([signal, AbortSignal.timeout(limits.monitorAnswer)]);
        const begun = performance.now();
        const gauges = await gaugesOf(kind, connection, opened, stop);
        const values = await gauges.gauges(stop);
        return { measurement: kind, values: { ...values, up: 1, answer_ms: performance.now() - begun } };
      } catch {
        drop(kind, opened);
        return { measurement: kind, values: { up: 0 } };
      }
    }),
  );
}

async function gaugesOf(kind: ServiceKindName, connection: Connection, opened: Map<ServiceKindName, Opened>, signal: AbortSignal) {
  const known = opened.get(kind);
  if (known?.url === connection.url) return known.gauges;
  drop(kind, opened);
  const gauges = await openGauges[kind](connection, signal);
  opened.set(kind, { url: connection.url, gauges });
  return gauges;
}

/** Closing may wait for a server that is gone: nobody waits for that. */
function drop(kind: ServiceKindName, opened: Map<ServiceKindName, Opened>): void {
  const known = opened.get(kind);
  opened.delete(kind);
  void known?.gauges.close().catch(() => {});
}
