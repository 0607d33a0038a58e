import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { openPostgres, type PostgresClient } from '../../../main/services/postgres/client.ts';
import { quoteIdentifier } from '../../../main/services/postgres/quote.ts';
import { postgresRepositories } from '../../../main/services/postgres/repositories.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from './hostile.ts';
import { verifiesAsEveryKindDoes } from './verifying.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(['postgres']);
});
afterAll(() => servers?.close());

describe('PostgreSQL', () => {
  verifiesAsEveryKindDoes('postgres', () => servers);

  const open = async (test: TestContext): Promise<PostgresClient> => {
    const client = await openPostgres(connectionOf(servers, 'postgres', test));
    const [tables] = await client.query<{ there: boolean }>(`select to_regclass('users') is not null as there`);
    if (!tables?.there) await client.query(await readFile(new URL('../../../seeds/postgres/0001_tables.sql', import.meta.url), 'utf8'));
    return client;
  };

  it('keeps hostile values as they are, in every table', async (test) => {
    const client = await open(test);
    const { users, projects, jobs, models, metrics } = postgresRepositories(client);
    try {
      for (const text of hostile) {
        const user = await users.insert({ username: text, email: `${text}@x`, password_hash: text });
        const project = await projects.insert({ name: text, owner_id: user.id, settings: { [text]: text } });
        const job = await jobs.insert({ project_id: project.id, user_id: user.id, source_code: text, memory_usage: 2 ** 40 });
        const model = await models.insert({ project_id: project.id, user_id: user.id, name: text, model_type: text, model_path: text });
        const metric = await metrics.insert({ job_id: job.id, metric_name: text, metric_value: 1.5, tags: [text] });

        expect(await users.get(user.id)).toMatchObject({ username: text, email: `${text}@x`, status: 'active' });
        expect(await projects.list({ limit: 10, where: { name: text } })).toEqual([project]);
        expect(project.settings).toEqual({ [text]: text });
        expect(await jobs.get(job.id)).toMatchObject({ source_code: text, memory_usage: String(2 ** 40), status: 'pending' });
        expect(await jobs.setStatus(job.id, text.slice(0, 20))).toMatchObject({ status: text.slice(0, 20) });
        expect(await models.list({ limit: 1, where: { model_type: text } })).toEqual([model]);
        expect(await metrics.get(metric.id)).toMatchObject({ metric_name: text, metric_value: 1.5 });
      }
    } finally {
      await client.query('truncate users, projects, compilation_jobs, models, performance_metrics');
      await client.close();
    }
  });

  it('has no columns but its own: a hostile column name never reaches a statement', async (test) => {
    const client = await open(test);
    const { users } = postgresRepositories(client);
    const column = `status" = 'x' or "status`;
    expect(await users.list({ limit: 1, where: { [column]: 'x' } as object })).toEqual([]);
    await expect(users.insert({ username: 'u', email: 'e', [column]: 'x' } as object)).rejects.toMatchObject({ code: '23502' });
    await client.close();
  });

  it('takes any quoted name as one name', async (test) => {
    const client = await open(test);
    for (const name of hostile) {
      await client.query(`create temporary table ${quoteIdentifier(name)} (a int)`);
    }
    await client.close();
  });

  it('rolls back all of a transaction that fails', async (test) => {
    const client = await open(test);
    const failing = client.transaction(async (query) => {
      await query('create table half_done (a int)');
      await query('select 1/0');
    });
    await expect(failing).rejects.toMatchObject({ code: '22012' });
    expect(await client.query(`select to_regclass('half_done') as there`)).toEqual([{ there: null }]);
    await client.close();
  });

  it('stops a statement on the server when it is cancelled', async (test) => {
    const client = await open(test);
    const abort = new AbortController();
    const sleeping = client.query('select pg_sleep(600)', [], abort.signal);
    const running = async () => {
      const rows = await client.query<{ n: number }>(
        `select count(*)::int as n from pg_stat_activity where query like $1 and state = 'active' and pid <> pg_backend_pid()`,
        ['%pg_sleep(600)%'],
      );
      return rows[0]?.n;
    };
    await expect.poll(running).toBe(1);
    abort.abort();
    await expect(sleeping).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(running).toBe(0);
    await client.close();
  });

  it('reads a large result a page at a time, and lets go of it half way', async (test) => {
    const client = await open(test);
    const sizes: number[] = [];
    for await (const rows of client.pages('select generate_series(1, $1::int)', [2_500])) sizes.push(rows.length);
    expect(sizes).toEqual([1_000, 1_000, 500]);
    for await (const rows of client.pages('select generate_series(1, $1::int)', [100_000_000])) {
      expect(rows).toHaveLength(1_000);
      break;
    }
    await client.close();
  });

  it('outlives a connection that the server ends while it is lent out and asks nothing', async (test) => {
    const client = await open(test);
    const lent = client.lend(async (connection) => {
      const { rows } = await connection.query<{ pid: number }>('select pg_backend_pid() as pid');
      await client.query('select pg_terminate_backend($1)', [rows[0]!.pid]);
      await sleep(200);
      return connection.query('select 1');
    });
    await expect(lent).rejects.toThrow();
    expect(await client.query('select 1 as one')).toEqual([{ one: 1 }]);
    await client.close();
  });

  it('says so when TLS is required and the server has none, rather than do without', async (test) => {
    const connection = connectionOf(servers, 'postgres', test);
    await expect(openPostgres({ ...connection, tls: { check: 'nothing', authority: undefined } })).rejects.toMatchObject({
      code: 'not-supported-by-server',
    });
  });
});
