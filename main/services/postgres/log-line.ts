import type { LogLevel } from '../../../preload/contract/index.ts';

/** `log_line_prefix = '%m [%p] '`: 2026-01-31 12:00:00.123 UTC [42] LOG:  text. Zones other than UTC are left to the engine's own time. */
const prefix = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d\.\d{3}) (UTC|GMT)(?: \[\d+\])? (?:\S+ )?([A-Z]+\d?): /;

/** https://www.postgresql.org/docs/17/runtime-config-logging.html#RUNTIME-CONFIG-SEVERITY-LEVELS */
const levels: Readonly<Record<string, LogLevel>> = {
  LOG: 'info',
  INFO: 'info',
  NOTICE: 'info',
  WARNING: 'warn',
  ERROR: 'error',
  FATAL: 'error',
  PANIC: 'error',
};

export function parseLine(line: string): { readonly time?: number; readonly level?: LogLevel } {
  const match = prefix.exec(line);
  if (!match) return {};
  const time = Date.parse(`${match[1]}T${match[2]}Z`);
  const severity = match[4]!;
  // DETAIL, HINT, STATEMENT and the like go on with the message before: the same time, the same level.
  if (severity.startsWith('DEBUG')) return { time, level: 'debug' };
  return severity in levels ? { time, level: levels[severity] } : {};
}
