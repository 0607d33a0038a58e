import type { LogLevel } from '../../../preload/contract/index.ts';

/** influxd's logfmt: ts=2026-01-31T12:00:00.123456Z lvl=info msg=… */
const prefix = /^ts=(\S+) lvl=(\w+)/;
const levels: Readonly<Record<string, LogLevel>> = { debug: 'debug', info: 'info', warn: 'warn', error: 'error' };

/** A panic of the Go runtime carries no time of its own. */
const panic = /^(panic|fatal error|Error): /;

export function parseLine(line: string): { readonly time?: number; readonly level?: LogLevel } {
  const match = prefix.exec(line);
  if (!match) return panic.test(line) ? { level: 'error' } : {};
  const time = Date.parse(match[1]!);
  return { time: Number.isNaN(time) ? undefined : time, level: levels[match[2]!] ?? 'error' };
}
