/** One run of a person's query: its rows spooled by result, to be paged through while they come. */
import { join } from 'node:path';
import type { FluxColumn, FluxProgress, FluxRow } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { Row } from '../query.ts';
import { RowSpool } from './spool.ts';

/** The table's number, then the cells. */
export type SpooledRow = [number, ...(string | null)[]];

export interface SpooledResult {
  readonly name: string;
  readonly columns: readonly FluxColumn[];
  readonly spool: RowSpool<SpooledRow>;
  tables: number;
}

export class FluxRun {
  readonly id = crypto.randomUUID();
  readonly #folder: string;
  readonly #begun = performance.now();
  readonly #results = new Map<string, SpooledResult>();
  #state: FluxProgress['state'] = 'running';
  #took = 0;
  #rows = 0;
  #cut = false;

  constructor(folder: string) {
    this.#folder = folder;
  }

  get results(): readonly SpooledResult[] {
    return [...this.#results.values()];
  }

  /** Takes in all rows; ends early, and says so, when the spool is full. */
  async fill(rows: AsyncIterable<Row>): Promise<void> {
    try {
      let meta: unknown;
      let of: { result: SpooledResult; picks: readonly number[]; textual: readonly boolean[]; tableAt: number } | undefined;
      let table = '';
      for await (const { values, tableMeta } of rows) {
        if (meta !== tableMeta || !of) {
          meta = tableMeta;
          const own = tableMeta.columns.filter((column) => column.label !== 'result' && column.label !== 'table');
          const named = tableMeta.columns.find((column) => column.label === 'result');
          const name = (named && (values[named.index] || named.defaultValue)) || '_result';
          const columns = own.map(({ label, dataType, group }): FluxColumn => ({ name: label, type: typeOf(dataType), group }));
          of = {
            result: await this.#result(name, columns),
            picks: own.map((column) => column.index),
            textual: own.map((column) => column.dataType === 'string'),
            tableAt: tableMeta.columns.find((column) => column.label === 'table')?.index ?? -1,
          };
          table = '';
        }
        const { result, picks, textual, tableAt } = of;
        const now = values[tableAt] ?? '0';
        if (now !== table) {
          table = now;
          result.tables++;
        }
        // The server writes no value and an empty string alike; only strings can be empty.
        const cells = picks.map((index, column) => (values[index] === '' && !textual[column] ? null : (values[index] ?? null)));
        const writing = result.spool.add([Number(now), ...cells]);
        this.#rows++;
        if (writing) await writing;
        if (this.#rows < limits.fluxSpoolRows && (this.#rows % 1_000 !== 0 || this.#bytes() < limits.fluxSpoolBytes)) continue;
        this.#cut = true;
        break;
      }
    } finally {
      this.#took = performance.now() - this.#begun;
      this.#state = 'done';
    }
  }

  progress(): FluxProgress {
    return {
      run: this.id,
      state: this.#state,
      results: this.results.map(({ name, columns, spool, tables }) => ({ name, columns: [...columns], rows: spool.rows, tables })),
      rows: this.#rows,
      bytes: this.#bytes(),
      cut: this.#cut,
      took: Math.round(this.#state === 'done' ? this.#took : performance.now() - this.#begun),
    };
  }

  async page(result: number, from: number, count: number): Promise<FluxRow[]> {
    const rows = await this.result(result).spool.page(from, count);
    return rows.map(([table, ...cells]) => {
      const cut = cells.flatMap((cell, column) => (cell !== null && cell.length > limits.fluxCell ? [column] : []));
      if (cut.length === 0) return { table, cells };
      return { table, cells: cells.map((cell) => (cell === null ? null : cell.slice(0, limits.fluxCell))), cut };
    });
  }

  /** One value, whole: InfluxDB keeps no text of more than 64 KiB. @throws NoodleError not-found */
  async cell(result: number, row: number, column: number): Promise<string | null> {
    const [found] = await this.result(result).spool.page(row, 1);
    return (found?.[column + 1] as string | null | undefined) ?? null;
  }

  /** @throws NoodleError not-found */
  result(index: number): SpooledResult {
    const result = this.results[index];
    if (result) return result;
    throw new NoodleError({ code: 'not-found', what: 'This run has no such result.', todo: 'Run the query again.' });
  }

  async remove(): Promise<void> {
    await Promise.all(this.results.map(({ spool }) => spool.remove()));
  }

  #bytes(): number {
    return this.results.reduce((sum, { spool }) => sum + spool.bytes, 0);
  }

  async #result(name: string, columns: readonly FluxColumn[]): Promise<SpooledResult> {
    const key = JSON.stringify([name, columns]);
    const known = this.#results.get(key);
    if (known) return known;
    if (this.#results.size >= limits.fluxResults) {
      throw new NoodleError({
        code: 'too-large',
        what: `This query gives more than ${limits.fluxResults} kinds of tables.`,
        todo: 'Let it give tables of the same columns: keep or group by the columns you need.',
      });
    }
    const spool = await RowSpool.make<SpooledRow>(join(this.#folder, `flux-${this.id}-${this.#results.size}`));
    const result = { name, columns, spool, tables: 0 };
    this.#results.set(key, result);
    return result;
  }
}

const types: Readonly<Record<string, string>> = {
  double: 'float',
  long: 'int',
  unsignedLong: 'uint',
  boolean: 'bool',
  'dateTime:RFC3339': 'time',
  'dateTime:RFC3339Nano': 'time',
  base64Binary: 'bytes',
};
function typeOf(dataType: string): string {
  return types[dataType] ?? dataType;
}
