import type { GlobalOptions } from './main.ts';
import { paint, took } from './text.ts';

/** The last word of a long command that went well. @param ms how long it took */
export function result(globals: GlobalOptions, ms: number, words: string): void {
  const text = globals.json
    ? JSON.stringify({ type: 'result', ok: true, took: Math.round(ms) })
    : `${paint('green', '✔')} ${words}  ${paint('dim', took(ms))}`;
  process.stdout.write(`${text}\n`);
}
