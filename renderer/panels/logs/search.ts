import type { LogLevel } from '../../../preload/contract/index.ts';

export const levels = ['debug', 'info', 'warn', 'error'] as const satisfies readonly LogLevel[];

/** What the log panel shows, kept in the address. `level` is the least one shown. */
export interface LogsSearch {
  services?: string[];
  level?: LogLevel;
  text?: string;
}

export function logsSearch(search: Record<string, unknown>): LogsSearch {
  const services = Array.isArray(search.services) ? search.services.filter((each): each is string => typeof each === 'string') : [];
  const level = levels.find((each) => each === search.level);
  const text = typeof search.text === 'string' ? search.text.slice(0, 1000) : '';
  return {
    ...(services.length > 0 ? { services } : {}),
    ...(level !== undefined && level !== 'debug' ? { level } : {}),
    ...(text !== '' ? { text } : {}),
  };
}

/** The levels a filter lets through; empty lets all through. */
export function levelsFrom(least: LogLevel | undefined): LogLevel[] {
  return least === undefined || least === 'debug' ? [] : levels.slice(levels.indexOf(least));
}
