import type { LogLevel } from '../../../preload/contract/index.ts';

/** log4j2 as Pulsar ships it: 2026-01-31T12:00:00,123+0000 [thread] INFO  class - text */
const prefix = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)[,.](\d{3})([+-]\d\d):?(\d\d) \[.*?\] (TRACE|DEBUG|INFO|WARN|ERROR|FATAL)\b/;

const levels: Readonly<Record<string, LogLevel>> = { TRACE: 'debug', DEBUG: 'debug', INFO: 'info', WARN: 'warn' };

export function parseLine(line: string): { readonly time?: number; readonly level?: LogLevel } {
  const match = prefix.exec(line);
  if (!match) return {};
  const [, time, millisecond, hours, minutes, level] = match;
  return { time: Date.parse(`${time}.${millisecond}${hours}:${minutes}`), level: levels[level!] ?? 'error' };
}
