/** What the SQL (PostgreSQL) panel asks of the core. Values cross as PostgreSQL writes them in text, so none is rounded. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { StreamId, serviceInput } from './common.ts';
import { ProblemData, TaskSummary } from './models.ts';
import { exportFormats, filterOperators, paramTypes } from './sql-words.ts';

/** 63 bytes at most in PostgreSQL; any characters but NUL. */
const Name = z.string().min(1).max(200);
const TableName = z.object({ schema: Name, table: Name });
export type TableName = z.infer<typeof TableName>;

/** A statement's text; several are run one after another. */
const Text = z.string().max(900_000);
const ValueText = z.string().max(900_000);
export const TabId = z.string().regex(/^[a-zA-Z0-9-]{1,64}$/);
const Position = z.number().int().min(0);

/** How a value is shown and compared. */
export const ValueKind = z.enum(['text', 'number', 'boolean', 'json', 'binary', 'time']);
export type ValueKind = z.infer<typeof ValueKind>;

/** A value in text: null is NULL; one that is too long for a page comes with its beginning and its size. */
export const SqlCell = z.union([z.string(), z.null(), z.object({ cut: z.string(), bytes: z.number() })]);
export type SqlCell = z.infer<typeof SqlCell>;

export const ResultColumn = z.object({
  name: z.string(),
  /** "numeric", "timestamp with time zone", "text[]" */
  type: z.string(),
  kind: ValueKind,
});
export type ResultColumn = z.infer<typeof ResultColumn>;

// The catalogue.

export const CatalogColumn = z.object({
  name: z.string(),
  /** With its modifiers: "numeric(10,2)". */
  type: z.string(),
  kind: ValueKind,
  nullable: z.boolean(),
  /** The default's expression; null: none. */
  default: z.string().nullable(),
  /** Made by the server: an identity or a generated column. */
  generated: z.boolean(),
  comment: z.string().nullable(),
});
export type CatalogColumn = z.infer<typeof CatalogColumn>;

export const ForeignKey = z.object({
  name: z.string(),
  columns: z.array(z.string()),
  target: TableName,
  targetColumns: z.array(z.string()),
});
export type ForeignKey = z.infer<typeof ForeignKey>;

export const CatalogTable = z.object({
  schema: z.string(),
  name: z.string(),
  kind: z.enum(['table', 'partitioned', 'view', 'materialized', 'foreign']),
  /** As the planner knows it; null: it was never analysed. */
  rows: z.number().nullable(),
  /** bytes, with indexes and TOAST */
  bytes: z.number(),
  columns: z.array(CatalogColumn),
  /** Columns of the primary key, in its order; empty: none. */
  primaryKey: z.array(z.string()),
  foreignKeys: z.array(ForeignKey),
  indexes: z.array(z.object({ name: z.string(), definition: z.string(), bytes: z.number(), unique: z.boolean(), valid: z.boolean() })),
  /** Check, unique and exclusion constraints, and triggers, as the server writes them. */
  constraints: z.array(z.object({ name: z.string(), definition: z.string() })),
  comment: z.string().nullable(),
});
export type CatalogTable = z.infer<typeof CatalogTable>;

export const Catalog = z.object({
  database: z.string(),
  user: z.string(),
  version: z.string(),
  /** bytes */
  bytes: z.number(),
  schemas: z.array(z.string()),
  tables: z.array(CatalogTable),
  functions: z.array(z.object({ schema: z.string(), name: z.string(), arguments: z.string(), result: z.string() })),
  /** More were there than are told. */
  cut: z.boolean(),
});
export type Catalog = z.infer<typeof Catalog>;

// Rows of a table.

export const FilterOperator = z.enum(filterOperators);
export type FilterOperator = z.infer<typeof FilterOperator>;
export const ColumnFilter = z.object({ column: Name, operator: FilterOperator, value: z.string().max(10_000).default('') });
export type ColumnFilter = z.infer<typeof ColumnFilter>;
export const ColumnSort = z.object({ column: Name, descending: z.boolean() });
export type ColumnSort = z.infer<typeof ColumnSort>;

const tableView = { filters: z.array(ColumnFilter).max(20).default([]), sort: z.array(ColumnSort).max(5).default([]) };
const tableInput = serviceInput.extend(TableName.shape);
const tableViewInput = tableInput.extend(tableView);

export const TableRow = z.object({
  cells: z.array(SqlCell),
  /** What the row was when it was read; null where rows cannot be edited. */
  version: z.string().nullable(),
});
export type TableRow = z.infer<typeof TableRow>;

const KeyValues = z.record(Name, ValueText.nullable());
/** null: NULL; `default`: the column's default. */
const NewValue = z.union([z.object({ value: ValueText.nullable() }), z.object({ default: z.literal(true) })]);
export type NewValue = z.infer<typeof NewValue>;
export const RowChange = z.discriminatedUnion('act', [
  z.object({ act: z.literal('insert'), set: z.record(Name, NewValue) }),
  z.object({ act: z.literal('update'), key: KeyValues, version: z.string().max(40), set: z.record(Name, NewValue) }),
  z.object({ act: z.literal('delete'), key: KeyValues, version: z.string().max(40) }),
]);
export type RowChange = z.infer<typeof RowChange>;
const changesInput = tableInput.extend({ changes: z.array(RowChange).min(1).max(1000) });

// Runs.

export const SqlParam = z.object({ type: z.enum(paramTypes).default('auto'), value: ValueText.nullable() });
export type SqlParam = z.infer<typeof SqlParam>;

export const TransactionState = z.enum(['none', 'open', 'failed']);
export type TransactionState = z.infer<typeof TransactionState>;

const tabInput = serviceInput.extend({ tab: TabId });
const conduct = {
  params: z.record(Name, SqlParam).default({}),
  readOnly: z.boolean().default(false),
  /** ms; 0: none */
  timeout: z.number().int().min(0).max(86_400_000),
  /** `manual`: a transaction is begun where none is open, and stays so until it is ended. */
  transactions: z.enum(['auto', 'manual']).default('auto'),
};

export const StatementView = z.object({
  /** Where it stands in the text that was run. */
  offset: z.number(),
  length: z.number(),
  state: z.enum(['waiting', 'running', 'done', 'failed', 'cancelled', 'skipped']),
  /** "SELECT 500", "UPDATE 3"; null before it ended */
  tag: z.string().nullable(),
  /** Null while it is not known, or when it gives no rows. */
  columns: z.array(ResultColumn).nullable(),
  /** Rows that can be looked at by now. */
  rows: z.number(),
  /** bytes of them on disk */
  bytes: z.number(),
  /** Why it was stopped before its end; null: it was not. */
  stopped: z.string().nullable(),
  notices: z.array(z.string()),
  problem: ProblemData.nullable(),
  /** ms until the first row; null: none came */
  first: z.number().nullable(),
  /** ms, so far or in all */
  took: z.number(),
});
export type StatementView = z.infer<typeof StatementView>;

export const RunView = z.object({
  run: z.string(),
  state: z.enum(['running', 'done', 'failed', 'cancelled']),
  transaction: TransactionState,
  statements: z.array(StatementView),
  /** Problems before any statement ran: a parameter that is missing, a server that is away. */
  problem: ProblemData.nullable(),
});
export type RunView = z.infer<typeof RunView>;

const RunId = z.string().min(1).max(64);
const resultInput = serviceInput.extend({ run: RunId, statement: z.number().int().min(0).max(10_000) });
const ViewId = z.string().max(64).optional();

/** `column` null: any of them. */
export const ResultFilter = z.object({
  column: z.number().int().min(0).max(2000).nullable(),
  operator: FilterOperator,
  value: z.string().max(10_000).default(''),
});
export type ResultFilter = z.infer<typeof ResultFilter>;
export const ResultSort = z.object({ column: z.number().int().min(0).max(2000), descending: z.boolean() });
export type ResultSort = z.infer<typeof ResultSort>;

export const Arranging = z.object({
  /** Names the arrangement in `page` and `export`. */
  view: z.string(),
  state: z.enum(['working', 'done']),
  /** Rows looked at, and those of them that pass. */
  scanned: z.number(),
  matched: z.number(),
  total: z.number(),
});
export type Arranging = z.infer<typeof Arranging>;

export const ExportFormat = z.enum(exportFormats);
export type ExportFormat = z.infer<typeof ExportFormat>;
const ExportBegun = z.object({ task: TaskSummary, file: z.string() });

/** `binary` values come as base64 too. */
const WholeValue = z.object({ text: z.string(), base64: z.string().optional(), bytes: z.number(), cut: z.boolean() });
export type WholeValue = z.infer<typeof WholeValue>;

export const sqlContract = oc.router({
  /** The server's version, as it tells it. */
  version: oc.input(serviceInput).output(z.object({ version: z.string() })),
  /** Schemas, tables with all that belongs to them, functions. */
  catalog: oc.input(serviceInput).output(Catalog),

  table: {
    /** Rows in the order of `sort`, then of the primary key. */
    rows: oc
      .input(tableViewInput.extend({ from: Position, count: z.number().int().min(1).max(500) }))
      .output(
        z.object({ columns: z.array(ResultColumn.extend({ generated: z.boolean() })), rows: z.array(TableRow), key: z.array(z.string()) }),
      ),
    /** How many pass the filters; `exact` false: counting took too long, this is the planner's guess. */
    count: oc.input(tableViewInput).output(z.object({ rows: z.number(), exact: z.boolean() })),
    /** One value whole, found by its row's key. */
    value: oc.input(tableInput.extend({ key: KeyValues, column: Name, all: z.boolean().default(false) })).output(WholeValue),
    /** The statements that `apply` would run, with their values in them, for reading. */
    preview: oc.input(changesInput).output(z.object({ statements: z.string() })),
    /** All or nothing, in one transaction. @throws conflict when a row changed since it was read */
    apply: oc.input(changesInput).output(z.object({ changed: z.number() })),
    /** Rows elsewhere that refer to this row: how many, a foreign key each. */
    referrers: oc.input(tableInput.extend({ key: KeyValues })).output(
      z.array(
        z.object({
          from: TableName,
          columns: z.array(z.string()),
          values: z.array(ValueText.nullable()),
          rows: z.number(),
          more: z.boolean(),
          /** Deleting this row deletes them. */
          cascade: z.boolean(),
        }),
      ),
    ),
    export: oc.input(tableViewInput.extend({ format: ExportFormat })).output(ExportBegun),
  },

  /** Begins to run a text in a tab, on the tab's own connection; what the tab's last run gave is let go. */
  run: oc.input(tabInput.extend({ text: Text, ...conduct })).output(RunView),
  /** The run now and after every change, until it ends. */
  watch: oc.input(serviceInput.extend({ run: RunId, stream: StreamId })).output(eventIterator(RunView)),
  /** Stops it on the server. */
  cancel: oc.input(serviceInput.extend({ run: RunId })).output(z.void()),
  /** What a tab holds; null: nothing was run in it, or it was let go. */
  tab: oc.input(tabInput).output(z.object({ transaction: TransactionState, run: RunView.nullable() })),
  /** Ends the tab's transaction. */
  end: oc.input(tabInput.extend({ how: z.enum(['commit', 'rollback']) })).output(z.object({ transaction: TransactionState })),
  /** Lets the tab's connection and results go; an open transaction is rolled back. */
  closeTab: oc.input(tabInput).output(z.void()),
  /** Up to `count` rows; fewer than are there when they are large. */
  page: oc
    .input(resultInput.extend({ view: ViewId, from: Position, count: z.number().int().min(1).max(500) }))
    .output(z.object({ rows: z.array(z.array(SqlCell)) })),
  /** One value whole. */
  value: oc
    .input(resultInput.extend({ view: ViewId, row: Position, column: z.number().int().min(0).max(2000), all: z.boolean().default(false) }))
    .output(WholeValue),
  /** Sorts and filters a result that is there, without asking the server again. */
  arrange: oc
    .input(resultInput.extend({ filters: z.array(ResultFilter).max(20), sort: ResultSort.nullable(), stream: StreamId }))
    .output(eventIterator(Arranging)),
  export: oc.input(resultInput.extend({ view: ViewId, format: ExportFormat })).output(ExportBegun),
  /** The plan of one statement as EXPLAIN (FORMAT JSON) gives it. With `analyze` it is run, and what it changed is rolled back. */
  explain: oc
    .input(tabInput.extend({ text: Text, ...conduct, analyze: z.boolean() }))
    .output(z.object({ plan: z.string(), statement: z.string() })),
});
