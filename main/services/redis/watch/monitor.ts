/** MONITOR on a connection of its own: every command that the server runs, for a limited time. */
import type { MonitorBatch, MonitorLine } from '../../../../preload/contract/cache-models.ts';
import { limits } from '../../../limits.ts';
import { unreachable } from '../../connect.ts';
import { RedisLink } from '../link.ts';
import { Ring } from './ring.ts';

export interface MonitorOptions {
  /** Text that a command must contain, without regard to case. */
  readonly filter: string;
  /** Noodlebox' own commands too. */
  readonly own: boolean;
  readonly time?: number;
  readonly commands?: number;
}

/** @param isOwn whether an address is one of our own connections */
export async function* monitor(
  link: RedisLink,
  options: MonitorOptions,
  isOwn: (address: string) => boolean,
  signal: AbortSignal,
): AsyncGenerator<MonitorBatch> {
  const ring = new Ring<MonitorLine>(limits.cacheRing);
  const calls = new Map<string, number>();
  const filter = options.filter.toLowerCase();
  const end = performance.now() + (options.time ?? limits.cacheMonitorTime);
  const most = options.commands ?? limits.cacheMonitorCommands;
  let seen = 0;
  let matched = 0;
  let lost = false;
  const watcher = new RedisLink(link.connection, { name: 'noodlebox-profiler', commandTimeout: 0 });
  try {
    const redis = await watcher.redis();
    redis.once('end', () => {
      lost = true;
      ring.wake();
    });
    const monitoring = await redis.monitor();
    try {
      monitoring.once('end', () => {
        lost = true;
        ring.wake();
      });
      monitoring.on('monitor', (time: string, args: string[], source: string, database: string) => {
        if (!options.own && isOwn(source)) return;
        seen++;
        const command = (args[0] ?? '').toUpperCase();
        if (calls.size < 500 || calls.has(command)) calls.set(command, (calls.get(command) ?? 0) + 1);
        const text = cut(args.map((arg, at) => (at === 0 ? command : quoted(arg))).join(' '));
        if (filter !== '' && !text.toLowerCase().includes(filter)) return;
        ring.push({ number: ++matched, time: Number(time) * 1000, database, client: source, command, text });
      });
      for (;;) {
        const left = end - performance.now();
        await ring.filled(signal, Math.max(1, Math.min(left, 1000)));
        if (signal.aborted) return;
        if (lost) throw unreachable('Redis', link.connection, new Error('The connection was closed.'));
        const ended = performance.now() >= end ? 'time' : seen >= most ? 'count' : null;
        yield { lines: ring.take(), seen, matched, dropped: ring.dropped, top: topOf(calls), ended };
        if (ended) return;
        await new Promise((resolve) => setTimeout(resolve, limits.streamBatchInterval));
      }
    } finally {
      monitoring.disconnect();
    }
  } finally {
    watcher.close();
  }
}

function topOf(calls: ReadonlyMap<string, number>): MonitorBatch['top'] {
  return [...calls]
    .map(([command, count]) => ({ command, calls: count }))
    .sort((a, b) => b.calls - a.calls)
    .slice(0, 12);
}

/** The server has escaped what is in quotes already (sdscatrepr). */
function quoted(arg: string): string {
  return /^[^\s"'\\]+$/.test(arg) ? arg : `"${arg}"`;
}

function cut(text: string): string {
  return text.length <= limits.cacheMonitorChars ? text : `${text.slice(0, limits.cacheMonitorChars)}…`;
}
