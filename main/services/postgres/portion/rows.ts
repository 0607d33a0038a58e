/** Rows found by the values of their fields, and read by their places. A place holds for one moment only. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { quoteIdentifier, quoteQualified } from '../quote.ts';
import type { TableFacts } from './catalog.ts';
import type { FoundRow, RowReader } from './closure.ts';
import { type Field, fieldKey, type Reference } from './graph.ts';
import type { Moment } from './moment.ts';

export class Rows implements RowReader {
  readonly #moment: Moment;
  readonly #tables: ReadonlyMap<string, TableFacts>;
  /** Fields of each table that references go by. */
  readonly #fields: ReadonlyMap<string, readonly Field[]>;
  readonly #sources = new Map<string, string>();

  constructor(moment: Moment, tables: ReadonlyMap<string, TableFacts>, references: readonly Reference[]) {
    this.#moment = moment;
    this.#tables = tables;
    const all = references.flatMap(({ from, fields, to, targets }) => [
      ...fields.map((field) => [from, field] as const),
      ...targets.map((field) => [to, field] as const),
    ]);
    const keys = [...tables].flatMap(([name, { key }]) => key.map((column) => [name, { column, path: [] }] as const));
    const grouped = Map.groupBy([...all, ...keys], ([table]) => table);
    this.#fields = new Map(
      [...grouped].map(([table, list]) => [table, [...new Map(list.map(([, field]) => [fieldKey(field), field])).values()]]),
    );
  }

  async rows(
    name: string,
    fields: readonly Field[],
    values: readonly (readonly string[])[],
    limit: number | undefined,
  ): Promise<readonly FoundRow[]> {
    const table = this.#tables.get(name)!;
    const bound = new Bound();
    const columns = fields.map((field) => comparable(table, field));
    const fitting = values.filter((tuple) => tuple.every((value, at) => fits(columns[at]!.type, value)));
    if (fitting.length === 0) return [];
    const wanted = this.#fields.get(name) ?? [];
    const shown = wanted.map((field) => `${expression(field, bound)}::text`);
    const lists = fields.map((_, at) => bound.add(fitting.map((tuple) => tuple[at]!)));
    const where =
      fields.length === 1
        ? { join: '', test: `${expression(fields[0]!, bound)} = any(${lists[0]}::${columns[0]!.type}[])` }
        : {
            join: ` join unnest(${lists.map((list, at) => `${list}::${columns[at]!.type}[]`).join(', ')}) as k(${fields.map((_, at) => `k${at}`).join(', ')}) on true`,
            test: fields.map((field, at) => `${expression(field, bound)} = k.k${at}`).join(' and '),
          };
    const order = table.key.length > 0 ? table.key.map((column) => `t.${quoteIdentifier(column)}`).join(', ') : 't.ctid';
    const text = `select t.tableoid::text, t.ctid::text${shown.map((each) => `, ${each}`).join('')}
      from ${table.source} t${where.join} where ${where.test}${limit === undefined ? '' : ` order by ${order} limit ${bound.add(limit)}`}`;
    const rows = await this.#moment.texts(text, bound.values);
    return rows.map(([oid, ctid, ...found]) => ({
      place: `${oid}:${ctid}`,
      values: Object.fromEntries(wanted.map((field, at) => [fieldKey(field), found[at] ?? null])),
    }));
  }

  /** Rows at these places, in batches, as texts. */
  async *read(places: readonly string[], columns: readonly string[]): AsyncGenerator<readonly (readonly (string | null)[])[]> {
    const list = columns.map((column) => `t.${quoteIdentifier(column)}`).join(', ');
    for (const [oid, inTable] of Map.groupBy(places, (place) => place.slice(0, place.indexOf(':')))) {
      const source = await this.#source(oid);
      for (let at = 0; at < inTable.length; at += limits.bundleBatch) {
        const ctids = inTable.slice(at, at + limits.bundleBatch).map((place) => place.slice(place.indexOf(':') + 1));
        yield await this.#moment.texts(`select ${list} from only ${source} t where t.ctid = any($1::tid[])`, [ctids]);
      }
    }
  }

  async #source(oid: string): Promise<string> {
    const known = this.#sources.get(oid);
    if (known) return known;
    const [row] = await this.#moment.ask<{ schema: string; name: string }>(
      'select n.nspname as schema, c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.oid = $1::oid',
      [oid],
    );
    if (!row) throw new NoodleError({ code: 'conflict', what: 'A table was dropped while it was read.', todo: 'Try again.' });
    const source = quoteQualified(row.schema, row.name);
    this.#sources.set(oid, source);
    return source;
  }
}

class Bound {
  readonly values: unknown[] = [];

  add(value: unknown): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}

function expression({ column, path }: Field, bound: Bound): string {
  const quoted = `t.${quoteIdentifier(column)}`;
  return path.length === 0 ? quoted : `(${quoted} #>> ${bound.add(path)}::text[])`;
}

/** What the values of a field are compared as. What stands in JSON is a text. */
function comparable(table: TableFacts, { column, path }: Field): { readonly type: string } {
  return { type: path.length > 0 ? 'text' : (table.columns.find(({ name }) => name === column)?.type ?? 'text') };
}

/** Whether a text can be a value of the type: one out of JSON or from the command line may be anything. */
export function fits(type: string, value: string): boolean {
  switch (type) {
    case 'uuid':
      return /^[0-9a-f]{8}(-?[0-9a-f]{4}){3}-?[0-9a-f]{12}$/i.test(value);
    case 'smallint':
      return isWhole(value, 16);
    case 'integer':
      return isWhole(value, 32);
    case 'bigint':
      return isWhole(value, 64);
    default:
      return !value.includes('\0');
  }
}

function isWhole(value: string, bits: number): boolean {
  return /^-?\d{1,19}$/.test(value) && BigInt.asIntN(bits, BigInt(value)) === BigInt(value);
}
