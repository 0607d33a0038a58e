/** Rows of the five tables in COPY's text format: https://www.postgresql.org/docs/17/sql-copy.html#SQL-COPY-FILE-FORMATS */
import type { Dataset, Sizes } from '../generator/dataset.ts';

/** In the order of their dependencies. */
export const tables = {
  users: ['id', 'username', 'email', 'password_hash', 'first_name', 'last_name', 'phone', 'created_at', 'updated_at', 'status', 'last_login'],
  projects: ['id', 'name', 'description', 'owner_id', 'created_at', 'updated_at', 'status', 'settings'],
  compilation_jobs: [
    'id', 'project_id', 'user_id', 'source_code', 'compiled_code', 'status', 'created_at', 'updated_at', 'execution_time', 'memory_usage',
    'error_message', 'optimization_level',
  ],
  models: ['id', 'project_id', 'user_id', 'name', 'model_type', 'model_path', 'model_size', 'created_at', 'updated_at', 'status', 'metadata'],
  performance_metrics: ['id', 'job_id', 'metric_name', 'metric_value', 'created_at', 'tags'],
} as const; // biome-ignore format: a list is read as a list
export type Table = keyof typeof tables;

export function rowCounts(sizes: Sizes): Readonly<Record<Table, number>> {
  return {
    users: sizes.users,
    projects: sizes.projects,
    compilation_jobs: sizes.jobs,
    models: sizes.models,
    performance_metrics: sizes.metrics,
  };
}

/** Lines of COPY text for rows `from` … `to` − 1, in pieces of about `pieceLength` characters. */
export function* copyText(dataset: Dataset, table: Table, from: number, to: number): Iterable<string> {
  const line = lineMakers[table](dataset);
  let piece = '';
  for (let index = from; index < to; index++) {
    piece += line(index);
    if (piece.length >= pieceLength) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
}

const pieceLength = 64 * 1024;

type Value = string | number | null;
type LineMaker = (dataset: Dataset) => (index: number) => string;

const lineMakers: Readonly<Record<Table, LineMaker>> = {
  users: (dataset) => (index) => {
    const user = dataset.user(index);
    const created = time(user.createdAt);
    return copyLine([
      user.id, user.username, user.email, user.passwordHash, user.firstName, user.lastName, user.phone, created,
      user.lastLogin === null ? created : time(user.lastLogin), user.status, user.lastLogin === null ? null : time(user.lastLogin),
    ]); // biome-ignore format: in the order of the columns
  },
  projects: (dataset) => (index) => {
    const project = dataset.project(index);
    const settings = { language: project.language, visibility: project.status === 'active' ? 'team' : 'private', tags: project.tags };
    return copyLine([
      project.id, project.name, project.description, dataset.userId(project.owner), time(project.createdAt), time(project.updatedAt),
      project.status, JSON.stringify(settings),
    ]); // biome-ignore format: in the order of the columns
  },
  compilation_jobs: (dataset) => (index) => {
    const job = dataset.job(index);
    const { source, compiled } = dataset.sourceOf(index, job);
    return copyLine([
      job.id, dataset.projectId(job.project), dataset.userId(job.user), source, compiled, job.status, time(job.createdAt), time(job.updatedAt),
      job.executionTime === null ? null : `${job.executionTime} milliseconds`, job.memoryUsage, job.error, job.optimizationLevel,
    ]); // biome-ignore format: in the order of the columns
  },
  models: (dataset) => (index) => {
    const model = dataset.model(index);
    const metadata = { framework: model.framework, parameters: model.parameters, accuracy: model.accuracy };
    return copyLine([
      model.id, dataset.projectId(model.project), dataset.userId(model.user), model.name, model.type, model.path, model.size,
      time(model.createdAt), time(model.updatedAt), model.status, JSON.stringify(metadata),
    ]); // biome-ignore format: in the order of the columns
  },
  performance_metrics: (dataset) => {
    const perJob = dataset.sizes.metrics / dataset.sizes.jobs;
    let at = -1;
    let job = dataset.job(0);
    let created = '';
    let tags = '';
    return (index) => {
      const wanted = Math.floor(index / perJob);
      if (wanted !== at) {
        at = wanted;
        job = dataset.job(at);
        created = time(job.updatedAt);
        tags = JSON.stringify({ language: job.language, optimization_level: job.optimizationLevel });
      }
      const metric = dataset.metric(index, job);
      return copyLine([metric.id, job.id, metric.name, metric.value, created, tags]);
    };
  },
};

/** One row. Escaped: what would end a field, a row or the data, and what starts an escape. */
export function copyLine(values: readonly Value[]): string {
  let line = '';
  for (let at = 0; at < values.length; at++) {
    if (at > 0) line += '\t';
    const value = values[at]!;
    line += value === null ? '\\N' : typeof value === 'number' ? String(value) : copyField(value);
  }
  return `${line}\n`;
}

const special = /[\\\t\n\r\b\f\v\0]/;

/** Each in turn, the escape itself first; PostgreSQL text holds no NUL, which is left out. */
const escapes: readonly (readonly [char: string, escaped: string])[] = [
  ['\\', '\\\\'],
  ['\n', '\\n'],
  ['\t', '\\t'],
  ['\r', '\\r'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\v', '\\v'],
  ['\0', ''],
];

function copyField(text: string): string {
  if (!special.test(text)) return text;
  let escaped = text;
  // By plain strings: several times as fast as a pattern with a function, on text of many lines.
  for (const [char, by] of escapes) if (escaped.includes(char)) escaped = escaped.replaceAll(char, by);
  return escaped;
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
