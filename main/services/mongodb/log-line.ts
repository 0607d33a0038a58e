import type { LogLevel } from '../../../preload/contract/index.ts';

/** mongod: {"t":{"$date":"2026-01-31T12:00:00.123+00:00"},"s":"I",… (https://www.mongodb.com/docs/manual/reference/log-messages/) */
const mongod = /^\{"t":\{"\$date":"([^"]+)"\},"s":"([A-Z])\d?"/;
const mongodLevels: Readonly<Record<string, LogLevel>> = { F: 'error', E: 'error', W: 'warn', I: 'info', D: 'debug' };

/** FerretDB, console: 2026-01-31T12:00:00.123Z<TAB>INFO<TAB>… */
const ferretdb = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S*)\t(DEBUG|INFO|WARN|ERROR|DPANIC|PANIC|FATAL)\t/;
const ferretdbLevels: Readonly<Record<string, LogLevel>> = { DEBUG: 'debug', INFO: 'info', WARN: 'warn' };

export function parseLine(line: string): { readonly time?: number; readonly level?: LogLevel } {
  const own = mongod.exec(line);
  if (own) return { time: time(own[1]!), level: mongodLevels[own[2]!] ?? 'info' };
  const other = ferretdb.exec(line);
  return other ? { time: time(other[1]!), level: ferretdbLevels[other[2]!] ?? 'error' } : {};
}

function time(text: string): number | undefined {
  // FerretDB writes the offset without a colon, which is not in ISO 8601's extended form.
  const parsed = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'));
  return Number.isNaN(parsed) ? undefined : parsed;
}
