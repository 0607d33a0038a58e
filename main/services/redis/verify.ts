import { abortable } from '../connect.ts';
import type { Connection, ServerFacts } from '../kind.ts';
import { openRedis } from './client.ts';

/** Asks as the real user what the server is, and how it differs from the stack's settings. */
export async function verify(connection: Connection, signal: AbortSignal): Promise<ServerFacts> {
  const redis = await openRedis(connection, signal);
  try {
    const info = parseInfo(await abortable(redis.command<string>('INFO', 'server', 'memory', 'persistence'), signal));
    const notes: string[] = [];
    if (info.aof_enabled === '0') notes.push('The append-only file is off: writes since the last dump are lost in a crash.');
    if (info.maxmemory === '0') notes.push('maxmemory is not set: nothing is evicted.');
    return { version: info.valkey_version ?? info.redis_version ?? 'unknown', notes };
  } finally {
    void redis.close();
  }
}

/** The `name:value` lines of INFO: https://redis.io/docs/latest/commands/info/ */
export function parseInfo(text: string): Readonly<Record<string, string>> {
  const lines = text.split(/\r?\n/).filter((line) => line.includes(':') && !line.startsWith('#'));
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]));
}
