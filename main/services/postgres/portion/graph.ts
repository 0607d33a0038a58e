/** References between tables: foreign keys, those a person has declared, and those that a column's name tells of. */
import { NoodleError } from '../../../errors.ts';
import type { DeclaredReference } from '../../portion.ts';

export interface Column {
  readonly name: string;
  /** As `format_type` writes it, quoted where it must be. */
  readonly type: string;
}

export interface Table {
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly Column[];
  /** Columns of its primary key, else of a unique one without nulls; empty: it has none. */
  readonly key: readonly string[];
}

/** A column, or a place inside of a JSON one. */
export interface Field {
  readonly column: string;
  readonly path: readonly string[];
}

export interface Reference {
  /** The foreign key's name, or where the reference is declared. */
  readonly name: string;
  /** `schema.table` */
  readonly from: string;
  readonly fields: readonly Field[];
  readonly to: string;
  readonly targets: readonly Field[];
}

export function tableName({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}

/** A field as a key of records; names may hold anything. */
export function fieldKey({ column, path }: Field): string {
  return path.length === 0 ? column : JSON.stringify([column, ...path]);
}

export function plainField(column: string): Field {
  return { column, path: [] };
}

/** @throws NoodleError bad-argument naming the lines of references to what is not there */
export function declaredReferences(declared: readonly DeclaredReference[], tables: ReadonlyMap<string, Table>): readonly Reference[] {
  const problems: string[] = [];
  const references = declared.flatMap(({ from, to, place }): Reference[] => {
    const [source, target] = [placed(from, tables), placed(to, tables)];
    if (!source) problems.push(`${place}: there is no column ${from}`);
    if (!target) problems.push(`${place}: there is no column ${to}`);
    if (!source || !target) return [];
    return [{ name: place, from: source.table, fields: [source.field], to: target.table, targets: [target.field] }];
  });
  if (problems.length === 0) return references;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'A reference of the rules does not fit what is there.',
    why: problems.join('\n'),
    todo: 'Write it as table.column or table.column.path.in.json.',
  });
}

/** `column`, `table.column`, `schema.table.column`, and a path into it: whatever names of tables and columns fit first. */
function placed(text: string, tables: ReadonlyMap<string, Table>): { readonly table: string; readonly field: Field } | undefined {
  for (const [name, table] of tables) {
    for (const prefix of table.schema === 'public' ? [name, table.name] : [name]) {
      if (!text.startsWith(`${prefix}.`)) continue;
      const rest = text.slice(prefix.length + 1);
      const column = table.columns.find((each) => rest === each.name || rest.startsWith(`${each.name}.`));
      if (!column) continue;
      const path = rest === column.name ? [] : rest.slice(column.name.length + 1).split('.');
      return { table: name, field: { column: column.name, path } };
    }
  }
  return undefined;
}

/** `customer_id` refers to `customer`, `customers` or whatever ends in `_customers`, when its key is one column of that type. */
export function guessedReferences(tables: ReadonlyMap<string, Table>, known: readonly Reference[]): readonly Reference[] {
  const taken = new Set(known.flatMap(({ from, fields }) => (fields.length === 1 ? [`${from}\0${fieldKey(fields[0]!)}`] : [])));
  return [...tables].flatMap(([from, table]) =>
    table.columns.flatMap((column): Reference[] => {
      const word = /^(.+)_id$/i.exec(column.name)?.[1]?.toLowerCase();
      if (word === undefined || taken.has(`${from}\0${column.name}`)) return [];
      const fitting = [...tables].filter(([name, other]) => {
        const keyed = other.key.length === 1 && other.columns.find(({ name: each }) => each === other.key[0])?.type === column.type;
        return keyed && namedFor(other.name.toLowerCase(), word) && !(name === from && other.key[0] === column.name);
      });
      // A name that fits two tables tells of neither.
      const [only] = fitting.length > 1 ? fitting.filter(([, { schema }]) => schema === table.schema) : fitting;
      if (!only || (fitting.length > 1 && fitting.filter(([, { schema }]) => schema === table.schema).length > 1)) return [];
      const [to, other] = only;
      return [{ name: `${from}.${column.name}`, from, fields: [plainField(column.name)], to, targets: [plainField(other.key[0]!)] }];
    }),
  );
}

function namedFor(table: string, word: string): boolean {
  const plurals = [word, `${word}s`, `${word}es`, word.replace(/y$/, 'ies')];
  return plurals.some((plural) => table === plural || table.endsWith(`_${plural}`));
}

/** Tables in an order in which what is referred to comes first, as far as circles let. */
export function loadOrder(tables: Iterable<string>, references: readonly Reference[]): readonly string[] {
  const order: string[] = [];
  const state = new Map<string, 'begun' | 'done'>();
  const all = new Set(tables);
  const parents = Map.groupBy(references, ({ from }) => from);
  const begin = [...all].sort();
  // With a stack of its own: a chain of tables may be long.
  for (const root of begin) {
    const path: { readonly table: string; readonly left: string[] }[] = [];
    const enter = (table: string) => {
      if (state.has(table) || !all.has(table)) return;
      state.set(table, 'begun');
      path.push({ table, left: [...new Set((parents.get(table) ?? []).map(({ to }) => to))].sort().reverse() });
    };
    enter(root);
    for (let top = path.at(-1); top; top = path.at(-1)) {
      const next = top.left.pop();
      if (next !== undefined) enter(next);
      else {
        state.set(top.table, 'done');
        order.push(top.table);
        path.pop();
      }
    }
  }
  return order;
}
