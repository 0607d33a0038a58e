/**
 * The one set of entities that all five stores tell of. Everything is a function of (scale, seed, anchor,
 * index): a user, project, job, model, metric or node is made when asked for, in any order, and is the same
 * each time. Entities refer to each other by index, so no store needs what another was given.
 */
import { mix, Random, streamOf, uuid } from './random.ts';
import { compiledCode, type Language, languages, sourceCode } from './sources.ts';
import vocabulary from './vocabulary.json' with { type: 'json' };

/** Changes with anything that changes the data: a load that an older generator began is begun anew. */
export const generatorVersion = '1';

export interface Recipe {
  /** 1 is about 100 users, 300 projects, 5,000 jobs, 1,000 models and 20,000 metrics. */
  readonly scale: number;
  readonly seed: number;
  /** "Now" for the data, ms since the epoch: the newest job is about as old as this. */
  readonly anchor: number;
}

export interface Sizes {
  readonly users: number;
  readonly activeUsers: number;
  readonly projects: number;
  readonly jobs: number;
  readonly models: number;
  readonly metrics: number;
  readonly nodes: number;
}

export interface User {
  readonly id: string;
  readonly username: string;
  readonly email: string;
  readonly passwordHash: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly phone: string | null;
  readonly status: 'active' | 'inactive' | 'suspended';
  readonly createdAt: number;
  readonly lastLogin: number | null;
  readonly jobTitle: string;
  readonly city: string;
  readonly timeZone: string;
  readonly browser: string;
  readonly address: string;
  readonly theme: string;
}

export interface Project {
  readonly id: string;
  readonly owner: number;
  readonly name: string;
  readonly description: string;
  readonly status: 'active' | 'archived';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly language: Language;
  readonly tags: readonly string[];
}

export interface Job {
  readonly id: string;
  readonly project: number;
  readonly user: number;
  readonly status: 'completed' | 'failed' | 'cancelled' | 'running' | 'pending';
  readonly language: Language;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** ms; null before it ended */
  readonly executionTime: number | null;
  /** bytes; null before it ran */
  readonly memoryUsage: number | null;
  readonly optimizationLevel: number;
  readonly error: string | null;
}

export interface Model {
  readonly id: string;
  readonly project: number;
  readonly user: number;
  readonly name: string;
  readonly type: string;
  readonly path: string;
  /** bytes */
  readonly size: number;
  readonly status: 'active' | 'training' | 'retired';
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly framework: string;
  readonly parameters: number;
  readonly accuracy: number;
}

export interface Metric {
  readonly id: string;
  readonly job: number;
  readonly name: string;
  readonly value: number;
  readonly createdAt: number;
}

export interface Node {
  readonly id: string;
  readonly name: string;
  readonly region: string;
}

/** What is measured of each job, in this order. */
export const jobMetrics = ['queue_time_ms', 'compile_time_ms', 'peak_memory_mb', 'output_size_kb'] as const;

const day = 86_400_000;
/** Jobs reach so far back: within InfluxDB's retention of 30 days, with days to spare for what is looked at later. */
const jobSpan = 25 * day;

/** Every eighth user is not active, so that the active ones can be counted and numbered without making any. */
const inactiveEvery = 8;

const modelTypes = ['classification', 'regression', 'transformer', 'convolutional', 'embedding', 'reinforcement'] as const;
const frameworks = ['pytorch', 'onnx', 'tensorflow', 'jax'] as const;
const regions = ['eu-west', 'eu-central', 'us-east', 'us-west', 'ap-south'] as const;
const themes = ['system', 'light', 'dark'] as const;
const failures = [
  "error: expected ';' before '}' token",
  'error[E0382]: borrow of moved value: `values`',
  'linker: undefined reference to `main`',
  'out of memory: the limit of 2048 MiB was reached',
  'timed out after 300 s\n\tat stage "optimise"\n\tat stage "link"',
] as const;
const bcrypt = './ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

export function sizesOf(scale: number): Sizes {
  const times = (count: number) => Math.max(1, Math.round(count * scale));
  const users = times(100);
  const jobs = times(5_000);
  return {
    users,
    activeUsers: users - Math.floor(users / inactiveEvery),
    projects: times(300),
    jobs,
    models: times(1_000),
    metrics: jobs * jobMetrics.length,
    nodes: times(12),
  };
}

export type Dataset = ReturnType<typeof createDataset>;

export function createDataset(recipe: Recipe) {
  const { scale, seed, anchor } = recipe;
  const sizes = sizesOf(scale);
  const streams = {
    user: streamOf(seed, 'user'),
    project: streamOf(seed, 'project'),
    owner: streamOf(seed, 'owner'),
    job: streamOf(seed, 'job'),
    source: streamOf(seed, 'source'),
    model: streamOf(seed, 'model'),
    metric: streamOf(seed, 'metric'),
    node: streamOf(seed, 'node'),
    sample: streamOf(seed, 'sample'),
  };
  const random = new Random();
  // For what is drawn while another item's numbers are still being drawn.
  const aside = new Random();

  const ownerOf = (project: number) => aside.at(streams.owner, project).below(sizes.users);

  const dataset = {
    recipe,
    sizes,
    userId: (index: number) => uuid(streams.user, index),
    projectId: (index: number) => uuid(streams.project, index),
    jobId: (index: number) => uuid(streams.job, index),
    modelId: (index: number) => uuid(streams.model, index),
    nodeId: (index: number) => uuid(streams.node, index),

    /** Index of the nth active user. */
    activeUser: (nth: number) => nth + Math.floor(nth / (inactiveEvery - 1)),

    user(index: number): User {
      const draw = random.at(streams.user, index);
      const firstName = draw.pick(vocabulary.firstNames);
      const lastName = draw.pick(vocabulary.lastNames);
      // The number keeps names unique however many users there are.
      const username = `${firstName}.${lastName}${index + 1}`
        .toLowerCase()
        .replace(/[^a-z0-9.]/g, '')
        .slice(-50);
      const active = index % inactiveEvery !== inactiveEvery - 1;
      const createdAt = anchor - Math.floor(draw.between(60, 700) * day + draw.share() * day);
      return {
        id: uuid(streams.user, index),
        username,
        email: `${username}@${draw.pick(vocabulary.domains)}`,
        passwordHash: passwordHash(draw),
        firstName,
        lastName,
        phone: draw.chance(0.7) ? `+1-555-${digits(draw, 3)}-${digits(draw, 4)}` : null,
        status: active ? 'active' : draw.chance(0.7) ? 'inactive' : 'suspended',
        createdAt,
        lastLogin: active ? anchor - Math.floor(7 * day * draw.share() ** 3) : draw.chance(0.5) ? createdAt + 30 * day : null,
        jobTitle: draw.pick(vocabulary.jobTitles),
        city: draw.pick(vocabulary.cities),
        timeZone: draw.pick(vocabulary.timeZones),
        browser: draw.pick(vocabulary.browsers),
        address: `10.${draw.below(256)}.${draw.below(256)}.${draw.between(1, 254)}`,
        theme: draw.pick(themes),
      };
    },

    project(index: number): Project {
      const draw = random.at(streams.project, index);
      const createdAt = anchor - Math.floor((30 + 29 * draw.share()) * day);
      return {
        id: uuid(streams.project, index),
        owner: ownerOf(index),
        name: `${draw.pick(vocabulary.adjectives)}-${draw.pick(vocabulary.nouns)}-${index + 1}`,
        description: `${draw.pick(vocabulary.catchPhrases)}. ${draw.pick(vocabulary.sentences)}`,
        status: draw.chance(0.85) ? 'active' : 'archived',
        createdAt,
        updatedAt: anchor - Math.floor(28 * day * draw.share() ** 2),
        language: draw.pick(languages),
        tags: [draw.pick(vocabulary.nouns), draw.pick(vocabulary.nouns), draw.pick(vocabulary.verbs)],
      };
    },

    /** Jobs are in order of time; about one in eight is of the last hour. */
    job(index: number): Job {
      const draw = random.at(streams.job, index);
      const age = jobSpan * ((sizes.jobs - index - draw.share()) / sizes.jobs) ** 3;
      // A busy project has many jobs, most have few.
      const project = Math.floor(sizes.projects * draw.share() ** 2);
      const user = draw.chance(0.6) ? ownerOf(project) : draw.below(sizes.users);
      const status = jobStatus(draw, age);
      const took = draw.skewed(1_800);
      const createdAt = Math.floor(anchor - age);
      return {
        id: uuid(streams.job, index),
        project,
        user,
        status,
        language: draw.pick(languages),
        createdAt,
        updatedAt: Math.min(anchor, Math.floor(createdAt + took)),
        executionTime: status === 'completed' || status === 'failed' ? Math.round(took * 1_000) / 1_000 : null,
        memoryUsage: status === 'pending' ? null : Math.floor(draw.skewed(180 * 1024 * 1024)),
        optimizationLevel: draw.below(4),
        error: status === 'failed' ? draw.pick(failures) : null,
      };
    },

    sourceOf(index: number, job: Job): { readonly source: string; readonly compiled: string | null } {
      const draw = random.at(streams.source, index);
      return { source: sourceCode(draw, job.language, vocabulary.nouns), compiled: job.status === 'completed' ? compiledCode(draw) : null };
    },

    model(index: number): Model {
      const draw = random.at(streams.model, index);
      const project = draw.below(sizes.projects);
      const type = draw.pick(modelTypes);
      const name = `${draw.pick(vocabulary.adjectives)}-${draw.pick(vocabulary.nouns)}-${type}`;
      const parameters = Math.floor(draw.skewed(12_000_000));
      const createdAt = anchor - Math.floor(jobSpan * draw.share());
      return {
        id: uuid(streams.model, index),
        project,
        user: ownerOf(project),
        name,
        type,
        path: `/models/${name}/${index + 1}/model.onnx`,
        size: parameters * 4 + draw.below(4_096),
        status: draw.chance(0.8) ? 'active' : draw.chance(0.5) ? 'training' : 'retired',
        createdAt,
        updatedAt: createdAt + Math.floor((anchor - createdAt) * draw.share()),
        framework: draw.pick(frameworks),
        parameters,
        accuracy: Math.round((0.7 + 0.29 * draw.share()) * 10_000) / 10_000,
      };
    },

    /** `of`: the metric's job, so that a run of metrics makes each job once. */
    metric(index: number, of: Job): Metric {
      const at = index % jobMetrics.length;
      const draw = random.at(streams.metric, index);
      return {
        id: uuid(streams.metric, index),
        job: Math.floor(index / jobMetrics.length),
        name: jobMetrics[at]!,
        value: jobMetric(draw, at, of),
        createdAt: of.updatedAt,
      };
    },

    node(index: number): Node {
      const region = regions[mix(index ^ streams.node) % regions.length]!;
      return { id: uuid(streams.node, index), name: `node-${String(index + 1).padStart(3, '0')}.${region}`, region };
    },

    /** Numbers for one measured value or event of an entity. */
    sample: (index: number): Random => random.at(streams.sample, index),
    sentence: (draw: Random): string => draw.pick(vocabulary.sentences),
  };
  return dataset;
}

function jobStatus(draw: Random, age: number): Job['status'] {
  const share = draw.share();
  if (age < 600_000 && share > 0.7) return share > 0.85 ? 'pending' : 'running';
  return share < 0.86 ? 'completed' : share < 0.97 ? 'failed' : 'cancelled';
}

function jobMetric(draw: Random, at: number, job: Job): number {
  const value = [() => draw.skewed(40), () => job.executionTime ?? 0, () => (job.memoryUsage ?? 0) / (1024 * 1024), () => draw.skewed(64)][
    at
  ]!();
  return Math.round(value * 1_000) / 1_000;
}

/** In the form of bcrypt, of no password: nobody can log in with seed data. */
function passwordHash(draw: Random): string {
  let hash = '$2b$12$';
  for (let left = 53; left > 0; left--) hash += bcrypt[draw.below(64)];
  return hash;
}

function digits(draw: Random, count: number): string {
  let text = '';
  for (let left = count; left > 0; left--) text += draw.below(10);
  return text;
}
