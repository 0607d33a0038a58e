/** What the SQL panel, its CLI twin and traces ask, on a real server. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { openPostgres, type PostgresClient } from '../../../main/services/postgres/client.ts';
import { quoteQualified } from '../../../main/services/postgres/quote.ts';
import type { Run, RunWanted } from '../../../main/services/postgres/runs/run.ts';
import { openSession, type PostgresSession } from '../../../main/services/postgres/session.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from '../services/hostile.ts';

let servers: Servers;
let spool: string;
let session: PostgresSession;
let client: PostgresClient;
const never = new AbortController().signal;
const opened: (() => Promise<void>)[] = [];

beforeAll(async () => {
  servers = await withServers(['postgres']);
  spool = await mkdtemp(join(tmpdir(), 'noodlebox-sql-'));
});
afterEach(async () => {
  for (const close of opened.splice(0).reverse()) await close();
});
afterAll(async () => {
  await servers?.close();
  await rm(spool, { recursive: true, force: true });
});

async function open(test: TestContext): Promise<void> {
  const connection = connectionOf(servers, 'postgres', test);
  session = await openSession(connection, { spool: async () => spool });
  client = await openPostgres(connection);
  opened.push(
    () => session.close(),
    () => client.close(),
  );
}

const conduct = { params: {}, readOnly: false, timeout: 0, transactions: 'auto' } as const;

async function run(text: string, more: Partial<RunWanted> = {}, tab = 'one'): Promise<Run> {
  const begun = await session.tabs.run(tab, { ...conduct, ...more, text });
  await begun.done;
  return begun;
}

/** All rows of a text's last statement. */
async function rowsOf(text: string, more: Partial<RunWanted> = {}): Promise<unknown[][]> {
  const begun = await run(text, more);
  const { statements, problem } = begun.view;
  const failure = problem ?? statements.find((each) => each.problem)?.problem;
  if (failure) throw Object.assign(new Error(failure.what), { problem: failure });
  return begun.result(statements.length - 1).page(undefined, 0, 500);
}

async function table(name: string, definition: string): Promise<{ schema: string; table: string }> {
  const quoted = quoteQualified('public', name);
  await client.query(`drop table if exists ${quoted} cascade`);
  await client.query(`create table ${quoted} (${definition})`);
  opened.push(async () => void (await client.query(`drop table if exists ${quoted} cascade`)));
  return { schema: 'public', table: name };
}

describe('a run', () => {
  it('shows every value exactly as the server writes it', async (test) => {
    await open(test);
    const rows =
      await rowsOf(`select 9223372036854775807::int8, 0.1000000000000000000000000001::numeric, 'NaN'::numeric, 'infinity'::timestamptz,
      '1 year 2 mons -3 days 04:05:06.000007'::interval, '{"b":1,"a":12345678901234567890}'::jsonb, '{1,NULL,"x,y"}'::text[], '\\x00ff'::bytea,
      null::text, '', true, '{"a":  1}'::json, 1e-300::float8`);
    expect(rows).toEqual([
      ['9223372036854775807', '0.1000000000000000000000000001', 'NaN', 'infinity', '1 year 2 mons -3 days +04:05:06.000007',
        '{"a": 12345678901234567890, "b": 1}', '{1,NULL,"x,y"}', '\\x00ff', null, '', 't', '{"a":  1}', '1e-300'],
    ]); // biome-ignore format: a row is read as a row
  });

  it('runs several statements, each with its own result, and stops at the first that fails', async (test) => {
    await open(test);
    const text = `create temporary table t (a int); insert into t select generate_series(1, 3);\nselect a from t; -- ;\nselect 1 / 0; select 2`;
    const { statements, state } = (await run(text)).view;
    expect(state).toBe('failed');
    expect(statements.map(({ state: each, tag, rows }) => [each, tag, rows])).toEqual([
      ['done', 'CREATE TABLE', 0],
      ['done', 'INSERT 0 3', 0],
      ['done', 'SELECT 3', 3],
      ['failed', null, 0],
      ['skipped', null, 0],
    ]);
    expect(statements[2]).toMatchObject({ columns: [{ name: 'a', type: 'integer', kind: 'number' }], offset: text.indexOf('select a') });
  });

  it('points at the place of an error in the text as it was written, whatever stands before', async (test) => {
    await open(test);
    const text = `select '😀', :a;\n/* ü */ select :a, nowhere from pg_class`;
    const failed = await run(text, { params: { a: { type: 'text', value: 'x' } } });
    expect(failed.view.statements[1]!.problem).toMatchObject({
      code: 'query-failed',
      what: expect.stringContaining('nowhere'),
      at: { offset: text.indexOf('nowhere'), length: 'nowhere'.length },
    });
    await expect(rowsOf('selec 1')).rejects.toMatchObject({ problem: { at: { offset: 0, length: 5 } } });
  });

  it('binds parameters: no value is ever part of a statement', async (test) => {
    await open(test);
    for (const value of [...hostile, '', null]) {
      expect(await rowsOf('select :v::text, :v is null', { params: { v: { type: 'text', value } } })).toEqual([
        [value, value === null ? 't' : 'f'],
      ]);
    }
    expect(await rowsOf('select pg_typeof(:n), :n + 1', { params: { n: { type: 'numeric', value: '0.1' } } })).toEqual([
      ['numeric', '1.1'],
    ]);
    expect(await rowsOf('select count(*) from pg_class where oid = :o', { params: { o: { type: 'auto', value: '0' } } })).toEqual([['0']]);
    await expect(session.tabs.run('one', { ...conduct, text: 'select :missing' })).rejects.toMatchObject({
      code: 'bad-argument',
      problem: { at: { offset: 7, length: 8 } },
    });
    await expect(rowsOf('select :n::int', { params: { n: { type: 'integer', value: '1; drop table x' } } })).rejects.toMatchObject({
      problem: { code: 'query-failed' },
    });
  });

  it('gives a large result a page at a time, sorts and filters it, and leaves no file behind', async (test) => {
    await open(test);
    const begun = await run(
      `select n, md5(n::text) as hash, case when n % 2 = 0 then n::numeric / 7 end as part from generate_series(1, 300000) n`,
    );
    expect(begun.view.statements[0]).toMatchObject({ rows: 300_000, tag: 'SELECT 300000', state: 'done' });
    const result = begun.result(0);
    expect((await result.page(undefined, 299_990, 500)).map(([n]) => n)).toEqual(
      Array.from({ length: 10 }, (_, at) => String(299_991 + at)),
    );
    expect((await result.page(undefined, 123_456, 1))[0]![0]).toBe('123457');

    let view = '';
    const arrange = async (wanted: Parameters<typeof result.arrange>[0]) => {
      for await (const told of result.arrange(wanted, never)) view = told.view;
      return result.rowsOf(view);
    };
    expect(await arrange({ filters: [], sort: { column: 1, descending: false } })).toBe(300_000);
    const first = (await result.page(view, 0, 3)).map(([n]) => n);
    const expected = await client.query<{ n: string }>(
      `select n::text from generate_series(1, 300000) n order by md5(n::text) collate "C" limit 3`,
    );
    expect(first).toEqual(expected.map(({ n }) => n));
    expect(
      await arrange({
        filters: [
          { column: 0, operator: '>', value: '299000' },
          { column: 2, operator: 'is null', value: '' },
        ],
        sort: { column: 0, descending: true },
      }),
    ).toBe(500);
    expect((await result.page(view, 0, 2)).map(([n]) => n)).toEqual(['299999', '299997']);
    expect((await result.value(view, 1, 1, false)).text).toHaveLength(32);

    await session.tabs.close('one');
    expect(await readdir(spool)).toEqual([]);
  });

  it('shows its first rows while the rest still comes, and a cancel ends it on the server', async (test) => {
    await open(test);
    const begun = await session.tabs.run('one', {
      ...conduct,
      text: `select n, pg_sleep(case when n > 2000 then 0.2 else 0 end) from generate_series(1, 100000) n`,
    });
    await expect.poll(() => begun.view.statements[0]!.rows).toBeGreaterThan(500);
    expect(begun.view.state).toBe('running');
    expect(await begun.result(0).page(undefined, 0, 10)).toHaveLength(10);
    begun.cancel();
    await begun.done;
    expect(begun.view).toMatchObject({ state: 'cancelled', statements: [{ state: 'cancelled', problem: { code: 'cancelled' } }] });
    await expect
      .poll(() =>
        client.query(`select from pg_stat_activity where query like '%pg_sleep(case%' and state = 'active' and pid <> pg_backend_pid()`),
      )
      .toEqual([]);
    expect(await rowsOf('select 1')).toEqual([['1']]);
  });

  it('cuts long values in a page and gives them whole when asked; fifty megabytes too', async (test) => {
    await open(test);
    const begun = await run(`select repeat('é', 25 * 1024 * 1024), '\\x0102'::bytea, repeat('x', 300000)`);
    const [row] = await begun.result(0).page(undefined, 0, 500);
    expect(row![0]).toMatchObject({ bytes: 50 * 2 ** 20, cut: expect.stringMatching(/^é+$/) });
    expect(await begun.result(0).value(undefined, 0, 0, false)).toMatchObject({ bytes: 50 * 2 ** 20, cut: true });
    expect((await begun.result(0).value(undefined, 0, 0, true)).text).toHaveLength(25 * 2 ** 20);
    expect(await begun.result(0).value(undefined, 0, 1, false)).toMatchObject({ base64: 'AQI=', bytes: 2, cut: false });
  });

  it('changes nothing when read-only, whatever a statement sets', async (test) => {
    await open(test);
    const { table: name } = await table('guarded', 'a int');
    const tries = [
      `insert into ${name} values (1)`,
      `set default_transaction_read_only = off; insert into ${name} values (1)`,
      `begin; set transaction read write; insert into ${name} values (1)`,
      `begin read write; insert into ${name} values (1); commit`,
      `select set_config('transaction_read_only', 'off', false); insert into ${name} values (1)`,
    ];
    for (const [at, text] of tries.entries()) {
      await expect(rowsOf(text, { readOnly: true })).rejects.toMatchObject({ problem: { what: expect.stringMatching(/2500[16]/) } });
      await session.tabs.end('one', 'rollback');
      expect(await client.query(`select count(*)::int as n from ${name}`), String(at)).toEqual([{ n: 0 }]);
    }
    expect((await run(`insert into ${name} values (1)`)).view.state).toBe('done');
  });

  it('keeps a tab’s transaction open until it is ended, out of sight of other tabs', async (test) => {
    await open(test);
    const { table: name } = await table('pending', 'a int');
    const manual = { transactions: 'manual' } as const;
    expect((await run(`insert into ${name} values (1)`, manual)).view.transaction).toBe('open');
    expect((await run(`select * from ${name}`, {}, 'two')).view.statements[0]!.rows).toBe(0);
    expect(await session.tabs.end('one', 'commit')).toBe('none');
    expect((await run(`select * from ${name}`, {}, 'two')).view.statements[0]!.rows).toBe(1);
    expect((await run(`delete from ${name}; select 1/0`, manual)).view).toMatchObject({ state: 'failed', transaction: 'failed' });
    await expect(session.tabs.end('one', 'commit')).rejects.toMatchObject({ code: 'query-failed' });
    expect(await session.tabs.end('one', 'rollback')).toBe('none');
    expect(await client.query(`select count(*)::int as n from ${name}`)).toEqual([{ n: 1 }]);
    await run(`delete from ${name}`, manual);
    await session.tabs.close('one');
    await expect.poll(() => client.query(`select count(*)::int as n from ${name}`)).toEqual([{ n: 1 }]);
  });

  it('ends at its time-out, and says what to do', async (test) => {
    await open(test);
    await expect(rowsOf('select pg_sleep(30)', { timeout: 100 })).rejects.toMatchObject({
      problem: { code: 'query-failed', todo: expect.stringContaining('more time') },
    });
  });

  it('refuses COPY from and to the client, and goes on', async (test) => {
    await open(test);
    await run('create temporary table c (a int)');
    await expect(rowsOf('copy c from stdin')).rejects.toMatchObject({ problem: { code: 'query-failed' } });
    await expect(rowsOf('copy c to stdout')).rejects.toMatchObject({ problem: { code: 'not-supported-by-server' } });
    expect(await rowsOf('select count(*) from c')).toEqual([['0']]);
  });
});

describe('a server that goes away', () => {
  it('is told of at once, and its tabs work again when it is back', async (test) => {
    await open(test);
    const pid = (await rowsOf('select pg_backend_pid()'))[0]![0];
    await client.query('select pg_terminate_backend($1)', [pid]);
    await expect.poll(() => session.tabs.view('one').transaction).toBe('none');
    expect(await rowsOf('select 1')).toEqual([['1']]);

    const slow = await session.tabs.run('one', { ...conduct, text: 'select pg_sleep(60)' });
    const running = `select pid from pg_stat_activity where query = 'select pg_sleep(60)' and state = 'active'`;
    await expect.poll(() => client.query(running)).toHaveLength(1);
    await client.query(`select pg_terminate_backend(pid) from (${running}) found`);
    await slow.done;
    expect(slow.view.statements[0]).toMatchObject({ state: 'failed', problem: { code: 'service-unreachable' } });
    expect(await rowsOf('select 2')).toEqual([['2']]);

    const away = await openSession({ ...connectionOf(servers, 'postgres', test), port: 1 }, { spool: async () => spool });
    opened.push(() => away.close());
    await expect(away.catalog(never)).rejects.toMatchObject({ code: 'service-unreachable' });
    await expect(away.trace('1', never)).rejects.toMatchObject({ code: 'service-unreachable' });
    const failed = await away.tabs.run('one', { ...conduct, text: 'select 1' });
    await failed.done;
    expect(failed.view.statements[0]!.problem).toMatchObject({ code: 'service-unreachable' });
  });
});

describe('a plan', () => {
  it('comes as JSON; an analysed statement leaves nothing behind', async (test) => {
    await open(test);
    const { table: name } = await table('planned', 'a int');
    const wanted = {
      ...conduct,
      text: `insert into ${name} select generate_series(1, :n::int)`,
      params: { n: { type: 'integer', value: '5' } },
    } as const;
    const { plan } = await session.tabs.explain('one', { ...wanted, analyze: true }, never);
    expect(JSON.parse(plan)[0].Plan).toMatchObject({ 'Node Type': 'ModifyTable', 'Actual Loops': 1 });
    expect(await client.query(`select count(*)::int as n from ${name}`)).toEqual([{ n: 0 }]);
    // As pg_stat_statements tells statements: with places and no values.
    const placed = await session.tabs.explain(
      'one',
      { ...conduct, text: `select * from ${name} where a = $1 limit $2`, analyze: false },
      never,
    );
    expect(JSON.parse(placed.plan)[0].Plan).toMatchObject({ 'Node Type': 'Limit' });
    const bad = session.tabs.explain('one', { ...conduct, text: 'explain analyze select nowhere', analyze: false }, never);
    await expect(bad).rejects.toMatchObject({ problem: { at: { offset: 'explain analyze select '.length, length: 7 } } });
  });
});

describe('a table', () => {
  it('is read in pages with filters and order, its names and values never part of a statement', async (test) => {
    await open(test);
    for (const name of [...hostile.map((each) => each.replaceAll('\0', '').slice(0, 25)), 'a.b', '😀 "x"\n/']) {
      const at = await table(name, `id int primary key, ${quoteQualified(name)} text, doc jsonb default '{}', raw bytea`);
      await client.query(`insert into ${quoteQualified('public', name)} select n, $1, '{"n":1}', '\\x00' from generate_series(1, 30) n`, [
        name,
      ]);
      const view = { filters: [{ column: name, operator: '=' as const, value: name }], sort: [{ column: name, descending: true }] };
      const page = await session.table.rows(at, { ...view, from: 10, count: 10 }, never);
      expect(page.rows.map(({ cells }) => cells[0])).toEqual(Array.from({ length: 10 }, (_, row) => String(row + 11)));
      expect(page.rows[0]!.cells[1]).toBe(name);
      expect(page).toMatchObject({ key: ['id'], columns: [{ name: 'id' }, { name }, { kind: 'json' }, { kind: 'binary' }] });
      for (const operator of ['contains', 'starts with', '<>', 'is not null'] as const) {
        const filters = [{ column: name, operator, value: name }];
        expect(await session.table.count(at, { filters, sort: [] }, never)).toEqual({ rows: operator === '<>' ? 0 : 30, exact: true });
      }
      expect((await session.catalog(never)).tables.find((each) => each.name === name)).toMatchObject({ primaryKey: ['id'] });
      expect(await session.names(name, never)).toEqual([{ what: 'table', name, search: { schema: 'public', table: name } }]);
    }
    const none = session.table.rows(
      { schema: 'public', table: hostile[0]! + hostile[0]! },
      { filters: [], sort: [], from: 0, count: 1 },
      never,
    );
    await expect(none).rejects.toMatchObject({ code: 'not-found' });
    const column = session.table.rows(
      { schema: 'public', table: 'a.b' },
      { filters: [], sort: [{ column: hostile[1]!, descending: true }], from: 0, count: 1 },
      never,
    );
    await expect(column).rejects.toMatchObject({ code: 'not-found' });
  });

  it('cuts what is long, and gives a value whole by its row', async (test) => {
    await open(test);
    const at = await table('long', 'id int primary key, t text, b bytea, j jsonb, n numeric');
    await client.query(
      `insert into long values (1, repeat('é', 400000), decode(repeat('00ff', 300000), 'hex'), jsonb_build_object('a', repeat('x', 9000)), 0.10)`,
    );
    const { rows } = await session.table.rows(at, { filters: [], sort: [], from: 0, count: 100 }, never);
    expect(rows[0]!.cells).toMatchObject([
      '1',
      { bytes: 800_000 },
      { bytes: 600_000, cut: expect.stringMatching(/^\\x00ff/) },
      { bytes: 9_009 },
      '0.10',
    ]);
    const value = (column: string, all: boolean) => session.table.value(at, { key: { id: '1' }, column, all }, never);
    expect(await value('t', false)).toMatchObject({ bytes: 800_000, cut: true });
    expect((await value('t', true)).text).toHaveLength(400_000);
    expect(Buffer.from((await value('b', true)).base64!, 'base64')).toHaveLength(600_000);
  });

  it('is edited in one transaction, previewed as the statements that run', async (test) => {
    await open(test);
    const at = await table('edited', `id int primary key generated by default as identity, name text not null, doc jsonb, n int default 7`);
    await client.query(`insert into edited (name, doc) values ('a', '{}'), ('b', null), ('c', null)`);
    const read = async () => session.table.rows(at, { filters: [], sort: [], from: 0, count: 10 }, never);
    const before = await read();
    const version = (row: number) => before.rows[row]!.version!;
    const changes = [
      {
        act: 'update',
        key: { id: '1' },
        version: version(0),
        set: { name: { value: `it's; --` }, doc: { value: null }, n: { default: true } },
      },
      { act: 'delete', key: { id: '2' }, version: version(1) },
      { act: 'insert', set: { name: { value: '$1' } } },
    ] as const;
    expect(await session.table.preview(at, changes, never)).toBe(
      `begin;\nupdate "public"."edited" set "name" = 'it''s; --', "doc" = NULL, "n" = default where "id" = 1;\n` +
        `delete from "public"."edited" where "id" = 2;\ninsert into "public"."edited" ("name") values ('$1');\ncommit;`,
    );
    expect(await session.table.apply(at, changes, never)).toBe(3);
    expect((await read()).rows.map(({ cells }) => cells)).toEqual([
      ['1', `it's; --`, null, '7'],
      ['3', 'c', null, '7'],
      ['4', '$1', null, '7'],
    ]);
    const twice = [{ act: 'update', key: { id: '3' }, version: version(2), set: { name: { value: 'mine' } } }, changes[0]] as const;
    await expect(session.table.apply(at, twice, never)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('id 1'),
    });
    await client.query('delete from edited where id = 3');
    await expect(session.table.apply(at, twice.slice(0, 1), never)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('no longer there'),
    });
    const bad = [{ act: 'insert', set: { name: { value: null } } }] as const;
    await expect(session.table.apply(at, bad, never)).rejects.toMatchObject({
      code: 'query-failed',
      message: expect.stringContaining('not-null'),
    });
    const column = [{ act: 'insert', set: { [hostile[0]!]: { value: 'x' } } }] as const;
    await expect(session.table.apply(at, column, never)).rejects.toMatchObject({ code: 'not-found' });
    expect((await read()).rows).toHaveLength(2);
  });

  it('knows what refers to a row, and spools whole for an export', async (test) => {
    await open(test);
    const parent = await table('parent', 'id int primary key');
    await table('child', 'id int primary key, parent_id int references parent on delete cascade');
    await client.query('insert into parent values (1), (2); insert into child select n, 1 from generate_series(1, 5) n');
    expect(await session.table.referrers(parent, { id: '1' }, never)).toEqual([
      { from: { schema: 'public', table: 'child' }, columns: ['parent_id'], values: ['1'], rows: 5, more: false, cascade: true },
    ]);
    const result = await session.table.spool(
      { schema: 'public', table: 'child' },
      { filters: [{ column: 'id', operator: '>', value: '3' }], sort: [] },
      () => {},
      never,
    );
    expect(await result.page(undefined, 0, 10)).toEqual([
      ['4', '1'],
      ['5', '1'],
    ]);
    await result.remove();
  });
});

describe('an id', () => {
  it('is found as a row’s own and as a reference, by a link that opens the row', async (test) => {
    await open(test);
    await table('owner', 'id uuid primary key, name text, created_at timestamptz');
    await table('owned', 'id int primary key, owner_id uuid, note_id text');
    const id = '11111111-2222-4333-8444-555555555555';
    await client.query(
      `insert into owner values ('${id}', 'n', '2026-01-31 12:00:00+00'); insert into owned values (1, '${id}', null), (2, null, '${id}'), (3, null, null)`,
    );
    const { findings, cut } = await session.trace(id, never);
    expect(cut).toBe(false);
    expect(findings.map(({ place, name, relation, time }) => [place, name, relation, time])).toEqual([
      ['owned', '1', 'as owner_id', null],
      ['owned', '2', 'as note_id', null],
      ['owner', id, 'its own id', Date.parse('2026-01-31T12:00:00Z')],
    ]);
    expect(findings[0]!.search).toEqual({ schema: 'public', table: 'owned', filters: [{ column: 'id', operator: '=', value: '1' }] });
    expect((await session.trace('3', never)).findings.map(({ place }) => place)).toContain('owned');
    for (const text of hostile) expect((await session.trace(text, never)).findings).toEqual([]);
  });
});

describe('a stream', () => {
  it('hands rows on as they come, and an abort ends it on the server', async (test) => {
    await open(test);
    const seen: string[] = [];
    let rows = 0;
    const to = {
      columns: (columns: readonly { name: string }[]) => void seen.push(columns.map(({ name }) => name).join()),
      rows: async (batch: readonly unknown[]) => {
        rows += batch.length;
      },
      notice: (text: string) => void seen.push(text),
      done: (tag: string) => void seen.push(tag),
    };
    await session.stream(
      { ...conduct, text: `select n as x from generate_series(1, 50000) n; do $$ begin raise notice 'hi'; end $$` },
      to,
      never,
    );
    expect([seen, rows]).toEqual([['x', 'SELECT 50000', 'NOTICE: hi', 'DO'], 50_000]);
    const abort = new AbortController();
    const endless = session.stream(
      { ...conduct, text: 'select generate_series(1, 1000000000) as n' },
      { ...to, rows: async () => abort.abort() },
      abort.signal,
    );
    await expect(endless).rejects.toMatchObject({ name: 'AbortError' });
    await expect
      .poll(() =>
        client.query(`select from pg_stat_activity where query like '%1000000000%' and state = 'active' and pid <> pg_backend_pid()`),
      )
      .toEqual([]);
  });
});
