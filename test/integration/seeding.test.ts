/** Seeding on real servers: filled, left alone, refused, cancelled, killed, run out of disk, and always ending with the same data. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { asNoodleError, type NoodleError } from '../../main/errors.ts';
import { readMigrations } from '../../main/seeding/migrations.ts';
import type { Wanted } from '../../main/seeding/plan.ts';
import { seedService } from '../../main/seeding/run.ts';
import { seedState } from '../../main/seeding/state.ts';
import type { Connection } from '../../main/services/kind.ts';
import { openPostgres } from '../../main/services/postgres/client.ts';
import { serviceKinds } from '../../main/services/registry.ts';
import type { Migration, SeedTarget } from '../../main/services/seed-target.ts';
import { type Progress, serviceKindNames } from '../../preload/contract/index.ts';
import { sizesOf } from '../../seeds/generator/dataset.ts';
import { connectionOf, type Servers, withServers } from '../lab/servers.ts';
import type { SeedOrder } from './seeding-child.ts';

const seedsFolder = fileURLToPath(new URL('../../seeds/', import.meta.url));
const missing: Wanted = { fill: 'missing' };
const anew = (scale: number, seed = 1): Wanted => ({ fill: 'anew', scale, seed });

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(serviceKindNames);
}, 600_000);
afterAll(() => servers?.close());

/** A store opened for one act; its target is closed after. */
async function using<T>(connection: Connection, act: (target: SeedTarget) => Promise<T>): Promise<T> {
  const access = await serviceKinds[connection.kind].access();
  const target = await access.seedTarget(connection);
  try {
    return await act(target);
  } finally {
    await target.close();
  }
}

interface SeedOptions {
  readonly migrations?: readonly Migration[];
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

/** Seeds, and says what was shown while it did. */
async function seed(connection: Connection, wanted: Wanted, options: SeedOptions = {}): Promise<readonly Progress[]> {
  const shown: Progress[] = [];
  const migrations = options.migrations ?? (await readMigrations(seedsFolder, connection.kind));
  const onProgress = (progress: Progress) => {
    shown.push(progress);
    options.onProgress?.(progress);
  };
  await using(connection, (target) =>
    seedService(target, { migrations, wanted, onProgress, signal: options.signal ?? new AbortController().signal }),
  );
  return shown;
}

async function refusal(act: Promise<unknown>): Promise<NoodleError> {
  return act.then(
    () => {
      throw new Error('It was not refused.');
    },
    (error: unknown) => asNoodleError(error),
  );
}

async function stateOf(connection: Connection) {
  const migrations = await readMigrations(seedsFolder, connection.kind);
  return using(connection, (target) => seedState(target, { service: connection.kind, migrations, signal: new AbortController().signal }));
}

/** What a store holds once it is filled at this scale. */
async function whole(connection: Connection, scale: number) {
  return using(connection, async (target) => target.parts(sizesOf(scale)).map(({ name, items }) => ({ name, rows: items })));
}

for (const kind of serviceKindNames) {
  describe(`seeding ${kind}`, () => {
    const connected = (context: TestContext) => connectionOf(servers, kind, context);

    it('finds a new store empty, and says so without changing it', async (context) => {
      const state = await stateOf(connected(context));
      expect(state).toMatchObject({ state: 'empty', scale: null, seed: null, problem: null });
      expect(new Set(state.migrations.map(({ state }) => state))).toEqual(new Set(['pending']));
    });

    it('applies every migration and fills the store at scale 1', async (context) => {
      const connection = connected(context);
      const shown = await seed(connection, missing);
      const state = await stateOf(connection);
      expect(state).toMatchObject({ state: 'seeded', scale: 1, seed: 1 });
      expect(state.counts).toEqual(await whole(connection, 1));
      const last = shown.findLast((progress) => progress.kind === 'rows');
      expect(last).toMatchObject({ current: state.counts.reduce((sum, { rows }) => sum + rows, 0) });
    });

    it('does nothing the second time', async (context) => {
      const connection = connected(context);
      expect(await seed(connection, missing)).toEqual([]);
      expect(await seed(connection, anew(1))).toEqual([]);
      expect((await stateOf(connection)).counts).toEqual(await whole(connection, 1));
    });

    it('refuses a migration that was changed after it was applied, naming both checksums', async (context) => {
      const connection = connected(context);
      const [first, ...rest] = await readMigrations(seedsFolder, kind);
      const error = await refusal(seed(connection, missing, { migrations: [{ ...first!, checksum: 'f00d' }, ...rest] }));
      expect(error.code).toBe('migration-changed');
      expect(error.problem.why).toContain(first!.checksum);
      expect(error.problem.why).toContain('f00d');
    });

    it('loads another scale in place of the one that is there', async (context) => {
      const connection = connected(context);
      await seed(connection, anew(0.2, 5));
      expect(await stateOf(connection)).toMatchObject({ state: 'seeded', scale: 0.2, seed: 5, counts: await whole(connection, 0.2) });
    });

    it('stops where it is cancelled, says it is partly loaded, and goes on from there', async (context) => {
      const connection = connected(context);
      const abort = new AbortController();
      const onProgress = (progress: Progress) => {
        if (progress.kind === 'rows' && progress.current > 0) abort.abort();
      };
      expect((await refusal(seed(connection, anew(2), { signal: abort.signal, onProgress }))).code).toBe('cancelled');
      expect((await stateOf(connection)).state).toBe('partial');
      await seed(connection, missing);
      expect(await stateOf(connection)).toMatchObject({ state: 'seeded', scale: 2, counts: await whole(connection, 2) });
    });

    it('ends with exactly the same counts when it was killed while loading, twice, and run again', async (context) => {
      const connection = connected(context);
      const scale = 3;
      await killedWhileSeeding({ connection, scale, seed: 3, killAt: 1 });
      await killedWhileSeeding({ connection, scale, seed: 3, killAt: 3 });
      expect((await stateOf(connection)).state).toBe('partial');
      await seed(connection, missing);
      expect(await stateOf(connection)).toMatchObject({ state: 'seeded', scale, counts: await whole(connection, scale) });
    });
  });
}

async function killedWhileSeeding(order: SeedOrder): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('./seeding-child.ts', import.meta.url))], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  child.stdin.end(JSON.stringify(order));
  const [, signal] = await once(child, 'exit');
  expect(signal).toBe('SIGKILL');
}

describe('a bad migration', () => {
  it('is told by file and line, and nothing of it is kept', async (context) => {
    const connection = connectionOf(servers, 'postgres', context);
    const migrations = await readMigrations(seedsFolder, 'postgres');
    const bad: Migration = {
      id: '0009_bad',
      file: 'seeds/postgres/0009_bad.sql',
      checksum: 'x',
      content: 'create table half (id int);\n\nselect nothing_here;\n',
    };
    const error = await refusal(seed(connection, missing, { migrations: [...migrations, bad] }));
    expect(error.code).toBe('migration-failed');
    expect(error.problem.why).toContain('0009_bad.sql:3: ');
    const client = await openPostgres(connection);
    try {
      expect(await client.query('select to_regclass($1) as half', ['half'])).toEqual([{ half: null }]);
    } finally {
      await client.close();
    }
  });
});

describe('a disk that fills up', () => {
  it('is named as that, and the next run goes on once there is room', async (context) => {
    if (process.getuid?.() !== 0) context.skip('only root can mount a small disk');
    const connection = connectionOf(servers, 'postgres', context);
    const disk = mkdtempSync(join(tmpdir(), 'noodlebox-small-disk-'));
    const client = await openPostgres(connection);
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk]);
    } catch {
      rmSync(disk, { recursive: true });
      await client.close();
      context.skip('this machine does not let us mount a tmpfs');
    }
    try {
      await giveToServer(connection, disk);
      await client.query('create database small_db');
      await client.query(`create tablespace small location '${disk}'`);
      await client.query('alter database small_db set default_tablespace = small');
      const small = { ...connection, parts: { ...connection.parts, database: 'small_db' } };
      const error = await refusal(seed(small, missing));
      expect(error.code).toBe('disk-full');
      expect((await stateOf(small)).state).toBe('partial');
      execFileSync('mount', ['-o', 'remount,size=200m', disk]);
      await seed(small, missing);
      expect(await stateOf(small)).toMatchObject({ state: 'seeded', counts: await whole(small, 1) });
    } finally {
      await client.query('drop database if exists small_db with (force)');
      await client.query('drop tablespace if exists small');
      await client.close();
      execFileSync('umount', ['-l', disk]);
      rmSync(disk, { recursive: true });
    }
  });
});

/** The server runs as another user than root, who must own a tablespace's folder. */
async function giveToServer(connection: Connection, folder: string): Promise<void> {
  const client = await openPostgres(connection);
  try {
    const [row] = await client.query<{ data_directory: string }>('show data_directory');
    const { uid, gid } = statSync(row!.data_directory);
    chownSync(folder, uid, gid);
  } finally {
    await client.close();
  }
}
