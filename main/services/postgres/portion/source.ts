/** What a bundle takes of a PostgreSQL database: its schema, and the rows that some ids reach, or all. */
import { copyLine } from '../../../../seeds/postgres/copy.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { rewriteJson } from '../../json-text.ts';
import type { Connection } from '../../kind.ts';
import type { FieldFilter, PartWriter, PortionSink, PortionSource, PortionWork, ReachWanted } from '../../portion.ts';
import { classify } from '../errors.ts';
import { quoteIdentifier } from '../quote.ts';
import {
  type ColumnFacts,
  fieldsOf,
  readExtensions,
  readReferences,
  readSequences,
  readTables,
  shapeOfColumn,
  type TableFacts,
} from './catalog.ts';
import { type Closure, closureOf, type FoundRow } from './closure.ts';
import { copyFields, linesOf, newlinesIn } from './copy-text.ts';
import { declaredReferences, fieldKey, guessedReferences, loadOrder, plainField, type Reference, tableName } from './graph.ts';
import { type IndexedTable, indexOf } from './index-file.ts';
import { type Moment, openMoment } from './moment.ts';
import { Rows } from './rows.ts';
import type { SchemaText } from './schema.ts';

export interface PostgresPortionOptions {
  readonly signal: AbortSignal;
  /** ms; 0: none */
  readonly statementTimeout: number;
  /** Asked once, for what is to be loaded with the rows. */
  schema(signal: AbortSignal): Promise<SchemaText>;
}

/** @throws NoodleError wrong-password, service-unreachable */
export async function openPortionSource(connection: Connection, options: PostgresPortionOptions): Promise<PortionSource> {
  const moment = await openMoment(connection, options);
  try {
    return await sourceOf(connection, moment, options);
  } catch (error) {
    await moment.close();
    throw explained(error, connection);
  }
}

async function sourceOf(connection: Connection, moment: Moment, options: PostgresPortionOptions): Promise<PortionSource> {
  const tables = await readTables(moment.ask);
  const foreign = await readReferences(moment.ask, tables);
  const [server] = await moment.ask<{ version: string }>(`select current_setting('server_version') as version`);
  let reached: { readonly closure: Closure; readonly rows: Rows } | undefined;
  const told = async <T>(act: Promise<T>): Promise<T> => {
    try {
      return await act;
    } catch (error) {
      throw explained(error, connection);
    }
  };
  return {
    version: server!.version.split(' ')[0]!,
    outline: async () => [...tables].map(([place, table]) => ({ place, fields: fieldsOf(place, table, foreign) })),
    async reach(wanted, work) {
      const { closure, rows, ids } = await told(reachFrom(moment, tables, foreign, wanted, work));
      reached = { closure, rows };
      const count = [...closure.rows.values()].reduce((sum, places) => sum + places.length, 0);
      return { ids, rows: count, cuts: closure.cuts };
    },
    async read(ids, to, work) {
      const { before, after } = await options.schema(work.signal);
      const [sequences, extensions] = [await readSequences(moment.ask), await readExtensions(moment.ask)];
      await whole(to, schemaParts.before, before);
      const order = loadOrder(tables.keys(), foreign).map((name) => tables.get(name)!);
      const indexed: IndexedTable[] = [];
      for (const table of order) {
        work.signal.throwIfAborted();
        const places = ids && !isLedger(table) ? (reached?.closure.rows.get(tableName(table)) ?? []) : undefined;
        const columns = table.columns.filter(({ generated }) => !generated);
        const name = `rows/${indexed.length}.copy`;
        const part = await to.part(name);
        const writer = new RowWriter(table, columns, to.filter, part, work);
        await told(places ? writer.picked(reached?.rows, places) : writer.all(moment));
        await part.end();
        indexed.push({
          schema: table.schema,
          name: table.name,
          columns: columns.map((column) => column.name),
          rows: writer.rows,
          part: name,
        });
      }
      noteLeftOut(to, tables);
      await whole(to, schemaParts.after, after);
      return {
        index: indexOf({ tables: indexed, sequences: [...sequences], extensions: [...extensions], schema: schemaParts }),
        counts: indexed.map(({ schema: of, name, rows }) => ({ name: of === 'public' ? name : `${of}.${name}`, rows })),
      };
    },
    close: () => moment.close(),
  };
}

/** In the order of loading, rows between them. */
const schemaParts = { before: 'schema/before.sql', after: 'schema/after.sql' };

/** Which migrations were applied is part of the schema, whatever rows are taken. */
function isLedger({ schema, name }: TableFacts): boolean {
  return schema === 'noodlebox' && name === 'ledger';
}

function noteLeftOut(to: PortionSink, tables: ReadonlyMap<string, TableFacts>): void {
  const keyless = [...tables].filter(([, { columns }]) => columns.length === 0).map(([name]) => name);
  if (keyless.length > 0) to.notice(`Tables without columns hold no rows in the bundle: ${keyless.join(', ')}.`);
}

async function whole(to: PortionSink, name: string, text: string): Promise<void> {
  const part = await to.part(name);
  await part.write(text);
  await part.end();
}

/** Ids that may stand for something in other stores: numbers may not, as everybody has a 42. */
const globalTypes = new Set(['uuid', 'text', 'varchar', 'bpchar', 'citext']);

async function reachFrom(
  moment: Moment,
  tables: ReadonlyMap<string, TableFacts>,
  foreign: readonly Reference[],
  wanted: ReachWanted,
  work: PortionWork,
) {
  const declared = [...foreign, ...declaredReferences(wanted.references, tables)];
  const references = wanted.guess ? [...declared, ...guessedReferences(tables, declared)] : declared;
  const rows = new Rows(moment, tables, references);
  const asked = wanted.ids.map((id) => placedId(id, tables));
  const roots = new Map<string, readonly FoundRow[]>();
  for (const [name, table] of tables) {
    const [key] = table.key;
    const column = table.columns.find((each) => each.name === key);
    if (table.key.length !== 1 || !column) continue;
    const values = asked.filter((each) => (each.table === undefined ? globalTypes.has(column.base) : each.table === name));
    if (values.length === 0) continue;
    const found = await rows.rows(name, [plainField(column.name)], values.map(({ id }) => [id]), undefined); // biome-ignore format: one line
    if (found.length > 0) roots.set(name, found);
  }
  const closure = await closureOf(roots, rows, {
    references,
    children: wanted.children === 'all' ? undefined : childTables(wanted.children, tables),
    limit: wanted.limit,
    onRows: (count) => {
      work.signal.throwIfAborted();
      work.progress(count, 0, 'rows reached');
    },
  });
  const ids = new Set(asked.filter(({ table, id }) => table === undefined || !/^-?\d+$/.test(id)).map(({ id }) => id));
  for (const [name, own] of closure.own) {
    const { key, columns } = tables.get(name)!;
    const column = key.length === 1 ? columns.find((each) => each.name === key[0]) : undefined;
    if (!column || !globalTypes.has(column.base)) continue;
    for (const { values } of own) {
      const id = values[fieldKey(plainField(column.name))];
      if (id && !/^-?\d+$/.test(id)) ids.add(id);
    }
  }
  return { closure, rows, ids };
}

/** `table:id` where there is such a table, else an id as it is. */
function placedId(text: string, tables: ReadonlyMap<string, TableFacts>): { readonly table: string | undefined; readonly id: string } {
  for (const [name, { schema, name: bare }] of tables) {
    for (const prefix of schema === 'public' ? [name, bare] : [name]) {
      if (text.startsWith(`${prefix}:`)) return { table: name, id: text.slice(prefix.length + 1) };
    }
  }
  return { table: undefined, id: text };
}

/** @throws NoodleError bad-argument */
function childTables(names: readonly string[], tables: ReadonlyMap<string, TableFacts>): ReadonlySet<string> {
  const full = names.map((name) => (tables.has(name) ? name : `public.${name}`));
  const gone = names.filter((_, at) => !tables.has(full[at]!));
  if (gone.length === 0) return new Set(full);
  throw new NoodleError({
    code: 'bad-argument',
    what: `The rules name children that are no tables: ${gone.join(', ')}.`,
    todo: 'Mend the rules and try again.',
  });
}

class RowWriter {
  rows = 0;
  readonly #table: TableFacts;
  readonly #place: string;
  readonly #columns: readonly ColumnFacts[];
  readonly #filter: FieldFilter;
  readonly #part: PartWriter;
  readonly #work: PortionWork;

  constructor(table: TableFacts, columns: readonly ColumnFacts[], filter: FieldFilter, part: PartWriter, work: PortionWork) {
    this.#table = table;
    this.#place = tableName(table);
    this.#columns = columns;
    this.#filter = filter;
    this.#part = part;
    this.#work = work;
  }

  async picked(rows: Rows | undefined, places: readonly string[]): Promise<void> {
    if (!rows || this.#columns.length === 0) return;
    const names = this.#columns.map(({ name }) => name);
    for await (const batch of rows.read(places, names)) await this.#write(batch);
  }

  async all(moment: Moment): Promise<void> {
    if (this.#columns.length === 0) return;
    const list = this.#columns.map(({ name }) => quoteIdentifier(name)).join(', ');
    const bytes = moment.copy(`copy (select ${list} from ${this.#table.source}) to stdout`);
    if (this.#filter.passesAll) {
      for await (const chunk of bytes) {
        this.#work.signal.throwIfAborted();
        this.rows += newlinesIn(chunk);
        await this.#part.write(chunk);
        this.#work.progress(this.rows, 0, `rows of ${this.#place}`);
      }
      return;
    }
    for await (const lines of linesOf(bytes)) await this.#write(lines.map(copyFields));
  }

  async #write(rows: readonly (readonly (string | null)[])[]): Promise<void> {
    this.#work.signal.throwIfAborted();
    await this.#part.write(rows.map((row) => copyLine(row.map((value, at) => this.#filtered(this.#columns[at]!, value)))).join(''));
    this.rows += rows.length;
    this.#work.progress(this.rows, 0, `rows of ${this.#place}`);
  }

  #filtered(column: ColumnFacts, value: string | null): string | null {
    if (value === null || this.#filter.passesAll) return value;
    const { name, most } = column;
    if (shapeOfColumn(column) !== 'json') return this.#filter.value(this.#place, name, value, { most });
    const filtered = rewriteJson(value, (path, inner, bare) => {
      const field = path === '' ? name : `${name}.${path}`;
      return this.#filter.value(this.#place, field, inner, { bare });
    });
    // Nested deeper than can be looked into: nothing of it passes.
    return filtered ?? 'null';
  }
}

/** limits.pullStatementTimeout and the like, in words. */
function explained(error: unknown, connection: Connection): unknown {
  if (error instanceof NoodleError) return error;
  const state = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (state === '57014') {
    return new NoodleError(
      {
        code: 'query-failed',
        what: 'PostgreSQL stopped a statement that took too long.',
        why: `Statements on a server that is pulled from may take ${limits.pullStatementTimeout / 1_000} s.`,
        todo: 'Take less of it: name ids, or the tables whose rows come along as "children" in the rules.',
      },
      { cause: error },
    );
  }
  const known = classify(error, connection);
  if (known || !/^[0-9A-Z]{5}$/.test(state)) return known ?? error;
  return new NoodleError({ code: 'query-failed', what: `PostgreSQL: ${(error as Error).message}` }, { cause: error });
}
