/** What is in a bundle, and what should be. */
import { Redis } from 'ioredis';
import { BSON } from 'mongodb';
import type { Stack } from '../../../main/core/core.ts';
import { openMongodb } from '../../../main/services/mongodb/client.ts';
import { copyFields } from '../../../main/services/postgres/portion/copy-text.ts';
import { sql } from './bed.ts';

/** Stores hand out what has no order in any; a key has lived on meanwhile. */
export function sorted(bytes: Buffer): readonly string[] {
  return bytes
    .toString('latin1')
    .replaceAll(/"ttl":\d+/g, '')
    .split('\n')
    .sort();
}

export function rowsOf(parts: ReadonlyMap<string, Buffer>, table: string): (string | null)[][] {
  const index = JSON.parse(parts.get('postgres/index.json')!.toString()) as { tables: { name: string; part: string }[] };
  const { part } = index.tables.find(({ name }) => name === table)!;
  return parts.get(`postgres/${part}`)!.toString().split('\n').filter(Boolean).map(copyFields); // biome-ignore format: one line
}

export function linesOf(parts: ReadonlyMap<string, Buffer>, path: string): Record<string, unknown>[] {
  return parts.get(path)!.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // biome-ignore format: one line
}

export function documentsOf(parts: ReadonlyMap<string, Buffer>): Record<string, unknown>[] {
  return [...parts].flatMap(([path, bytes]) => {
    if (!path.endsWith('.bson')) return [];
    const documents = [];
    for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at))
      documents.push(BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))));
    return documents;
  });
}

export function messagesOf(parts: ReadonlyMap<string, Buffer>): Record<string, string>[] {
  const paths = [...parts.keys()].filter((path) => path.startsWith('pulsar/messages/'));
  return paths.flatMap((path) =>
    linesOf(parts, path).map(({ payload }) => JSON.parse(Buffer.from(String(payload), 'base64').toString()) as Record<string, string>),
  );
}

export function pointsOf(parts: ReadonlyMap<string, Buffer>): string[] {
  const paths = [...parts.keys()].filter((path) => path.startsWith('influxdb/points/'));
  return paths.flatMap((path) =>
    parts
      .get(path)!
      .toString()
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as string),
  );
}

/** What a user reaches, asked of each store in its own words. */
export async function reachedBy(stack: Stack, id: string) {
  const ids = async (text: string) => (await sql(stack, text, [id])).map((row) => row.id as string).sort();
  const jobs = 'select id from compilation_jobs where user_id = $1 or project_id in (select id from projects where owner_id = $1)';
  const models = 'select id from models where user_id = $1 or project_id in (select id from projects where owner_id = $1)';
  const projects = `select id from projects where owner_id = $1 or id in (select project_id from compilation_jobs where id in (${jobs}))
    or id in (select project_id from models where id in (${models}))`;
  const rows = {
    users: await ids(`select id from users where id = $1 or id in (select owner_id from projects where id in (${projects}))
      or id in (select user_id from compilation_jobs where id in (${jobs})) or id in (select user_id from models where id in (${models}))`),
    projects: await ids(projects),
    compilation_jobs: await ids(jobs),
    models: await ids(models),
    performance_metrics: await ids(`select id from performance_metrics where job_id in (${jobs})`),
  };
  const own = await ids('select id from projects where owner_id = $1');
  const entities = new Set([id, ...own, ...rows.compilation_jobs, ...rows.models]);
  const { parts } = await stack.connection('redis');
  const { port } = await stack.connection('redis');
  const redis = new Redis({ host: '127.0.0.1', port, password: parts.password });
  const keys = (await redis.keys('*')).filter((key) => entities.has(key.slice(key.indexOf(':') + 1))).sort();
  redis.disconnect();
  const { database, close } = await openMongodb(await stack.connection('mongodb'));
  const documents: string[] = [];
  for (const name of ['user_profiles', 'project_documents', 'ai_models']) {
    for await (const found of database.collection<{ _id: string }>(name).find({})) {
      const held = JSON.stringify(found);
      if ([...entities].some((each) => held.includes(each))) documents.push(found._id);
    }
  }
  await close();
  return {
    rows,
    keys,
    documents: documents.sort(),
    events: [...rows.compilation_jobs, ...rows.models].sort(),
    measured: [...rows.compilation_jobs, ...rows.models],
  };
}
