import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openInflux } from '../../main/services/influxdb/client.ts';
import { metricsRepository } from '../../main/services/influxdb/metrics.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import { documentRepositories } from '../../main/services/mongodb/documents.ts';
import { openPostgres } from '../../main/services/postgres/client.ts';
import { type CompilationJob, postgresRepositories } from '../../main/services/postgres/repositories.ts';
import { openPulsar } from '../../main/services/pulsar/client.ts';
import { decodeEvent, type StackEvent } from '../../main/services/pulsar/events.ts';
import { stackTopic } from '../../main/services/pulsar/topic.ts';
import { openRedis } from '../../main/services/redis/client.ts';
import { redisRepositories } from '../../main/services/redis/repositories.ts';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

/**
 * A newcomer brings the stack up and follows one compilation job: its row in PostgreSQL, its cached
 * result in Redis, its events in Pulsar, the document of its project in MongoDB, its points in InfluxDB.
 */
describe.each(['docker', 'native'] as const)('one job of a fresh stack on %s', async (runtime) => {
  const lacks = await lacking(runtime, serviceKindNames);
  let bed: StackBed;
  let job: CompilationJob;

  beforeAll(async () => {
    if (lacks) return;
    bed = await makeStack(runtime);
    await bed.stack.up([], { seed: true, install: false }, quietRun());
  });
  afterAll(async () => bed?.clear());
  const step = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

  step('is healthy and filled in all five stores', async () => {
    const { overall, services } = await bed.stack.status();
    expect(overall).toBe('healthy');
    expect(services.map(({ kind }) => kind)).toEqual([...serviceKindNames]);
    const seeds = await bed.stack.seedState();
    expect(seeds.map(({ kind, state }) => `${kind} ${state}`)).toEqual(serviceKindNames.map((kind) => `${kind} seeded`));
  });

  step('keeps what Pulsar knows in its own volume and nowhere else', async () => {
    if (runtime === 'docker') return;
    const volume = join(bed.home, 'stacks', bed.name, 'volumes', `${bed.name}_pulsar-data`);
    expect((await readdir(volume)).sort()).toEqual(['bookkeeper', 'metadata']);
  });

  step('has its cached result under its own id', async () => {
    const redis = await openRedis(await bed.stack.connection('redis'));
    const postgres = await openPostgres(await bed.stack.connection('postgres'));
    try {
      const [, keys] = await redis.command<[string, string[]]>('SCAN', '0', 'MATCH', 'compilation:*', 'COUNT', 10_000);
      const id = keys.sort()[0]!.slice('compilation:'.length);
      expect(await redisRepositories(redis).compilations.get(id)).toMatchObject({ job_id: id });
      const row = await postgresRepositories(postgres).jobs.get(id);
      expect(row).toMatchObject({ id });
      job = row!;
    } finally {
      await Promise.all([redis.close(), postgres.close()]);
    }
  });

  step('has its events, in the order in which they happened', async () => {
    const pulsar = await openPulsar(await bed.stack.connection('pulsar'));
    try {
      const reader = await pulsar.messages.reader(stackTopic('compilation-events'), 'earliest');
      const events: StackEvent[] = [];
      for (;;) {
        const message = await reader.receive(AbortSignal.timeout(20_000)).catch(() => undefined);
        if (!message) break;
        const event = decodeEvent('compilation', message.data);
        if (event.id === job.id) events.push(event);
        if (events.length > 0 && event.id !== job.id) break;
      }
      await reader.close();
      expect(events.length).toBeGreaterThan(0);
      expect(events.map(({ time }) => time.getTime())).toEqual(events.map(({ time }) => time.getTime()).sort((a, b) => a - b));
    } finally {
      await pulsar.close();
    }
  });

  step('belongs to a project and a user whose documents carry the same ids', async () => {
    const mongodb = await openMongodb(await bed.stack.connection('mongodb'));
    try {
      const documents = documentRepositories(mongodb);
      expect(await documents.projects.get(job.project_id)).toMatchObject({ project_id: job.project_id });
      expect(await documents.profiles.get(job.user_id)).toMatchObject({ user_id: job.user_id });
    } finally {
      await mongodb.close();
    }
  });

  step('has its points', async () => {
    const influx = await openInflux(await bed.stack.connection('influxdb'));
    const range = { start: new Date(Date.now() - 31 * 86_400_000), stop: new Date(Date.now() + 3_600_000), wide: true };
    const ids = new Set<string>();
    for await (const { id } of metricsRepository(influx).range('compilation', { id: job.id }, range)) ids.add(id);
    expect([...ids]).toEqual([job.id]);
  });

  step('is traced through all stores by its id alone, each finding with the way to its panel', async () => {
    const stores = await bed.stack.trace(job.id, AbortSignal.timeout(60_000));
    expect(stores.filter(({ problem }) => problem !== null)).toEqual([]);
    const found = new Map(stores.map(({ kind, findings }) => [kind, findings]));
    expect(found.get('postgres')).toContainEqual(expect.objectContaining({ place: expect.stringContaining('compilation_jobs') }));
    expect(found.get('redis')).toContainEqual(expect.objectContaining({ name: `compilation:${job.id}` }));
    expect(found.get('pulsar')).toContainEqual(expect.objectContaining({ place: expect.stringContaining('compilation-events') }));
    expect(found.get('influxdb')).toContainEqual(expect.objectContaining({ place: expect.stringContaining('compilation_metrics') }));
    for (const { findings, service } of stores) for (const { link } of findings) expect(link.service).toBe(service);
  });

  step("has a user whose session, profile, rows and events are found by the user's id", async () => {
    const postgres = await openPostgres(await bed.stack.connection('postgres'));
    // One who is signed in: the newest of the active ones.
    const [user] = await postgres.query<{ id: string }>(`select id from users where status = 'active' order by last_login desc limit 1`);
    await postgres.close();
    const { id } = user!;
    const stores = await bed.stack.trace(id, AbortSignal.timeout(60_000));
    const found = new Map(stores.map(({ kind, findings }) => [kind, findings]));
    expect(found.get('redis')).toContainEqual(expect.objectContaining({ what: 'key', name: `session:${id}` }));
    expect(found.get('mongodb')).toContainEqual(
      expect.objectContaining({ what: 'document', place: expect.stringContaining('user_profiles') }),
    );
    const relations = found
      .get('postgres')!
      .map(({ place, relation }) => `${place} ${relation}`)
      .join('\n');
    expect(relations).toMatch(/users .*own id/);
    expect(found.get('pulsar')!.every(({ content }) => content.includes(id))).toBe(true);
  });

  step('has names that the palette finds in every store', async () => {
    const found = await Promise.all(['compilation', 'user'].map((text) => bed.stack.names(text, AbortSignal.timeout(30_000))));
    const kinds = new Set(found.flat().map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([...serviceKindNames].sort());
    expect(await bed.stack.exampleId()).toMatchObject({ id: expect.stringMatching(/^[0-9a-f-]{36}$/) });
  });
});
