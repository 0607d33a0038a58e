import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { measurements, point, pointCounts } from '../influxdb/points.ts';
import { collections, document, documentCounts } from '../mongodb/documents.ts';
import { copyText, rowCounts, type Table, tables } from '../postgres/copy.ts';
import { event, eventCounts, topics } from '../pulsar/events.ts';
import { entry, keyCounts, keyShapes } from '../redis/keys.ts';
import { createDataset, type Recipe, sizesOf } from './dataset.ts';

const recipe: Recipe = { scale: 0.1, seed: 7, anchor: Date.UTC(2026, 0, 15, 12) };
const uuidForm = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const range = (count: number) => Array.from({ length: count }, (_, index) => index);

/** Everything that all five stores would be given. */
function everything(of: Recipe) {
  const dataset = createDataset(of);
  const { sizes } = dataset;
  return {
    postgres: Object.entries(rowCounts(sizes)).map(([table, rows]) => [...copyText(dataset, table as Table, 0, rows)].join('')),
    redis: keyShapes.flatMap((shape) => range(keyCounts(sizes)[shape]).map((index) => entry(dataset, shape, index))),
    mongodb: collections.flatMap((name) => range(documentCounts(sizes)[name]).map((index) => document(dataset, name, index))),
    pulsar: topics.flatMap((topic) => range(eventCounts(sizes)[topic]).map((index) => event(dataset, topic, index))),
    influxdb: measurements.flatMap((name) => range(pointCounts(sizes)[name]).map((index) => point(dataset, name, index))),
  };
}

const digest = (of: unknown) => createHash('sha256').update(JSON.stringify(of)).digest('hex');

describe('the dataset', () => {
  it('is about 100 users, 300 projects, 5,000 jobs, 1,000 models and 20,000 metrics at scale 1', () => {
    expect(sizesOf(1)).toMatchObject({ users: 100, projects: 300, jobs: 5_000, models: 1_000, metrics: 20_000 });
  });

  it('has at least one of everything at the smallest scale', () => {
    expect(Object.values(sizesOf(0.000_1)).every((count) => count >= 1)).toBe(true);
  });

  it('is the same to the byte for the same scale, seed and anchor, and another for another seed', () => {
    expect(digest(everything(recipe))).toBe(digest(everything(recipe)));
    expect(digest(everything(recipe))).not.toBe(digest(everything({ ...recipe, seed: 8 })));
  });

  it('gives any batch alone as it is among all', () => {
    for (const [table, rows] of Object.entries(rowCounts(sizesOf(recipe.scale))) as [Table, number][]) {
      const whole = [...copyText(createDataset(recipe), table, 0, rows)].join('').split('\n');
      const middle = Math.floor(rows / 2);
      expect([...copyText(createDataset(recipe), table, middle, rows)].join('').split('\n')).toEqual(whole.slice(middle));
    }
  });

  it('gives every entity an id of its own, in the form of a UUID', () => {
    const dataset = createDataset({ ...recipe, scale: 2 });
    const { sizes } = dataset;
    const ids = [
      ...range(sizes.users).map(dataset.userId),
      ...range(sizes.projects).map(dataset.projectId),
      ...range(sizes.jobs).map(dataset.jobId),
      ...range(sizes.models).map(dataset.modelId),
      ...range(sizes.nodes).map(dataset.nodeId),
    ];
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.filter((id) => !uuidForm.test(id))).toEqual([]);
  });

  it('refers only to rows that are there, and names each user once', () => {
    const columns = (table: Table) =>
      everything(recipe)
        .postgres[Object.keys(tables).indexOf(table)]!.trimEnd()
        .split('\n')
        .map((line) => Object.fromEntries(line.split('\t').map((value, at) => [tables[table][at]!, value])) as Record<string, string>);
    const of = Object.fromEntries((Object.keys(tables) as Table[]).map((table) => [table, columns(table)])) as Record<
      Table,
      Record<string, string>[]
    >;
    const ids = (table: Table) => new Set(of[table].map(({ id }) => id));
    const dangling = (table: Table, column: string, to: Table) => of[table].filter((row) => !ids(to).has(row[column])).length;
    expect(dangling('projects', 'owner_id', 'users')).toBe(0);
    expect(dangling('compilation_jobs', 'project_id', 'projects')).toBe(0);
    expect(dangling('compilation_jobs', 'user_id', 'users')).toBe(0);
    expect(dangling('models', 'project_id', 'projects')).toBe(0);
    expect(dangling('models', 'user_id', 'users')).toBe(0);
    expect(dangling('performance_metrics', 'job_id', 'compilation_jobs')).toBe(0);
    expect(new Set(of.users.map(({ username }) => username)).size).toBe(of.users.length);
  });

  it('knows one entity by the same id in all five stores', () => {
    const dataset = createDataset(recipe);
    const job = dataset.sizes.jobs - 1;
    const id = dataset.jobId(job);
    const { postgres, redis, pulsar, influxdb, mongodb } = everything(recipe);
    expect(postgres[2]).toContain(`${id}\t`);
    expect(redis.some(({ key }) => key === `compilation:${id}`)).toBe(true);
    expect(pulsar.some((event) => event.id === id)).toBe(true);
    expect(influxdb.filter((point) => point.id === id)).toHaveLength(4);
    expect(mongodb.some((document) => document._id === dataset.projectId(dataset.job(job).project))).toBe(true);
  });

  it('keeps all times within InfluxDB’s retention of 30 days and none after the anchor, and some within the last hour', () => {
    const times = everything(recipe).influxdb.map(({ time }) => time.getTime());
    expect(Math.max(...times)).toBeLessThanOrEqual(recipe.anchor);
    expect(Math.min(...times)).toBeGreaterThan(recipe.anchor - 30 * 86_400_000);
    expect(times.filter((time) => time > recipe.anchor - 3_600_000).length).toBeGreaterThan(50);
  });
});
