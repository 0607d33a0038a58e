/** Rows in which an id stands: as a row's own id, as a reference, or as a key of some other kind. */
import type { TableName } from '../../../preload/contract/sql.ts';
import { limits } from '../../limits.ts';
import type { SessionFinding } from '../kind.ts';
import type { PostgresClient } from './client.ts';
import { quoteIdentifier, quoteQualified } from './quote.ts';
import { pageText } from './table/select.ts';
import { shapeOf, type TableShape } from './table/shape.ts';
import { textQuery } from './table/text-query.ts';

interface Candidate {
  readonly schema: string;
  readonly table: string;
  readonly column: string;
  readonly type: string;
  readonly indexed: boolean;
  readonly large: boolean;
}

/** Columns that may hold ids: of a fitting type, and indexed or named like one. */
const candidates = `
  select n.nspname as schema, c.relname as table, a.attname as column, t.typname as type,
         exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum) as indexed,
         c.reltuples > $2 as large
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  where c.relkind in ('r', 'p') and not c.relispartition
    and n.nspname !~ '^pg_(toast|temp)' and n.nspname not in ('pg_catalog', 'information_schema')
    and t.typname = any($1::text[])
    and (a.attname ~* '(^|_)(uu|gu)?ids?$'
      or exists (select from pg_index i where i.indrelid = c.oid and i.indkey[0] = a.attnum))
  order by 1, 2, a.attnum`;

/** Looking through a larger table without an index takes too long. */
const largeRows = 1_000_000;
const cellBytes = 500;

export async function traceRows(client: PostgresClient, id: string, signal: AbortSignal) {
  const columns = await client.query<Candidate>(candidates, [typesOf(id), largeRows], signal);
  const asked = columns.filter(({ indexed, large }) => indexed || !large);
  const tables = Map.groupBy(asked, ({ schema, table }) => JSON.stringify([schema, table]));
  const findings: SessionFinding[] = [];
  let cut = asked.length < columns.length;
  for (const group of tables.values()) {
    const found = await inTable(client, id, group, limits.traceFindings + 1 - findings.length, signal);
    findings.push(...found);
    if (findings.length > limits.traceFindings) {
      cut = true;
      break;
    }
  }
  return { findings: findings.slice(0, limits.traceFindings), cut };
}

async function inTable(client: PostgresClient, id: string, group: readonly Candidate[], most: number, signal: AbortSignal) {
  const name: TableName = group[0]!;
  const shape = await shapeOf(client, { schema: name.schema, table: name.table }, signal);
  const quoted = quoteQualified(name.schema, name.table);
  const tests = group.map(({ column, type }) => `${quoteIdentifier(column)} = $1::text::${castOf(type)}`);
  const page = pageText(shape, { filters: [], sort: [] }, 0, most, cellBytes);
  const list = page.text.slice('select '.length, page.text.indexOf(` from ${quoted}`));
  const rows = await client.lend(
    (lent) =>
      textQuery(lent, {
        text: `select ${tests.join(', ')}, ${list} from ${quoted} where ${tests.join(' or ')} limit ${most}`,
        values: [id],
      }),
    signal,
  );
  return rows.map((row) => finding(shape, group, row));
}

function finding(shape: TableShape, group: readonly Candidate[], row: readonly (string | null)[]): SessionFinding {
  const matched = group.filter((_, at) => row[at] === 't').map(({ column }) => column);
  const values = new Map(shape.columns.map(({ name }, at) => [name, row[group.length + at * 2] ?? null]));
  const key = shape.key.map((column) => values.get(column) ?? '');
  const own = shape.key.length === 1 && matched.includes(shape.key[0]!);
  const filters = (shape.key.length > 0 ? shape.key : matched).map((column) => ({
    column,
    operator: '=',
    value: values.get(column) ?? '',
  }));
  return {
    what: 'row',
    place: shape.schema === 'public' ? shape.table : `${shape.schema}.${shape.table}`,
    name: key.length > 0 ? key.join(', ') : matched.map((column) => `${column} ${values.get(column)}`).join(', '),
    relation: own ? 'its own id' : `as ${matched.join(', ')}`,
    time: timeOf(shape, values),
    content: JSON.stringify(Object.fromEntries(values)),
    search: { schema: shape.schema, table: shape.table, filters },
  };
}

/** When a row was made, else changed; as told by a column with a time zone. */
function timeOf(shape: TableShape, values: ReadonlyMap<string, string | null>): number | null {
  const names = shape.columns.filter(({ type }) => type.startsWith('timestamp')).map(({ name }) => name);
  const [name] = ['created_at', 'occurred_at', 'at', 'updated_at', ...names].filter((each) => names.includes(each));
  const value = name === undefined ? null : values.get(name);
  if (!value) return null;
  const time = Date.parse(value.replace(' ', 'T').replace(/([+-]\d\d)$/, '$1:00'));
  return Number.isNaN(time) ? null : time;
}

function typesOf(id: string): string[] {
  const types = ['text', 'varchar', 'bpchar', 'citext'];
  if (/^\{?[0-9a-f]{4}(-?[0-9a-f]{4}){7}\}?$/i.test(id)) types.push('uuid');
  if (/^-?\d{1,18}$/.test(id)) types.push('int8');
  if (/^-?\d{1,9}$/.test(id)) types.push('int4', 'int2');
  return types;
}

/** Wide enough that the id always fits. */
function castOf(type: string): string {
  if (type === 'uuid') return 'uuid';
  return type.startsWith('int') ? 'int8' : 'text';
}
