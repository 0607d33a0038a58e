import type { LogLevel } from '../../../preload/contract/index.ts';

/** `42:M 31 Jan 2026 12:00:00.123 * text`: pid, role, local time, and a sign for the level (redis, server.c, serverLogRaw). */
const prefix = /^\d+:[XCSM] (\d\d) ([A-Z][a-z]{2}) (\d{4}) (\d\d):(\d\d):(\d\d)\.(\d{3}) ([.\-*#]) /;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const levels: Readonly<Record<string, LogLevel>> = { '.': 'debug', '-': 'info', '*': 'info', '#': 'warn' };

/** Redis writes the time of the zone it runs in: that is UTC in the images, and the native runtime starts it so. */
export function parseLine(line: string): { readonly time?: number; readonly level?: LogLevel } {
  const match = prefix.exec(line);
  if (!match) return {};
  const [, day, month, year, hour, minute, second, millisecond, sign] = match;
  const time = Date.UTC(
    Number(year),
    months.indexOf(month!),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(millisecond),
  );
  return { time, level: levels[sign!] };
}
