/** The stack's tables, a row as an object with the columns' own names. */
import type { PostgresClient, Query } from './client.ts';
import { quoteIdentifier } from './quote.ts';

interface Dated {
  readonly created_at: Date;
  readonly updated_at: Date;
}

export interface User extends Dated {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly password_hash: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly phone: string | null;
  readonly status: string;
  readonly last_login: Date | null;
}

export interface Project extends Dated {
  readonly id: string;
  readonly name: string;
  readonly description: string | null;
  readonly owner_id: string;
  readonly status: string;
  readonly settings: unknown;
}

export interface CompilationJob extends Dated {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly source_code: string;
  readonly compiled_code: string | null;
  readonly status: string;
  /** An interval: `{seconds, milliseconds, …}` as read, `'1.5 seconds'` as written. */
  readonly execution_time: unknown;
  /** bytes; a bigint, so a string when read */
  readonly memory_usage: string | number | null;
  readonly error_message: string | null;
  readonly optimization_level: number;
}

export interface Model extends Dated {
  readonly id: string;
  readonly project_id: string;
  readonly user_id: string;
  readonly name: string;
  readonly model_type: string;
  readonly model_path: string;
  /** bytes; a bigint, so a string when read */
  readonly model_size: string | number | null;
  readonly status: string;
  readonly metadata: unknown;
}

export interface PerformanceMetric {
  readonly id: string;
  readonly job_id: string;
  readonly metric_name: string;
  readonly metric_value: number;
  readonly created_at: Date;
  readonly tags: unknown;
}

/** Columns of each table, in its order; what a repository may name in a statement. */
export const tables = {
  users: ['id', 'username', 'email', 'password_hash', 'first_name', 'last_name', 'phone', 'created_at', 'updated_at', 'status', 'last_login'],
  projects: ['id', 'name', 'description', 'owner_id', 'created_at', 'updated_at', 'status', 'settings'],
  compilation_jobs: [
    'id', 'project_id', 'user_id', 'source_code', 'compiled_code', 'status', 'created_at', 'updated_at', 'execution_time', 'memory_usage',
    'error_message', 'optimization_level',
  ],
  models: [
    'id', 'project_id', 'user_id', 'name', 'model_type', 'model_path', 'model_size', 'created_at', 'updated_at', 'status', 'metadata',
  ],
  performance_metrics: ['id', 'job_id', 'metric_name', 'metric_value', 'created_at', 'tags'],
} as const; // biome-ignore format: a list is read as a list
export type Table = keyof typeof tables;

export interface Rows<T> {
  get(id: string): Promise<T | undefined>;
  /** Newest first, those of one column's value only when `where` names one. */
  list(options: { readonly limit: number; readonly where?: Readonly<Partial<T>> }): Promise<readonly T[]>;
  /** Columns left out take their defaults. @returns the row as stored */
  insert(row: Partial<T>): Promise<T>;
}

export interface StatusRows<T> extends Rows<T> {
  /** Also sets `updated_at`. @returns the row as stored, undefined when there is none */
  setStatus(id: string, status: string): Promise<T | undefined>;
}

export interface PostgresRepositories {
  readonly users: StatusRows<User>;
  readonly projects: StatusRows<Project>;
  readonly jobs: StatusRows<CompilationJob>;
  readonly models: StatusRows<Model>;
  readonly metrics: Rows<PerformanceMetric>;
}

/** @param on a client, or what a transaction hands out */
export function postgresRepositories(on: Pick<PostgresClient, 'query'> | { readonly query: Query }): PostgresRepositories {
  const query: Query = (text, values) => on.query(text, values);
  return {
    users: statusRows<User>(query, 'users'),
    projects: statusRows<Project>(query, 'projects'),
    jobs: statusRows<CompilationJob>(query, 'compilation_jobs'),
    models: statusRows<Model>(query, 'models'),
    metrics: rows<PerformanceMetric>(query, 'performance_metrics'),
  };
}

function rows<T extends object>(query: Query, table: Table): Rows<T> {
  const from = quoteIdentifier(table);
  return {
    get: async (id) => (await query<T>(`select * from ${from} where id = $1`, [id]))[0],
    async list({ limit, where = {} }) {
      const { names, values } = columnsOf(table, where);
      const conditions = names.map((name, index) => `${name} = $${index + 2}`);
      const filter = conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
      return query<T>(`select * from ${from} ${filter} order by created_at desc limit $1`, [limit, ...values]);
    },
    async insert(row) {
      const { names, values } = columnsOf(table, row);
      const places = values.map((_, index) => `$${index + 1}`);
      const [stored] = await query<T>(`insert into ${from} (${names.join(', ')}) values (${places.join(', ')}) returning *`, values);
      return stored!;
    },
  };
}

function statusRows<T extends object>(query: Query, table: Table): StatusRows<T> {
  return {
    ...rows<T>(query, table),
    setStatus: async (id, status) =>
      (await query<T>(`update ${quoteIdentifier(table)} set status = $2, updated_at = now() where id = $1 returning *`, [id, status]))[0],
  };
}

/** Only the table's own columns become part of a statement, quoted; anything else in the object is left out. */
function columnsOf(table: Table, row: object): { names: readonly string[]; values: readonly unknown[] } {
  const fields = row as Readonly<Record<string, unknown>>;
  const given = tables[table].filter((column) => fields[column] !== undefined);
  return {
    names: given.map(quoteIdentifier),
    // pg writes an array as PostgreSQL's own array type, which jsonb does not take.
    values: given.map((column) => (jsonColumns.has(column) ? JSON.stringify(fields[column]) : fields[column])),
  };
}

const jsonColumns: ReadonlySet<string> = new Set(['settings', 'metadata', 'tags']);
