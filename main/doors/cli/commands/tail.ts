import { once } from 'node:events';
import type { MessageRow, TailFrom } from '../../../../preload/contract/topics.ts';
import { NoodleError } from '../../../errors.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { paint } from '../text.ts';
import { timeOf } from './logs.ts';

export interface TailOptions {
  readonly from?: string;
  readonly filter: string;
  readonly follow: boolean;
  readonly limit?: string;
  readonly service?: string;
}

/** Prints messages of a topic, taking none from its subscriptions: those that are there, or with --follow those that come. */
export async function tail(topic: string, options: TailOptions, globals: GlobalOptions): Promise<void> {
  const from = fromOf(options.from ?? (options.follow ? 'latest' : 'earliest'), Date.now());
  const most = options.limit === undefined ? Number.POSITIVE_INFINITY : countOf(options.limit);
  await withKnownStack(globals, async (stack, signal) => {
    const session = await stack.session('pulsar', stack.serviceOfKind('pulsar', options.service));
    const enough = new AbortController();
    let told = 0;
    let held = '';
    const write = async () => {
      const chunk = held;
      held = '';
      // Never more in memory than the reader takes.
      if (chunk !== '' && !process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal });
    };
    try {
      const reading = AbortSignal.any([signal, enough.signal]);
      for await (const message of session.read(topic, { from, filter: options.filter, follow: options.follow }, reading)) {
        if (told === most) break;
        held += globals.json ? `${message.line()}\n` : textLine(message.row());
        told++;
        if (options.follow || held.length > 64 * 1024) await write();
        if (told === most) break;
      }
    } catch (error) {
      // Ctrl-C is how following ends; a reader that has seen enough (`| head`) ends it either way.
      if (!signal.aborted || (!options.follow && process.stdout.errored === null)) throw error;
    } finally {
      enough.abort();
      if (!signal.aborted) await write();
    }
    if (globals.json) process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, messages: told })}\n`);
  });
}

function textLine({ published, id, key, form, text, size, properties }: MessageRow): string {
  const what = form === 'binary' || form === 'withheld' ? `(${size} bytes)` : form === 'empty' ? '(empty)' : text;
  const head = `${new Date(published).toISOString()}  ${id}  ${key ?? '-'}`;
  return `${paint('dim', head)}  ${what}${properties === '' ? '' : `  ${paint('dim', properties)}`}\n`;
}

/** `latest`, `earliest`, `last:20`, a message id such as `8:42`, or a time: 10m, 2h, an ISO time. */
export function fromOf(text: string, now: number): TailFrom {
  if (text === 'latest' || text === 'earliest') return { kind: text };
  const last = /^last:(\d{1,5})$/.exec(text);
  if (last) return { kind: 'last', count: Math.min(10_000, Math.max(1, Number(last[1]))) };
  if (/^\d+:-?\d+(:-?\d+){0,2}$/.test(text)) return { kind: 'id', id: text };
  try {
    return { kind: 'time', time: timeOf(text, now) };
  } catch (error) {
    throw new NoodleError(
      {
        code: 'bad-argument',
        what: `"${text}" is no place to begin.`,
        todo: 'Write latest, earliest, last:20, a message id such as 8:42, or a time such as 10m or 2026-01-31T12:00:00Z.',
      },
      { cause: error },
    );
  }
}

function countOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count > 0) return count;
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no number of messages.` });
}
