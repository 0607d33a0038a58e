/** Words and figures for a terminal. */
import { styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

/** Colour where a person looks on, and NO_COLOR does not forbid it. */
export function paint(style: Style, text: string, stream: NodeJS.WriteStream = process.stdout): string {
  return stream.isTTY && !process.env.NO_COLOR ? styleText(style, text, { validateStream: false }) : text;
}

/** Columns as wide as their widest cell; colours do not count. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => visible(row[column] ?? '').length))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell + ' '.repeat(Math.max(0, widths[column]! - visible(cell).length)))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function visible(text: string): string {
  return text.replaceAll(/\u001b\[\d+m/g, '');
}

/** @param bytes shown in MiB, or GiB from 10 GiB on */
export function size(bytes: number): string {
  const mebibytes = bytes / 2 ** 20;
  return mebibytes >= 10_240 ? `${(mebibytes / 1024).toFixed(1)} GiB` : `${mebibytes.toFixed(mebibytes < 10 ? 1 : 0)} MiB`;
}

/** @param ms shown as `850 ms`, `12.3 s` or `3 min 05 s` */
export function took(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
  return `${Math.floor(ms / 60_000)} min ${String(Math.floor(ms / 1_000) % 60).padStart(2, '0')} s`;
}

const stateMarks: Readonly<Record<string, readonly [mark: string, style: Style]>> = {
  healthy: ['●', 'green'],
  stopped: ['○', 'dim'],
  unhealthy: ['✖', 'red'],
  exited: ['✖', 'red'],
};

/** A service's state as mark and word: never by colour alone. */
export function stateWord(state: string): string {
  const [mark, style] = stateMarks[state] ?? ['◐', 'yellow'];
  return paint(style, `${mark} ${state}`);
}
