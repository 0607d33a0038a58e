/** `noodlebox sql`: statements run to their end, rows printed as they come. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import type { ResultColumn, SqlParam } from '../../../../preload/contract/sql.ts';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';
import { type SqlPrinter, sqlPrinter } from '../sql-printer.ts';

export interface SqlOptions {
  readonly service?: string;
  readonly script?: string;
  readonly param: readonly string[];
  readonly readOnly: boolean;
  readonly timeout?: string;
  readonly csv: boolean;
}

export async function sql(query: string | undefined, options: SqlOptions, globals: GlobalOptions): Promise<void> {
  if (options.csv && globals.json) throw new NoodleError({ code: 'bad-argument', what: '--csv and --json are two forms; choose one.' });
  const params = paramsOf(options.param);
  const timeout = options.timeout === undefined ? limits.statementTimeout : msOf(options.timeout);
  const text = await textOf(query, options.script);
  await withKnownStack(globals, async (stack, signal) => {
    const service = stack.serviceOfKind('postgres', options.service);
    const session = await stack.session('postgres', service);
    const out = await sqlPrinter(globals.json ? 'json' : options.csv ? 'csv' : 'text');
    const at = Date.now();
    const begun = performance.now();
    let rows = 0;
    let readerLeft = false;
    process.stdout.once('error', () => {
      readerLeft = true;
    });
    const notebook = await stack.notebook();
    const record = (failure: string | null) =>
      notebook.record({ panel: 'sql', service, text, at, took: performance.now() - begun, rows, failure });
    try {
      await session.stream(
        { text, params, readOnly: options.readOnly, timeout, transactions: 'auto' },
        {
          columns: (columns: readonly ResultColumn[]) => out.columns(columns),
          rows: (batch) => {
            rows += batch.length;
            return write(out.rows(batch), signal);
          },
          notice: (notice) => void process.stderr.write(`${notice}\n`),
          done: (tag) => void process.stdout.write(out.done(tag)),
        },
        signal,
      );
    } catch (error) {
      record(signal.aborted ? 'Cancelled.' : (error as Error).message);
      // A reader that has seen enough (`| head`) is no failure; Ctrl-C is.
      if (signal.aborted && readerLeft) return;
      const { at: place } = asNoodleError(error).problem;
      if (place && !globals.json) process.stderr.write(pointed(text, place));
      throw error;
    }
    record(null);
    await write(end(out, rows, performance.now() - begun), signal);
  });
}

/** Never more in memory than the reader takes. */
async function write(text: string, signal: AbortSignal): Promise<void> {
  if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal });
}

/** The line in which something is wrong, with a mark under it. */
export function pointed(text: string, { offset, length }: { readonly offset: number; readonly length: number }): string {
  const from = text.lastIndexOf('\n', offset - 1) + 1;
  const lineEnd = text.indexOf('\n', offset);
  const line = text.slice(from, lineEnd < 0 ? text.length : lineEnd);
  const number = `${text.slice(0, from).split('\n').length} `;
  const before = line.slice(0, offset - from).replace(/[^\t]/g, ' ');
  return `${number}${line}\n${' '.repeat(number.length)}${before}${'^'.repeat(Math.max(1, Math.min(length, line.length - (offset - from))))}\n`;
}

function end(out: SqlPrinter, rows: number, ms: number): string {
  return out.end({ rows, took: Math.round(ms) });
}

async function textOf(query: string | undefined, file: string | undefined): Promise<string> {
  if (query !== undefined && file !== undefined) {
    throw new NoodleError({ code: 'bad-argument', what: 'A query and a file with one: give one of them.' });
  }
  if (query !== undefined && query !== '-') return query;
  if (file !== undefined && file !== '-') {
    return readFile(file, 'utf8').catch((error: Error) => {
      throw new NoodleError({ code: 'bad-argument', what: `${file} cannot be read.`, why: error.message }, { cause: error });
    });
  }
  if (process.stdin.isTTY) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'There is no query.',
      todo: 'Write one, name a file with --script, or send one to standard input.',
    });
  }
  return readAll(process.stdin);
}

/** `name=value`; `name:type=value` gives the type; `name=` is an empty text, and `name` alone is NULL. */
function paramsOf(given: readonly string[]): Record<string, SqlParam> {
  const params: [string, SqlParam][] = given.map((each) => {
    const match = /^([A-Za-z_]\w*)(?::(text|integer|bigint|numeric|boolean|uuid|date|timestamptz|interval|jsonb))?(?:=([\s\S]*))?$/.exec(
      each,
    );
    if (!match) {
      throw new NoodleError({
        code: 'bad-argument',
        what: `"${each}" is no parameter.`,
        todo: 'Write name=value, or name:type=value with a type such as integer, numeric, uuid or timestamptz.',
      });
    }
    const [, name = '', type = 'auto', value] = match;
    return [name, { type: type as SqlParam['type'], value: value ?? null }];
  });
  return Object.fromEntries(params);
}

/** @param text seconds */
function msOf(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 86_400) return Math.round(seconds * 1000);
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no number of seconds.`, todo: 'Write 0 for none, 86400 at most.' });
}
