/** Statements that read a table's rows: names are quoted, values are bound. */
import type { ColumnFilter, ColumnSort } from '../../../../preload/contract/sql.ts';
import { quoteIdentifier } from '../quote.ts';
import { columnOf, type ShapeColumn, type TableShape } from './shape.ts';

export interface TableViewWanted {
  readonly filters: readonly ColumnFilter[];
  readonly sort: readonly ColumnSort[];
}

export interface SqlText {
  readonly text: string;
  readonly values: readonly (string | null)[];
}

/** Types whose values are short by nature: they are read as they are. */
const short =
  /^(smallint|integer|bigint|oid|real|double precision|numeric|boolean|uuid|date|interval|time|timestamp|money|inet|cidr|macaddr|"char")\b(?!.*\[\])/;

/**
 * Values to a number of bytes, each followed by the size of the whole where that is more: what is large
 * is not read to be shown in a cell.
 */
export function pageText(shape: TableShape, wanted: TableViewWanted, from: number, count: number, most: number): SqlText {
  const where = whereText(shape, wanted.filters);
  const parts = shape.columns.flatMap((column, at) => [`${head(column, most)} as v${at}`, `${size(column, most)} as s${at}`]);
  const version = shape.versioned ? 'xmin::text' : 'null::text';
  return {
    text: `select ${[...parts, `${version} as version`].join(', ')} from ${shape.quoted}${where.text}${orderText(shape, wanted.sort)} limit ${count} offset ${from}`,
    values: where.values,
  };
}

/** All columns as they are, for an export. */
export function allText(shape: TableShape, wanted: TableViewWanted): SqlText {
  const where = whereText(shape, wanted.filters);
  return { text: `select * from ${shape.quoted}${where.text}${orderText(shape, wanted.sort)}`, values: where.values };
}

export function whereText(shape: TableShape, filters: readonly ColumnFilter[], first = 1): SqlText {
  const values: string[] = [];
  const conditions = filters.map((filter) => {
    const column = columnOf(shape, filter.column);
    const name = quoteIdentifier(column.name);
    const text = column.kind === 'binary' ? `encode(${name}, 'escape')` : `${name}::text`;
    const bound = () => `$${first - 1 + values.push(filter.value)}`;
    switch (filter.operator) {
      case 'is null':
        return `${name} is null`;
      case 'is not null':
        return `${name} is not null`;
      case 'contains':
        return `position(lower(${bound()}) in lower(${text})) > 0`;
      case 'starts with':
        return `starts_with(lower(${text}), lower(${bound()}))`;
      default:
        // json has no equality of its own.
        return column.type === 'json' ? `${text} ${filter.operator} ${bound()}` : `${name} ${filter.operator} ${bound()}`;
    }
  });
  return { text: conditions.length > 0 ? ` where ${conditions.join(' and ')}` : '', values };
}

/** The key comes last, so that pages never overlap. */
function orderText(shape: TableShape, sort: readonly ColumnSort[]): string {
  const terms = sort.map(({ column, descending }) => {
    const found = columnOf(shape, column);
    const name = quoteIdentifier(found.name);
    return `${found.type === 'json' ? `${name}::text` : name} ${descending ? 'desc' : 'asc'}`;
  });
  const sorted = new Set(sort.map(({ column }) => column));
  const rest = shape.key.filter((name) => !sorted.has(name)).map(quoteIdentifier);
  const all = [...terms, ...rest];
  return all.length > 0 ? ` order by ${all.join(', ')}` : '';
}

function head(column: ShapeColumn, most: number): string {
  const name = quoteIdentifier(column.name);
  if (short.test(column.type)) return name;
  if (column.kind === 'binary') return `substring(${name} from 1 for ${most})`;
  return `case when octet_length(${name}::text) > ${most} then left(${name}::text, ${most}) else ${name}::text end`;
}

/** null: it is there whole. */
function size(column: ShapeColumn, most: number): string {
  const name = quoteIdentifier(column.name);
  if (short.test(column.type)) return 'null::int';
  const bytes = column.kind === 'binary' ? `octet_length(${name})` : `octet_length(${name}::text)`;
  return `case when ${bytes} > ${most} then ${bytes} end`;
}
