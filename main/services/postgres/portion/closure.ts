/**
 * The rows that some rows reach. What a row refers to always comes along, or it could not be loaded; what refers to a
 * row comes along when that row was asked for, or came because it refers to one that was. A row that is only there
 * because another refers to it brings nothing of its own: through a shared parent everything would be reached.
 */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type Field, fieldKey, type Reference } from './graph.ts';

/** A row by its place, with the values that references go by. */
export interface FoundRow {
  readonly place: string;
  /** By `fieldKey`. */
  readonly values: Readonly<Record<string, string | null>>;
}

export interface RowReader {
  /**
   * Rows of a table whose fields have one of these values.
   * @param limit the most of them, by the order of their key; undefined: all
   */
  rows(
    table: string,
    fields: readonly Field[],
    values: readonly (readonly string[])[],
    limit: number | undefined,
  ): Promise<readonly FoundRow[]>;
}

export interface ClosureOptions {
  readonly references: readonly Reference[];
  /** Tables whose rows come along because they refer to others; undefined: all. */
  readonly children: ReadonlySet<string> | undefined;
  readonly limit: number;
  readonly onRows?: (rows: number) => void;
}

export interface Closure {
  /** Places by table, in the order they were found. */
  readonly rows: ReadonlyMap<string, readonly string[]>;
  /** Rows that were asked for or refer to such: by table, the values of the fields that references go by. */
  readonly own: ReadonlyMap<string, readonly FoundRow[]>;
  readonly cuts: readonly string[];
}

/** @param roots by table @throws NoodleError too-large */
export async function closureOf(
  roots: ReadonlyMap<string, readonly FoundRow[]>,
  reader: RowReader,
  options: ClosureOptions,
): Promise<Closure> {
  const closing = new Closing(reader, options);
  for (const [table, rows] of roots) closing.reach(table, rows, 'own');
  await closing.run();
  return { rows: closing.places(), own: closing.own, cuts: closing.cuts };
}

type How = 'own' | 'parent';

class Closing {
  readonly own = new Map<string, FoundRow[]>();
  readonly cuts: string[] = [];
  readonly #reader: RowReader;
  readonly #options: ClosureOptions;
  readonly #reached = new Map<string, Map<string, How>>();
  readonly #waiting: Record<How, Map<string, FoundRow[]>> = { own: new Map(), parent: new Map() };
  /** Values that a reference has been followed by, in either direction. */
  readonly #followed = new Map<string, Set<string>>();
  readonly #children = new Map<string, number>();
  #count = 0;

  constructor(reader: RowReader, options: ClosureOptions) {
    this.#reader = reader;
    this.#options = options;
  }

  places(): Map<string, string[]> {
    return new Map([...this.#reached].map(([table, rows]) => [table, [...rows.keys()]]));
  }

  reach(table: string, rows: readonly FoundRow[], how: How): void {
    const reached = this.#reached.get(table) ?? new Map<string, How>();
    this.#reached.set(table, reached);
    for (const row of rows) {
      const before = reached.get(row.place);
      if (before === 'own' || before === how) continue;
      reached.set(row.place, how);
      if (before === undefined && ++this.#count > limits.bundleRows) throw tooMany();
      push(this.#waiting[how], table, row);
      if (how === 'own') push(this.own, table, row);
    }
    this.#options.onRows?.(this.#count);
  }

  async run(): Promise<void> {
    for (;;) {
      // Those that bring more first, so that a row reached both ways is followed once.
      const how = this.#waiting.own.size > 0 ? 'own' : 'parent';
      const [next] = this.#waiting[how];
      if (!next) return;
      const [table, rows] = next;
      this.#waiting[how].delete(table);
      for (const reference of this.#options.references) {
        if (reference.from === table) await this.#parents(reference, rows);
        if (reference.to === table && how === 'own') await this.#childrenOf(reference, rows);
      }
    }
  }

  async #parents(reference: Reference, rows: readonly FoundRow[]): Promise<void> {
    for (const values of this.#unfollowed(`up ${reference.name} ${reference.from}`, reference.fields, rows)) {
      this.reach(reference.to, await this.#reader.rows(reference.to, reference.targets, values, undefined), 'parent');
    }
  }

  async #childrenOf(reference: Reference, rows: readonly FoundRow[]): Promise<void> {
    const { children, limit } = this.#options;
    if (children && !children.has(reference.from)) return;
    for (const values of this.#unfollowed(`down ${reference.name} ${reference.from}`, reference.targets, rows)) {
      const room = limit - (this.#children.get(reference.from) ?? 0);
      // Those that are there already take no room, so as many more are asked for.
      const known = this.#reached.get(reference.from);
      const found = await this.#reader.rows(reference.from, reference.fields, values, room + (known?.size ?? 0) + 1);
      const fresh = found.filter(({ place }) => known?.get(place) !== 'own');
      if (fresh.length > room) this.#cut(reference);
      const taken = fresh.slice(0, room);
      this.#children.set(reference.from, limit - room + taken.length);
      this.reach(reference.from, taken, 'own');
    }
  }

  #cut({ from, name, to }: Reference): void {
    const told = `${from}: only ${this.#options.limit.toLocaleString('en')} rows were taken because they refer to others; more refer to rows of ${to} (${name}).`;
    if (!this.cuts.includes(told)) this.cuts.push(told);
  }

  /** Values that this reference has not been followed by yet, in batches. A null refers to nothing. */
  *#unfollowed(way: string, fields: readonly Field[], rows: readonly FoundRow[]): Generator<readonly (readonly string[])[]> {
    const followed = this.#followed.get(way) ?? new Set<string>();
    this.#followed.set(way, followed);
    let batch: (readonly string[])[] = [];
    for (const { values } of rows) {
      const tuple = fields.map((field) => values[fieldKey(field)] ?? null);
      if (tuple.includes(null)) continue;
      const key = JSON.stringify(tuple);
      if (followed.has(key)) continue;
      followed.add(key);
      batch.push(tuple as string[]);
      if (batch.length < limits.bundleBatch) continue;
      yield batch;
      batch = [];
    }
    if (batch.length > 0) yield batch;
  }
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}

function tooMany(): NoodleError {
  return new NoodleError({
    code: 'too-large',
    what: `More than ${limits.bundleRows.toLocaleString('en')} rows are reached.`,
    todo: 'Name the tables whose rows come along as "children" in the rules, or a smaller "limit", or take everything.',
  });
}
