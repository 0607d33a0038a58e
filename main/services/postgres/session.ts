/** One PostgreSQL as the panel, the command line and traces know it. */
import { join } from 'node:path';
import type { Catalog, ColumnFilter, ColumnSort, RowChange, TableName, WholeValue } from '../../../preload/contract/sql.ts';
import { asNoodleError } from '../../errors.ts';
import { abortable } from '../connect.ts';
import type { Connection, ServiceSession, SessionPlace } from '../kind.ts';
import { readCatalog } from './catalog/catalog.ts';
import { openPostgres, type PostgresClient } from './client.ts';
import { classify } from './errors.ts';
import { tableNames } from './names.ts';
import { ColumnTypes } from './results/columns.ts';
import { Result } from './results/result.ts';
import { Desk } from './runs/desk.ts';
import type { RunPlace } from './runs/run.ts';
import { type StreamTo, streamText } from './runs/stream.ts';
import { Tabs } from './runs/tabs.ts';
import { applyChanges, previewChanges } from './table/changes.ts';
import { countRows, readRows, readValue, type TablePage } from './table/read.ts';
import { readReferrers } from './table/referrers.ts';
import { allText, type TableViewWanted } from './table/select.ts';
import { shapeOf } from './table/shape.ts';
import { traceRows } from './trace.ts';
import { verify } from './verify.ts';

type Key = Readonly<Record<string, string | null>>;
type View = { readonly filters: readonly ColumnFilter[]; readonly sort: readonly ColumnSort[] };

export interface PostgresSession extends ServiceSession {
  version(signal: AbortSignal): Promise<string>;
  catalog(signal: AbortSignal): Promise<Catalog>;
  readonly table: {
    rows(name: TableName, wanted: View & { readonly from: number; readonly count: number }, signal: AbortSignal): Promise<TablePage>;
    count(name: TableName, wanted: View, signal: AbortSignal): Promise<{ rows: number; exact: boolean }>;
    value(
      name: TableName,
      wanted: { readonly key: Key; readonly column: string; readonly all: boolean },
      signal: AbortSignal,
    ): Promise<WholeValue>;
    preview(name: TableName, changes: readonly RowChange[], signal: AbortSignal): Promise<string>;
    apply(name: TableName, changes: readonly RowChange[], signal: AbortSignal): Promise<number>;
    referrers(name: TableName, key: Key, signal: AbortSignal): ReturnType<typeof readReferrers>;
    /** All rows of a view, spooled. The caller removes it. @param onRows how many have come so far */
    spool(name: TableName, wanted: View, onRows: (rows: number) => void, signal: AbortSignal): Promise<Result>;
  };
  /** What runs, or ran, in the panel's tabs. */
  readonly tabs: Tabs;
  /** Runs a text to its end on a connection of its own; its rows are handed on as they come. */
  stream(wanted: Parameters<typeof streamText>[1], to: StreamTo, signal: AbortSignal): Promise<void>;
}

export async function openSession(connection: Connection, place: SessionPlace): Promise<PostgresSession> {
  const pool = new LazyClient(connection);
  const types = new ColumnTypes(() => pool.get());
  const runPlace: RunPlace = { connection, spool: () => place.spool(), columns: (columns) => types.columns(columns) };
  const tabs = new Tabs(runPlace);
  /** Asks the pool, and tells what went wrong as a problem. */
  const ask = async <T>(act: (client: PostgresClient) => Promise<T>, signal?: AbortSignal): Promise<T> => {
    try {
      return await act(await abortable(pool.get(), signal));
    } catch (error) {
      signal?.throwIfAborted();
      throw classify(error, connection) ?? asNoodleError(error);
    }
  };
  return {
    version: async (signal) => (await verify(connection, signal)).version,
    catalog: (signal) => ask((client) => readCatalog(client, signal), signal),
    table: {
      rows: (name, wanted, signal) => ask((client) => readRows(client, name, wanted, signal), signal),
      count: (name, wanted, signal) => ask((client) => countRows(client, name, wanted, signal), signal),
      value: (name, wanted, signal) => ask((client) => readValue(client, name, wanted, signal), signal),
      preview: (name, changes, signal) => ask((client) => previewChanges(client, name, changes, signal), signal),
      apply: (name, changes, signal) => ask((client) => applyChanges(client, name, changes, signal), signal),
      referrers: (name, key, signal) => ask((client) => readReferrers(client, name, key, signal), signal),
      spool: (name, wanted, onRows, signal) => ask((client) => spoolTable(client, runPlace, name, wanted, onRows, signal), signal),
    },
    tabs,
    stream: (wanted, to, signal) => streamText(runPlace, wanted, to, signal),
    trace: (id, signal) => ask((client) => traceRows(client, id, signal), signal),
    names: (text, signal) => ask((client) => tableNames(client, text, signal), signal),
    async close() {
      await tabs.closeAll();
      await pool.close();
    },
  };
}

async function spoolTable(
  client: PostgresClient,
  place: RunPlace,
  name: TableName,
  wanted: TableViewWanted,
  onRows: (rows: number) => void,
  signal: AbortSignal,
): Promise<Result> {
  const shape = await shapeOf(client, name, signal);
  const { text, values } = allText(shape, wanted);
  const result = await Result.create(join(await place.spool(), `table-${crypto.randomUUID()}`));
  result.columns = shape.columns.map(({ name: column, type, kind }) => ({ name: column, type, kind }));
  const desk = new Desk(place.connection);
  try {
    const sink = {
      rows: (bytes: Buffer, count: number) => {
        const waiting = result.take(bytes, count);
        onRows(result.rows);
        return waiting;
      },
    };
    await desk.run({ text, types: [], values }, { readOnly: true, timeout: 0, transactions: 'auto' }, sink, signal);
    await result.finish();
    return result;
  } catch (error) {
    await result.remove();
    throw error;
  } finally {
    desk.close();
  }
}

/** The pool, opened when it is first needed; after a failure the next one to ask tries again. */
class LazyClient {
  readonly #connection: Connection;
  #opening: Promise<PostgresClient> | undefined;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  get(): Promise<PostgresClient> {
    if (!this.#opening) {
      // A panel would rather be told at once that the server is away, and ask again.
      const opening = openPostgres(this.#connection, { retries: [] });
      this.#opening = opening;
      opening.catch(() => {
        if (this.#opening === opening) this.#opening = undefined;
      });
    }
    return this.#opening;
  }

  async close(): Promise<void> {
    await (await this.#opening?.catch(() => undefined))?.close();
  }
}
