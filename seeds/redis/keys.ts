/** The keys of the cache, made from the same entities as the rows. */
import type { Dataset, Sizes } from '../generator/dataset.ts';

export const keyShapes = ['session', 'compilation', 'model', 'counter'] as const;
export type KeyShape = (typeof keyShapes)[number];

export interface Entry {
  readonly key: string;
  /** An object is kept as JSON and for an hour, a number as it is and for good. */
  readonly value: object | number;
}

/** The newest tenth of the jobs are cached. */
const cachedJobs = (sizes: Sizes) => Math.ceil(sizes.jobs / 10);

export function keyCounts(sizes: Sizes): Readonly<Record<KeyShape, number>> {
  return { session: sizes.activeUsers, compilation: cachedJobs(sizes), model: sizes.models, counter: counters(sizes).length };
}

const entryMakers: Readonly<Record<KeyShape, (dataset: Dataset, index: number) => Entry>> = {
  session(dataset, index) {
    const user = dataset.user(dataset.activeUser(index));
    const value = {
      user_id: user.id,
      username: user.username,
      created_at: new Date(user.lastLogin ?? user.createdAt).toISOString(),
      ip_address: user.address,
      user_agent: user.browser,
    };
    return { key: `session:${user.id}`, value };
  },
  compilation(dataset, index) {
    const job = dataset.job(dataset.sizes.jobs - cachedJobs(dataset.sizes) + index);
    const value = {
      job_id: job.id,
      project_id: dataset.projectId(job.project),
      status: job.status,
      optimization_level: job.optimizationLevel,
      execution_time: job.executionTime,
      memory_usage: job.memoryUsage,
    };
    return { key: `compilation:${job.id}`, value };
  },
  model(dataset, index) {
    const model = dataset.model(index);
    const value = {
      model_id: model.id,
      project_id: dataset.projectId(model.project),
      name: model.name,
      model_type: model.type,
      model_size: model.size,
      status: model.status,
    };
    return { key: `model:${model.id}`, value };
  },
  counter(dataset, index) {
    const [name, value] = counters(dataset.sizes)[index]!;
    return { key: `counter:${name}`, value };
  },
};

export function entry(dataset: Dataset, shape: KeyShape, index: number): Entry {
  return entryMakers[shape](dataset, index);
}

function counters(sizes: Sizes): readonly (readonly [name: string, value: number])[] {
  const { users, projects, jobs, models } = sizes;
  return [
    ['users', users],
    ['projects', projects],
    ['compilation_jobs', jobs],
    ['models', models],
    ['events', jobs + models],
  ];
}
