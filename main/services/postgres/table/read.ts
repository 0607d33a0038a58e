/** Rows of a table as the grid shows them. */
import type { ResultColumn, SqlCell, TableName, TableRow, WholeValue } from '../../../../preload/contract/sql.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { PostgresClient } from '../client.ts';
import { sqlState } from '../errors.ts';
import { quoteIdentifier } from '../quote.ts';
import { cellBytes, wholeValue } from '../results/result.ts';
import { tableFailure } from './failure.ts';
import { pageText, type TableViewWanted, whereText } from './select.ts';
import { columnOf, shapeOf, type TableShape } from './shape.ts';
import { textQuery } from './text-query.ts';

export interface TablePage {
  readonly columns: (ResultColumn & { generated: boolean })[];
  readonly rows: TableRow[];
  readonly key: string[];
}

export async function readRows(
  client: PostgresClient,
  name: TableName,
  wanted: TableViewWanted & { readonly from: number; readonly count: number },
  signal: AbortSignal,
): Promise<TablePage> {
  const shape = await shapeOf(client, name, signal);
  const most = cellBytes(wanted.count, shape.columns.length);
  const asked = pageText(shape, wanted, wanted.from, wanted.count, most);
  const rows = await client.lend((lent) => textQuery(lent, asked), signal).catch(tableFailure(shape));
  return {
    columns: shape.columns.map(({ name: column, type, kind, generated }) => ({ name: column, type, kind, generated })),
    rows: rows.map((values) => ({
      cells: shape.columns.map((_, at) => cell(values[at * 2]!, values[at * 2 + 1]!)),
      version: values.at(-1) ?? null,
    })),
    key: shape.versioned ? [...shape.key] : [],
  };
}

function cell(value: string | null, size: string | null): SqlCell {
  return value === null || size === null ? value : { cut: value, bytes: Number(size) };
}

/** Counts for `limits.sqlCountTimeout`, then tells the planner's guess. */
export async function countRows(client: PostgresClient, name: TableName, wanted: TableViewWanted, signal: AbortSignal) {
  const shape = await shapeOf(client, name, signal);
  const where = whereText(shape, wanted.filters);
  try {
    const counted = await client.lend(async (lent) => {
      await lent.query('begin read only');
      try {
        await lent.query(`set local statement_timeout = ${limits.sqlCountTimeout}`);
        return await textQuery(lent, { text: `select count(*) from ${shape.quoted}${where.text}`, values: where.values });
      } finally {
        await lent.query('rollback').catch(() => {});
      }
    }, signal);
    return { rows: Number(counted[0]![0]), exact: true };
  } catch (error) {
    if (sqlState(error) !== '57014') return tableFailure(shape)(error);
    return { rows: await guess(client, shape, where, signal), exact: false };
  }
}

async function guess(client: PostgresClient, shape: TableShape, where: ReturnType<typeof whereText>, signal: AbortSignal): Promise<number> {
  const rows = await client.lend(
    (lent) => textQuery(lent, { text: `explain (format json) select from ${shape.quoted}${where.text}`, values: where.values }),
    signal,
  );
  const [top] = JSON.parse(rows[0]?.[0] ?? '[]') as { Plan?: { 'Plan Rows'?: number } }[];
  return top?.Plan?.['Plan Rows'] ?? 0;
}

/** One value, found by its row's key. @throws NoodleError not-found */
export async function readValue(
  client: PostgresClient,
  name: TableName,
  wanted: { readonly key: Readonly<Record<string, string | null>>; readonly column: string; readonly all: boolean },
  signal: AbortSignal,
): Promise<WholeValue> {
  const shape = await shapeOf(client, name, signal);
  const column = columnOf(shape, wanted.column);
  const quoted = quoteIdentifier(column.name);
  const most = wanted.all ? limits.sqlValueBytesMost : limits.sqlValueBytes;
  const binary = column.kind === 'binary';
  const text = binary ? quoted : `${quoted}::text`;
  const where = keyText(shape, wanted.key);
  const part = binary ? `substring(${text} from 1 for ${most})` : `left(${text}, ${most})`;
  const asked = { text: `select ${part}, octet_length(${text}) from ${shape.quoted}${where.text}`, values: where.values };
  const [row] = await client.lend((lent) => textQuery(lent, asked), signal).catch(tableFailure(shape));
  if (!row) throw new NoodleError({ code: 'not-found', what: 'This row is no longer there.', todo: 'Load the table again.' });
  const bytes = Number(row[1] ?? 0);
  const whole = wholeValue(Buffer.from(row[0] ?? ''), binary, true);
  return { ...whole, bytes, cut: bytes > most };
}

/** @throws NoodleError bad-argument: it does not name the whole key */
export function keyText(shape: TableShape, key: Readonly<Record<string, string | null>>, first = 1) {
  if (shape.key.length === 0) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `Rows of ${shape.schema}.${shape.table} cannot be told apart.`,
      why: 'It has no primary key, and no unique index over columns that are never NULL.',
    });
  }
  const values = shape.key.map((column) => {
    const value = Object.hasOwn(key, column) ? key[column] : undefined;
    if (value !== undefined) return value;
    throw new NoodleError({ code: 'bad-argument', what: `A row's key needs a value of ${column}.` });
  });
  return { text: ` where ${shape.key.map((column, at) => `${quoteIdentifier(column)} = $${first + at}`).join(' and ')}`, values };
}
