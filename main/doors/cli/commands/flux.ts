import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text as readAll } from 'node:stream/consumers';
import { NoodleError } from '../../../errors.ts';
import type { Row } from '../../../services/influxdb/query.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withKnownStack } from '../session.ts';
import { timeOf } from './logs.ts';

export interface FluxOptions {
  readonly service?: string;
  readonly script?: string;
  readonly since: string;
  readonly until?: string;
}

/** Runs a query and prints each row as it comes: an object a line with `--json`, else tab-separated with a head for each kind of table. */
export async function flux(query: string | undefined, options: FluxOptions, globals: GlobalOptions): Promise<void> {
  const text = await queryText(query, options.script);
  const now = Date.now();
  const range = { start: timeOf(options.since, now), stop: options.until === undefined ? now : timeOf(options.until, now) };
  await withKnownStack(globals, async (stack, signal) => {
    const begun = performance.now();
    const session = await stack.session('influxdb', stack.serviceOfKind('influxdb', options.service));
    const format = globals.json ? jsonLine : tabbed();
    let rows = 0;
    let held = '';
    const write = async () => {
      const chunk = held;
      held = '';
      // Never more in memory than the reader takes.
      if (chunk !== '' && !process.stdout.write(chunk)) await once(process.stdout, 'drain', { signal });
    };
    try {
      for await (const row of session.flux.rows(text, session.flux.variables(range, 1_000), signal)) {
        rows++;
        held += format(row);
        if (held.length > 64 * 1024) await write();
      }
    } catch (error) {
      throw placed(error, text);
    } finally {
      if (!signal.aborted) await write();
    }
    const took = performance.now() - begun;
    if (globals.json) process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, rows, took: Math.round(took) })}\n`);
    else if (process.stdout.isTTY) result(globals, took, `${rows} ${rows === 1 ? 'row' : 'rows'}`);
  });
}

async function queryText(query: string | undefined, script: string | undefined): Promise<string> {
  if (query !== undefined && script !== undefined)
    throw new NoodleError({ code: 'bad-argument', what: 'Give a query or a --script, not both.' });
  if (script !== undefined) return readScript(script);
  if (query === '-' || (query === undefined && !process.stdin.isTTY)) return readAll(process.stdin);
  if (query !== undefined) return query;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'There is no query.',
    todo: 'Give one, a file with --script, or - to read it from the standard input.',
    command: `noodlebox flux 'buckets()'`,
  });
}

async function readScript(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new NoodleError({ code: 'bad-argument', what: `${path} cannot be read.`, why: (error as Error).message }, { cause: error });
  }
}

/** One row as an object by column: numbers that JSON holds exactly as numbers, all else as text; null where the server gave nothing. */
function jsonLine({ values, tableMeta }: Row): string {
  const row: Record<string, unknown> = {};
  for (const { label, index, dataType, defaultValue } of tableMeta.columns) {
    const cell = values[index] === '' ? defaultValue : values[index]!;
    if (label === 'table' || (label === 'result' && cell === '_result')) continue;
    row[label] = jsonValue(dataType, cell);
  }
  return `${JSON.stringify({ type: 'row', ...row })}\n`;
}

function jsonValue(dataType: string, cell: string): unknown {
  if (cell === '') return dataType === 'string' ? '' : null;
  if (dataType === 'boolean') return cell === 'true';
  if (dataType !== 'double' && dataType !== 'long' && dataType !== 'unsignedLong') return cell;
  const value = Number(cell);
  return Number.isFinite(value) && (dataType === 'double' || Number.isSafeInteger(value)) ? value : cell;
}

function tabbed(): (row: Row) => string {
  let meta: unknown;
  return ({ values, tableMeta }) => {
    const columns = tableMeta.columns.filter(({ label }) => label !== 'table' && label !== 'result');
    const head = meta === tableMeta ? '' : `${meta === undefined ? '' : '\n'}${columns.map(({ label }) => label).join('\t')}\n`;
    meta = tableMeta;
    return `${head}${columns.map(({ index }) => escaped(values[index] ?? '')).join('\t')}\n`;
  };
}

/** A row stays a line, and a cell a cell. */
function escaped(cell: string): string {
  return cell.replace(/[\\\t\n\r]/g, (character) => ({ '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' })[character]!);
}

/** A terminal has no other way to point into the text than by line and column. */
function placed(error: unknown, text: string): unknown {
  if (!(error instanceof NoodleError) || error.problem.at === undefined) return error;
  const before = text.slice(0, error.problem.at.offset).split('\n');
  const why = `Line ${before.length}, column ${before.at(-1)!.length + 1}: ${text.split('\n')[before.length - 1]!.trim()}`;
  return new NoodleError({ ...error.problem, why: error.problem.why ? `${error.problem.why} ${why}` : why }, { cause: error.cause });
}
