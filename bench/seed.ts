/** Loading PostgreSQL, against psql's \copy of the same rows; and what filling all five at scale 100 takes. */
import { join } from 'node:path';
import { createCore } from '../main/core/create.ts';
import { readMigrations } from '../main/seeding/migrations.ts';
import { seedService } from '../main/seeding/run.ts';
import { openPostgres } from '../main/services/postgres/client.ts';
import { quoteIdentifier } from '../main/services/postgres/quote.ts';
import { kindOf } from '../main/services/registry.ts';
import { output } from '../test/lab/commands.ts';
import { lacking, makeStack, quietRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { cli, root, withHome } from './lab.ts';
import { inTurn, measured, timed } from './measure.ts';

const scale = 10;
const tables = ['users', 'projects', 'compilation_jobs', 'models', 'performance_metrics'];

export const seed: Bench = {
  async run(rounds) {
    const lacks = await lacking('native', ['postgres']);
    if (lacks) throw new Skip(lacks);
    const psql = await output('psql', ['--version'], process.env).catch(() => undefined);
    if (!psql) throw new Skip('psql is not installed (apt-get install postgresql-client)');
    return [await againstPsql(rounds)];
  },
};

/** One run: it takes minutes. */
export const seedAll: Bench = {
  async run() {
    const lacks = await lacking('native', ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb']);
    if (lacks) throw new Skip(lacks);
    return atScale100();
  },
};

async function againstPsql(rounds: number) {
  const bed = await makeStack('native');
  try {
    await bed.stack.up(['postgres'], { seed: true, install: false }, quietRun());
    const connection = await bed.stack.connection('postgres');
    const migrations = await readMigrations(join(root, 'seeds'), 'postgres');
    const { signal, onEvent: _ } = quietRun();
    const load = async () => {
      const target = await (await kindOf('postgres').access()).seedTarget(connection);
      try {
        const begun = performance.now();
        await seedService(target, { migrations, wanted: { fill: 'anew', scale, seed: 1 }, onProgress: () => {}, signal });
        return (performance.now() - begun) / 1000;
      } finally {
        await target.close();
      }
    };
    await load();
    const client = await openPostgres(connection);
    const counts = await Promise.all(
      tables.map((table) => client.query<{ n: string }>(`select count(*) as n from ${quoteIdentifier(table)}`)),
    );
    const rows = counts.reduce((sum, [row]) => sum + Number(row!.n), 0);
    const env = { ...process.env, PGPASSWORD: connection.parts.password };
    const psql = (command: string) =>
      timed(
        'psql',
        [
          '-qX',
          '-h',
          connection.host,
          '-p',
          String(connection.port),
          '-U',
          connection.parts.user!,
          '-d',
          connection.parts.database!,
          '-c',
          command,
        ],
        env,
      );
    /** And forgets that anything was loaded: a load that is there already is not made again. */
    const empty = async () => {
      await client.query(`truncate ${tables.map(quoteIdentifier).join(', ')} cascade`);
      await client.query('delete from noodlebox.load');
    };
    return await withHome(async (folder) => {
      for (const table of tables) await psql(`\\copy ${table} to '${join(folder, table)}'`);
      const results = await inTurn(
        rounds,
        async () => {
          await empty();
          return rows / (await load());
        },
        async () => {
          await empty();
          let seconds = 0;
          for (const table of tables) seconds += await psql(`\\copy ${table} from '${join(folder, table)}'`);
          return rows / seconds;
        },
      );
      await client.close();
      return {
        kind: 'comparison',
        name: `rows a second into PostgreSQL (${rows.toLocaleString('en')})`,
        ...results,
        unit: 'rows/s',
        bound: { at: 'least', ratio: 0.9 },
        note: 'against psql \\copy of the same rows',
      } as const;
    });
  } finally {
    await bed.clear();
  }
}

async function atScale100() {
  const bed = await makeStack('native');
  try {
    await bed.stack.up([], { seed: false, install: false }, quietRun());
    const run = await measured(process.execPath, [cli, '--stack', bed.name, 'seed', '--scale', '100', '--yes'], bed.env);
    const core = await createCore({ env: bed.env });
    const states = await (await core.open({ stack: bed.name })).seedState();
    await core.close();
    const rows = states.flatMap(({ counts }) => counts).reduce((sum, count) => sum + count.rows, 0);
    return [
      {
        kind: 'figure',
        name: `all five stores at scale 100 (${rows.toLocaleString('en')} rows, keys, messages, documents, points)`,
        values: [run.seconds],
        unit: 's',
        note: 'one run',
      },
      {
        kind: 'figure',
        name: 'memory at its peak meanwhile',
        values: [run.peak / 2 ** 20],
        unit: 'MiB',
        bound: { at: 'most', value: 400 },
      },
    ] as const;
  } finally {
    await bed.clear();
  }
}
