import type { GlobalOptions } from './main.ts';
import { paint, took } from './text.ts';

/** The last word of a long command that went well. @param ms how long it took @param more what `--json` tells beside */
export function result(globals: GlobalOptions, ms: number, words: string, more: object = {}): void {
  const text = globals.json
    ? JSON.stringify({ type: 'result', ok: true, took: Math.round(ms), ...more })
    : `${paint('green', '✔')} ${words}  ${paint('dim', took(ms))}`;
  process.stdout.write(`${text}\n`);
}
