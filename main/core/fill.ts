/** The layers above the engine, as hooks of its executor: the data version guard, access as the real user, seeding. */
import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Progress, SeedState } from '../../preload/contract/models.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import type { Task } from '../runtime/runtime.ts';
import type { ServiceSpec } from '../runtime/spec.ts';
import { readMigrations } from '../seeding/migrations.ts';
import type { Connection, ServerFacts } from '../services/kind.ts';
import { kindOf } from '../services/registry.ts';
import { connectionTo, instanceOf, type StackContext } from './context.ts';
import type { SeedOptions } from './core.ts';

/** The folder of migrations. */
const seedsFolder = fileURLToPath(new URL('../../seeds/', import.meta.url));

/** What filling is asked for: only what is missing, or these data anew. */
export type Filling = { readonly fill: 'missing' } | ({ readonly fill: 'anew' } & SeedOptions);

/** @throws NoodleError data-version, before the server fails on it */
export async function guardDataVersion(context: StackContext, spec: ServiceSpec): Promise<void> {
  const rule = spec.kind && kindOf(spec.kind).dataVersion;
  if (!rule) return;
  const content = await context.runtime.readFile(context.name, spec, rule.file);
  const found = content && rule.read(content.toString('utf8'));
  const wanted = rule.wants(spec.image);
  if (!found || !wanted || found === wanted) return;
  throw new NoodleError({
    code: 'data-version',
    what: `The data of ${spec.name} was written by version ${found}, and ${spec.image} opens only version ${wanted}.`,
    why: `${rule.file} says ${found}.`,
    todo: `Run version ${found} again and move the data over by a dump, or use another stack name, or delete the data.`,
    command: `noodlebox down --volumes --stack ${context.name}`,
  });
}

/**
 * Checks access as the real user, applies migrations and loads data.
 * @param now ms since the epoch: the same for all stores that are filled together, whose data then agree in time
 */
export async function fillService(
  context: StackContext,
  spec: ServiceSpec,
  filling: Filling,
  now: number,
  task: Task,
): Promise<ServerFacts> {
  const connection = await connectionNow(context, spec);
  const access = await kindOf(spec.kind!).access();
  const facts = await access.verify(connection, task.signal);
  const [target, { seedService }] = await Promise.all([access.seedTarget(connection), import('../seeding/run.ts')]);
  try {
    const onProgress = (progress: Progress) => task.progress(progress);
    await seedService(target, {
      migrations: await readMigrations(seedsFolder, spec.kind!),
      wanted: filling,
      now,
      onProgress,
      signal: task.signal,
    });
  } finally {
    await target.close();
  }
  return facts;
}

/** What each store of the stack holds. A store that does not answer is told as such, the others are told all the same. */
export async function readSeedStates(context: StackContext, signal: AbortSignal): Promise<readonly SeedState[]> {
  const specs = Object.values(context.definition.services).filter((spec) => spec.kind);
  const { seedState } = await import('../seeding/state.ts');
  return Promise.all(
    specs.map(async (spec): Promise<SeedState> => {
      const migrations = await readMigrations(seedsFolder, spec.kind!);
      try {
        const access = await kindOf(spec.kind!).access();
        const target = await access.seedTarget(await connectionNow(context, spec));
        try {
          return await seedState(target, { service: spec.name, migrations, signal });
        } finally {
          await target.close();
        }
      } catch (error) {
        return {
          service: spec.name,
          kind: spec.kind!,
          state: 'unreachable',
          migrations: migrations.map(({ id, checksum }) => ({ id, checksum, appliedAt: null, state: 'pending' })),
          scale: null,
          seed: null,
          counts: [],
          problem: asNoodleError(error).problem,
        };
      }
    }),
  );
}

/** Names the migrations of one kind as they stand now: a running service filled by the same needs no second look. */
export async function seedsChecksum(spec: ServiceSpec): Promise<string> {
  const migrations = await readMigrations(seedsFolder, spec.kind!);
  const hash = createHash('sha256');
  for (const { id, checksum } of migrations) hash.update(`${id} ${checksum}\n`);
  return hash.digest('hex');
}

/** @throws NoodleError service-unreachable when it does not run */
export async function connectionNow(context: StackContext, spec: ServiceSpec): Promise<Connection> {
  const instance = instanceOf(await context.runtime.observe(context.definition), spec.name);
  const connection = instance?.state === 'running' ? connectionTo(context, spec, instance) : undefined;
  if (connection) return connection;
  throw new NoodleError({
    code: 'service-unreachable',
    what: `${spec.name} does not run.`,
    todo: 'Start it.',
    command: `noodlebox up ${spec.name}`,
  });
}
