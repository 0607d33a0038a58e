/** A result of ten million rows: its first page against psql's first row by a cursor, all of it against psql's COPY to a file, and the memory it takes. */
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openPostgres } from '../main/services/postgres/client.ts';
import type { Run } from '../main/services/postgres/runs/run.ts';
import { openSession } from '../main/services/postgres/session.ts';
import { output } from '../test/lab/commands.ts';
import { lacking, makeStack, quietRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { inTurn, timed } from './measure.ts';

const rows = 10_000_000;
const query = 'select * from bench_rows';

export const sql: Bench = {
  async run(rounds) {
    const lacks = await lacking('native', ['postgres']);
    if (lacks) throw new Skip(lacks);
    const psql = await output('psql', ['--version'], process.env).catch(() => undefined);
    if (!psql) throw new Skip('psql is not installed (apt-get install postgresql-client)');
    const bed = await makeStack('native');
    try {
      await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
      return await measure(rounds, bed.home, await bed.stack.connection('postgres'));
    } finally {
      await bed.clear();
    }
  },
};

async function measure(rounds: number, home: string, connection: Parameters<typeof openSession>[0]) {
  const client = await openPostgres(connection, { statementTimeout: 0 });
  await client.query(
    `create unlogged table bench_rows as select n as id, md5(n::text) as hash, n::numeric / 7 as part, now() + n * interval '1 s' as at from generate_series(1, ${rows}) n`,
  );
  await client.query('vacuum analyze bench_rows');
  await client.close();

  const spool = join(home, 'bench-spool');
  await mkdir(spool);
  const session = await openSession(connection, { spool: async () => spool });
  const env = { ...process.env, PGPASSWORD: connection.parts.password };
  const who = ['-qX', '-h', connection.host, '-p', String(connection.port), '-U', connection.parts.user!, connection.parts.database!];
  const psql = (...commands: string[]) => timed('psql', [...who, ...commands.flatMap((command) => ['-c', command])], env, 'drop');

  /** In a new tab each time: connecting is part of it, as it is of psql's. */
  let tab = 0;
  const begin = (): Promise<Run> =>
    session.tabs.run(`tab-${++tab}`, { text: query, params: {}, readOnly: true, timeout: 0, transactions: 'auto' });
  const firstPage = async () => {
    const begun = performance.now();
    const run = await begin();
    while (run.view.statements[0]!.rows < 500) await sleep(1);
    const page = await run.result(0).page(undefined, 0, 500);
    const took = performance.now() - begun;
    if (page.length !== 500) throw new Error(`A page of ${page.length} rows.`);
    run.cancel();
    await session.tabs.close(`tab-${tab}`);
    return took;
  };
  const growth: number[] = [];
  const whole = async () => {
    globalThis.gc?.();
    const before = process.memoryUsage().rss;
    let peak = before;
    const timer = setInterval(() => {
      peak = Math.max(peak, process.memoryUsage().rss);
    }, 50);
    const begun = performance.now();
    const run = await begin();
    await run.done;
    const seconds = (performance.now() - begun) / 1000;
    clearInterval(timer);
    growth.push((peak - before) / 2 ** 20);
    if (run.view.statements[0]!.rows !== rows) throw new Error(`${run.view.statements[0]!.rows} rows were spooled.`);
    await session.tabs.close(`tab-${tab}`);
    return rows / seconds;
  };
  const file = join(home, 'bench.copy');
  const cursor = async () => (await psql(`begin; declare c cursor for ${query}; fetch 1 from c`)) * 1000;
  const copy = async () => {
    const seconds = await psql(`\\copy (${query}) to '${file}'`);
    await rm(file);
    return rows / seconds;
  };
  try {
    await firstPage();
    const first = await inTurn(rounds, firstPage, cursor);
    const spooled = await inTurn(Math.min(rounds, 3), whole, copy);
    return [
      { kind: 'comparison', name: 'first page of 10,000,000 rows', ...first, unit: 'ms', bound: { at: 'most', ratio: 1.5 }, note: "against psql's first row by a cursor" },
      { kind: 'comparison', name: '10,000,000 rows spooled', ...spooled, unit: 'rows/s', bound: { at: 'least', ratio: 0.5 }, note: 'against \\copy to a file' },
      { kind: 'figure', name: 'memory that spooling them adds', values: growth, unit: 'MiB', bound: { at: 'most', value: 150 } },
    ] as const; // biome-ignore format: a table is read as a table
  } finally {
    await session.close();
  }
}
