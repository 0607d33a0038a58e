/** Backups of single servers against the servers' own tools, to one file of the same disk. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { InfluxDB } from '@influxdata/influxdb-client';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Stack } from '../main/core/core.ts';
import { serversFolder } from '../main/home/paths.ts';
import { limits } from '../main/limits.ts';
import { findProgram } from '../main/runtime/native/find-program.ts';
import { librariesOf } from '../main/runtime/native/provision/packages.ts';
import { tools } from '../main/services/postgres/tools.ts';
import { server as redisServer } from '../main/services/redis/native.ts';
import { influxCli } from '../test/lab/images/build.ts';
import { makeStack, quietRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { type Comparison, inTurn, timed } from './measure.ts';

/** 1 is about 1 GB of rows, a million keys, five million points. */
const scale = Number(process.env.NOODLEBOX_BENCH_SCALE ?? 1);
const kinds = ['postgres', 'redis', 'influxdb'] as const;
const places = { env: process.env, servers: serversFolder(process.env) };

type Result = { readonly kind: 'comparison' } & Comparison;

export const backups: Bench = {
  async run(rounds) {
    const bed = await makeStack('native');
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-bench-backups-'));
    try {
      await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
      const results: Result[] = [];
      for (const measure of [postgres, redis, influxdb]) results.push(...(await measure(bed.stack, folder, rounds)));
      return results;
    } finally {
      await bed.clear();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

/** @returns seconds */
async function backedUp(stack: Stack, service: string, sizes: number[]): Promise<number> {
  const begun = performance.now();
  const made = await stack.backups.create({ name: null, note: null, services: [service], encryption: { kind: 'none' } }, quietRun());
  const seconds = (performance.now() - begun) / 1000;
  sizes.push(made.bytes);
  await stack.backups.delete(made.id, quietRun());
  return seconds;
}

async function compared(
  name: string,
  note: string,
  most: number,
  rounds: number,
  ours: (sizes: number[]) => Promise<number>,
  peer: () => Promise<number>,
): Promise<Result[]> {
  const sizes: number[] = [];
  await ours([]);
  const times = await inTurn(rounds, () => ours(sizes), peer);
  const size = `${Math.round((sizes.at(-1) ?? 0) / 2 ** 20)} MiB`;
  return [{ kind: 'comparison', name, ...times, unit: 's', bound: { at: 'most', ratio: most }, note: `${note}; ours makes ${size}` }];
}

async function postgres(stack: Stack, folder: string, rounds: number): Promise<Result[]> {
  const found = await tools.find(places);
  if (!found) throw new Skip("PostgreSQL's client tools are not on this machine: noodlebox servers install postgres");
  const zstd = await findProgram('zstd', process.env);
  if (!zstd) throw new Skip('zstd is not on this machine');
  const { host, port, parts } = await stack.connection('postgres');
  const client = new pg.Client({ host, port, user: parts.user, password: parts.password, database: parts.database });
  await client.connect();
  await client.query(`create table filled as select g as id, md5(g::text) as a, md5((g * 7)::text) as b, now() - g * interval '1 s' as t,
    jsonb_build_object('g', g, 'text', repeat(md5(g::text), 3)) as j from generate_series(1, $1::int) g`, [Math.ceil(4_000_000 * scale)]); // biome-ignore format: one statement
  await client.end();
  const env = {
    ...process.env,
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: parts.user,
    PGPASSWORD: parts.password,
    PGDATABASE: parts.database,
  };
  const file = join(folder, 'bare.dump.zst');
  const bare = async () => {
    const begun = performance.now();
    const dump = spawn(join(found.path, 'pg_dump'), ['-Fc', '--compress=0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    const compress = spawn(zstd, ['-q', '-f', `-${limits.archiveLevel}`, '-o', file], { stdio: [dump.stdout, 'ignore', 'inherit'] });
    const [[dumped], [compressed]] = await Promise.all([once(dump, 'exit'), once(compress, 'exit')]);
    if (dumped !== 0 || compressed !== 0) throw new Error(`pg_dump ended with ${dumped}, zstd with ${compressed}`);
    return (performance.now() - begun) / 1000;
  };
  return compared('PostgreSQL backed up', 'against bare pg_dump | zstd', 1.1, rounds, (sizes) => backedUp(stack, 'postgres', sizes), bare);
}

async function redis(stack: Stack, folder: string, rounds: number): Promise<Result[]> {
  const found = await redisServer.find(places);
  if (!found) throw new Skip('Redis is not on this machine');
  const { host, port, parts } = await stack.connection('redis');
  const client = new Redis({ host, port, password: parts.password });
  const keys = Math.ceil(1_000_000 * scale);
  for (let from = 0; from < keys; from += 10_000) {
    const many = client.pipeline();
    for (let at = from; at < Math.min(keys, from + 10_000); at++)
      many.set(`session:${at}`, `{"user":${at},"text":"${'x'.repeat(at % 200)}"}`);
    await many.exec();
  }
  client.disconnect();
  const env = { ...process.env, ...librariesOf(found.path), REDISCLI_AUTH: parts.password };
  const argv = ['-h', host, '-p', String(port), '--rdb', join(folder, 'dump.rdb')];
  const peer = () => timed(join(dirname(found.path), 'redis-cli'), argv, env);
  return compared(
    `Redis backed up, ${keys.toLocaleString('en')} keys`,
    'against redis-cli --rdb',
    3,
    rounds,
    (sizes) => backedUp(stack, 'redis', sizes),
    peer,
  );
}

async function influxdb(stack: Stack, folder: string, rounds: number): Promise<Result[]> {
  const influx = await influxCli(process.env);
  const connection = await stack.connection('influxdb');
  const { org, bucket, token } = connection.parts;
  const writer = new InfluxDB({ url: connection.url, token }).getWriteApi(org!, bucket!, 's');
  const points = Math.ceil(1_000_000 * scale);
  const now = Math.floor(Date.now() / 1000);
  for (let at = 0; at < points; at++) writer.writeRecord(`compilation_metrics,job_id=job-${at % 500} value=${at / 7} ${now - at}`);
  await writer.close();
  const peer = async () => {
    const to = join(folder, 'influx');
    const seconds = await timed(influx, ['backup', to, '--host', connection.url, '--compression', 'gzip'], {
      ...process.env,
      INFLUX_TOKEN: token,
    });
    await rm(to, { recursive: true, force: true });
    return seconds;
  };
  return compared(
    `InfluxDB backed up, ${points.toLocaleString('en')} points`,
    'against influx backup, which copies shards',
    10,
    rounds,
    (sizes) => backedUp(stack, 'influxdb', sizes),
    peer,
  );
}
