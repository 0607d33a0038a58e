import { once } from 'node:events';
import type { LogLine } from '../../../../preload/contract/models.ts';
import { NoodleError } from '../../../errors.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { paint } from '../text.ts';

export async function logs(
  services: string[],
  options: { follow: boolean; since?: string; tail?: string },
  globals: GlobalOptions,
): Promise<void> {
  const since = options.since === undefined ? undefined : timeOf(options.since, Date.now());
  const tail = options.tail === undefined ? undefined : lineCount(options.tail);
  await withKnownStack(globals, async (stack, signal) => {
    const format = globals.json ? jsonLine : prefixed();
    try {
      for await (const batch of stack.logs({ services, since, tail, follow: options.follow, signal })) {
        let text = '';
        for (const line of batch) text += format(line);
        // One write a batch, and never more in memory than the reader takes.
        if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal });
      }
    } catch (error) {
      // Ctrl-C is how following ends, and so is a reader that has seen enough.
      if (!signal.aborted) throw error;
    }
    if (globals.json) process.stdout.write('{"type":"result","ok":true}\n');
  });
}

function jsonLine(line: LogLine): string {
  return `${JSON.stringify({ type: 'line', ...line })}\n`;
}

const styles = ['cyan', 'yellow', 'green', 'red', 'bold'] as const;

/** `service  | text`, the names in one column as far as they are known. */
function prefixed(): (line: LogLine) => string {
  const prefixes = new Map<string, string>();
  const width = 'influxdb'.length;
  return ({ service, text }) => {
    let prefix = prefixes.get(service);
    if (prefix === undefined) {
      prefix = paint(styles[prefixes.size % styles.length]!, `${service.padEnd(width)} | `);
      prefixes.set(service, prefix);
    }
    return `${prefix}${text}\n`;
  };
}

const units: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `10m`, `2h`, `3d` ago, or a time as Date reads it. @returns ms since the epoch */
export function timeOf(text: string, now: number): number {
  const ago = /^(\d+)([smhd])$/.exec(text);
  const time = ago ? now - Number(ago[1]) * units[ago[2]!]! : Date.parse(text);
  if (Number.isFinite(time)) return time;
  throw new NoodleError({
    code: 'bad-argument',
    what: `"${text}" is no time.`,
    todo: 'Write 30s, 10m, 2h, 3d, or a time such as 2026-01-31T12:00:00Z.',
  });
}

function lineCount(text: string): number {
  const lines = Number(text);
  if (Number.isInteger(lines) && lines >= 0 && text !== '') return lines;
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no number of lines.` });
}
