/** Bundles on real servers: exactly what some ids reach, masked alike everywhere, and a new stack made of it or nothing at all. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouterClient } from '@orpc/server';
import { Redis } from 'ioredis';
import { BSON } from 'mongodb';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRouter } from '../../main/api/router.ts';
import { readArchive } from '../../main/backup/archive/read.ts';
import { writeArchive } from '../../main/backup/archive/write.ts';
import type { BundleWanted, Core, Stack } from '../../main/core/core.ts';
import { createTasks } from '../../main/core/tasks.ts';
import { asNoodleError } from '../../main/errors.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import { copyFields } from '../../main/services/postgres/portion/copy-text.ts';
import { openMoment } from '../../main/services/postgres/portion/moment.ts';
import type { BundleAbout } from '../../preload/contract/bundles.ts';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import type { TaskEvent } from '../../preload/contract/models.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import type { ImportOrder } from './bundle-child.ts';

const cli = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
const child = fileURLToPath(new URL('bundle-child.ts', import.meta.url));
const all: BundleWanted = { ids: null, rules: null, mask: true, note: null };
const none = { kind: 'none' } as const;

let bed: StackBed;
let lacks: string | undefined;
let folder: string;
/** A user with projects, and jobs in projects of others. */
let user: string;

beforeAll(async () => {
  lacks = await lacking('native', serviceKindNames);
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-bundles-'));
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up([], { seed: true, install: false }, quietRun());
  const [row] = await sql(
    bed.stack,
    `select u.id from users u join projects p on p.owner_id = u.id join compilation_jobs j on j.user_id = u.id and j.project_id <> p.id
     group by u.id order by u.id limit 1`,
  );
  user = row!.id as string;
});

afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
  if (lacks) return;
  expect(existsSync(join(bed.home, 'imports')) ? await readdir(join(bed.home, 'imports')) : []).toEqual([]);
  await bed.clear();
});

describe('a bundle of one user', () => {
  it('holds exactly the rows, keys, documents, messages and points that the user reaches', async (test) => {
    if (lacks) return test.skip(lacks);
    const { about, parts } = await taken(bed.stack, { ...all, ids: [user], mask: false });
    const expected = await reachedBy(bed.stack, user);
    for (const [table, ids] of Object.entries(expected.rows))
      expect(
        rowsOf(parts, table)
          .map(([id]) => id)
          .sort(),
        table,
      ).toEqual(ids);
    expect(
      linesOf(parts, 'redis/keys.ndjson')
        .map(({ key }) => key)
        .sort(),
    ).toEqual(expected.keys);
    expect(
      documentsOf(parts)
        .map(({ _id }) => _id)
        .sort(),
    ).toEqual(expected.documents);
    expect(
      messagesOf(parts)
        .map(({ job_id, model_id }) => job_id ?? model_id)
        .sort(),
    ).toEqual(expected.events);
    expect(new Set(pointsOf(parts).map((line) => /(?:job|model)_id=([\w-]+)/.exec(line)![1]))).toEqual(new Set(expected.measured));
    expect(about.cuts).toEqual([]);
    expect(about.services.find(({ kind }) => kind === 'postgres')!.migrations!.map(({ state }) => state)).toEqual([
      'applied',
      'applied',
      'applied',
    ]);
    // All of it says which user it is of, and the schema is whole.
    expect(parts.get('postgres/schema/before.sql')!.toString()).toContain('CREATE TABLE public.performance_metrics');
    expect(parts.get('postgres/schema/after.sql')!.toString()).toContain('idx_compilation_jobs_project_status');
  });

  it('is masked alike in all stores, by the same key the same way again, and tells what it masked', async (test) => {
    if (lacks) return test.skip(lacks);
    const rules =
      'mask:\n  postgres:\n    users: { id: id }\n    projects: { owner_id: id }\n    compilation_jobs: { user_id: id }\n    models: { user_id: id }\n  redis:\n    "session:*": { user_id: id, $key: keep }\n  mongodb:\n    user_profiles: { user_id: id, _id: id }\n';
    const request = { ...all, ids: [user], rules };
    const keyed = await bed.reopen({ ...bed.env, NOODLEBOX_MASK_KEY: 'one key for two bundles' });
    const [first, again, plain] = [
      await taken(keyed, request),
      await taken(keyed, request),
      await taken(bed.stack, { ...all, ids: [user], mask: false }),
    ];
    expect(again.parts.get('postgres/rows/3.copy')!.equals(first.parts.get('postgres/rows/3.copy')!)).toBe(true);

    const users = rowsOf(first.parts, 'users');
    const before = rowsOf(plain.parts, 'users');
    expect(users).toHaveLength(before.length);
    const text = [...first.parts.values()].map((bytes) => bytes.toString()).join('\n');
    for (const row of before) for (const secret of [row[1], row[2], row[3], row[6]]) if (secret) expect(text).not.toContain(secret);
    // Joins hold: every owner is a user that is there, in another store too.
    const ids = new Set(users.map(([id]) => id));
    for (const [, , , owner] of rowsOf(first.parts, 'projects')) expect(ids.has(owner!)).toBe(true);
    const [session] = linesOf(first.parts, 'redis/keys.ndjson').filter(({ key }) => String(key).startsWith('session:'));
    const value = JSON.parse(String(session!.value)) as { user_id: string; username: string };
    const [profile] = documentsOf(first.parts).filter((document) => 'display_name' in document);
    const own = users.find(([id]) => id === value.user_id)!;
    expect(own[1]).toBe(value.username);
    expect(profile!._id).toBe(value.user_id);
    expect(profile!.user_id).toBe(value.user_id);

    expect(first.about.report.masked).toContainEqual({
      service: 'postgres',
      place: 'public.users',
      field: 'email',
      mask: 'email',
      values: users.length,
    });
    expect(first.about.report.masked).toContainEqual({
      service: 'redis',
      place: 'session:*',
      field: 'ip_address',
      mask: 'text',
      values: 1,
    });
    expect(first.about.report.personal).toEqual([]);
    const told = plain.about.report;
    expect(told).toEqual({ masked: [], personal: [] });
    const kept = await taken(bed.stack, {
      ...all,
      ids: [user],
      rules: 'mask: { postgres: { users: { email: keep } }, redis: { "session:*": { ip_address: keep } } }',
    });
    expect(
      rowsOf(kept.parts, 'users')
        .map((row) => row[2])
        .sort(),
    ).toEqual(before.map((row) => row[2]).sort());
  });

  it('is the same when it is pulled from the five servers by their connection strings', async (test) => {
    if (lacks) return test.skip(lacks);
    const variables = Object.entries(await bed.stack.environment()).map(([name, value]) => [`NOODLEBOX_PULL_${name}`, value]);
    const core = await coreOf(bed, { ...bed.env, ...Object.fromEntries(variables) });
    const own = await taken(bed.stack, { ...all, ids: [user], mask: false });
    const { about, parts } = await pulled(core, { ...all, ids: [user], mask: false });
    await core.close();
    const counts = ({ services }: BundleAbout) => Object.fromEntries(services.map((each) => [each.kind, each.counts]));
    expect(counts(about)).toEqual(counts(own.about));
    for (const [path, content] of own.parts)
      if (/^(postgres|redis|mongodb|pulsar)\/(rows|keys|documents|messages)/.test(path))
        expect(sorted(parts.get(path)!), path).toEqual(sorted(content));
  });

  it('refuses rules that do not fit before it reads anything, with their lines', async (test) => {
    if (lacks) return test.skip(lacks);
    const rules = 'mask:\n  postgres:\n    users:\n      emial: email\n      id: id\n    gone: { a: text }\n';
    const problem = await problemOf(bed.stack.bundle({ ...all, ids: [user], rules, rulesFile: 'my.yaml' }, quietRun()));
    expect(problem).toMatchObject({ code: 'bad-argument' });
    expect(problem.why).toContain('my.yaml:4: public.users has no field emial');
    expect(problem.why).toContain('my.yaml:5: users.id is joined with public.projects.owner_id');
    expect(problem.why).toContain('my.yaml:6: postgres has no gone');
    expect(await problemOf(bed.stack.bundle({ ...all, ids: ['00000000-0000-4000-8000-000000000000'] }, quietRun()))).toMatchObject({
      code: 'not-found',
    });
  });

  it('follows no further than it is told, and says where a limit cut it off', async (test) => {
    if (lacks) return test.skip(lacks);
    const { about, parts } = await taken(bed.stack, { ...all, ids: [user], rules: 'limit: 3\n' });
    expect(about.cuts.join('\n')).toContain('public.compilation_jobs: only 3 rows were taken');
    expect(rowsOf(parts, 'compilation_jobs')).toHaveLength(3);
    const rows = new Set(rowsOf(parts, 'users').map(([id]) => id));
    for (const [, , job] of rowsOf(parts, 'compilation_jobs')) expect(rows.has(job!)).toBe(true);
    const alone = await taken(bed.stack, { ...all, ids: [user], rules: 'children: none\n' });
    expect(rowsOf(alone.parts, 'users').map(([id]) => id)).toEqual([user]);
    expect(rowsOf(alone.parts, 'projects')).toEqual([]);
  });

  it.for([
    'native',
    'docker',
  ] as const)('becomes a stack on %s with the same counts, which is not filled any further', async (runtime, test) => {
    const absent = lacks ?? (await lacking(runtime, serviceKindNames));
    if (absent) return test.skip(absent);
    const file = join(folder, `${runtime}.noodle`);
    const bundle = await bed.stack.bundle({ ...all, ids: [user] }, quietRun());
    await bundle.write(file, { kind: 'passphrase', passphrase: 'open sesame' }, quietRun());
    await bundle.discard();
    const other = await makeStack(runtime);
    try {
      const keys = { passphrase: 'open sesame' };
      const about = await other.core.bundles.import({ file, keys }, { stack: other.name, runtime, install: false }, quietRun());
      const stack = await other.reopen();
      const again = await taken(stack, { ...all, mask: false });
      for (const { service, counts } of about.services) {
        const there = new Map(again.about.services.find((each) => each.service === service)!.counts.map(({ name, rows }) => [name, rows]));
        for (const { name, rows } of counts) if (rows > 0) expect(there.get(name), `${service} ${name}`).toBe(rows);
      }
      // What the user reaches there is what the user reached here.
      const reached = await taken(stack, { ...all, ids: [user], mask: false });
      expect(reached.about.services.map(({ counts }) => counts)).toEqual(about.services.map(({ counts }) => counts));
      await stack.up([], { seed: true, install: false }, quietRun());
      const [users] = await sql(stack, 'select count(*)::int as n from users');
      expect(users!.n).toBe(about.services.find(({ kind }) => kind === 'postgres')!.counts.find(({ name }) => name === 'users')!.rows);
      const roles = await sql(stack, `select rolname from pg_roles where rolname like 'noodlebox_import%'`);
      expect(roles).toEqual([]);
    } finally {
      await other.clear();
    }
  });
});

describe('everything', () => {
  it('is taken as a whole, to the count of what the stores hold', async (test) => {
    if (lacks) return test.skip(lacks);
    const { about } = await taken(bed.stack, all);
    const counts = new Map(about.services.map(({ kind, counts: held }) => [kind, new Map(held.map(({ name, rows }) => [name, rows]))]));
    for (const { kind, counts: seeded } of await bed.stack.seedState()) {
      for (const { name, rows } of seeded) expect(counts.get(kind)!.get(name), `${kind} ${name}`).toBe(rows);
    }
    expect(about.scope).toEqual({ what: 'everything' });
    // What ids reach is read another way, and is the same to the byte.
    const plain = await taken(bed.stack, { ...all, mask: false });
    const some = await taken(bed.stack, { ...all, ids: [user], mask: false });
    for (const [path, content] of some.parts) {
      if (!/^(postgres\/rows|pulsar\/messages)/.test(path)) continue;
      const lines = new Set(sorted(plain.parts.get(path)!));
      expect(
        sorted(content).filter((line) => !lines.has(line)),
        path,
      ).toEqual([]);
    }
  });
});

describe('a database that the project did not make', () => {
  const hostile = `Robert'); drop table "students";--`;
  let url: string;

  beforeAll(async () => {
    if (lacks) return;
    await sql(bed.stack, 'create database other_db');
    url = (await bed.stack.connection('postgres')).url.replace(/\/[^/]+$/, '/other_db');
    await on(url, [
      `create schema "we ird.schema"`,
      `create type "we ird.schema"."mo'od" as enum ('good', 'bad')`,
      `create table companies (id int generated always as identity primary key, name text not null, boss_id int)`,
      `create table people (id serial primary key, company_id int references companies, chief_id int references people, "E-Mail" varchar(30), meta jsonb,
         tsv text generated always as (lower("E-Mail")) stored)`,
      `alter table companies add foreign key (boss_id) references people`,
      `create table "we ird.schema"."${hostile.replaceAll('"', '""')}" (country char(2), "no ""1""" int, person_id int, feeling "we ird.schema"."mo'od", primary key (country, "no ""1"""))`,
      `create table lines (country char(2), no int, text text, foreign key (country, no) references "we ird.schema"."${hostile.replaceAll('"', '""')}")`,
      `create table events (at date not null, person_id int references people, what text) partition by range (at)`,
      `create table events_2026 partition of events for values from ('2026-01-01') to ('2027-01-01')`,
      `create table events_rest partition of events default`,
      `create function shout() returns trigger language plpgsql as $$ begin new.what := upper(new.what); return new; end $$`,
      `create trigger loud before insert on events for each row execute function shout()`,
      `create table notes (id int primary key, company_id int, text text)`,
      `create view bosses as select p.* from people p join companies c on c.boss_id = p.id`,
      `insert into companies (name) values ('one'), ('two'), ('three')`,
      `insert into people (company_id, chief_id, "E-Mail", meta) values (1, null, 'boss@one.example.org', '{}'), (1, 1, 'a@one.example.org', '{"friend": "3"}'),
         (2, 1, E'tab\\there\\\\@two.example.org', '{"mail": "write to x@y.example.org"}'), (3, null, null, null)`,
      `update companies set boss_id = case id when 3 then 4 else id end`,
      `update people set chief_id = 1 where id = 1`,
      `insert into "we ird.schema"."${hostile.replaceAll('"', '""')}" values ('de', 1, 2, 'bad'), ('fr', 1, 4, 'good')`,
      `insert into lines values ('de', 1, E'line\\nbreak'), ('fr', 1, 'other'), (null, 1, 'loose')`,
      `insert into notes values (1, 1, 'of one'), (2, 2, 'of two'), (3, 99, 'of nobody')`,
      `insert into events values ('2026-05-05', 2, 'came'), ('2020-01-01', 2, 'went'), ('2026-06-06', 4, 'other')`,
    ]);
  });

  const variables = () => ({ ...bed.env, NOODLEBOX_PULL_DATABASE_URL: url });

  it('is pulled through circles, composite keys, partitions, declared and guessed references, and becomes a stack', async (test) => {
    if (lacks) return test.skip(lacks);
    const core = await coreOf(bed, variables());
    const rules = [
      'guess: true',
      'references:',
      '  - { from: people.meta.friend, to: people.id }',
      `  - { from: ${JSON.stringify(`we ird.schema.${hostile}.person_id`)}, to: people.id }`,
      'mask:',
      '  postgres:',
      '    people: { E-Mail: email, meta: text }',
    ].join('\n');
    const before = await statistics(url);
    const { about, parts, file } = await pulled(core, { ...all, ids: ['people:2'], rules });
    // 2 works for company 1 under 1, is the boss of company 2, for which 3 works, and has 3 as a friend; 4 has nothing to do with that.
    const table = (name: string) => rowsOf(parts, name);
    expect(
      table('people')
        .map(([id]) => id)
        .sort(),
    ).toEqual(['1', '2', '3']);
    expect(
      table('companies')
        .map(([id]) => id)
        .sort(),
    ).toEqual(['1', '2']);
    expect(table(hostile)).toEqual([['de', '1', '2', 'bad']]);
    expect(table('notes').map(([, , text]) => text)).toEqual(['of two']);
    expect(table('lines')).toEqual([['de', '1', 'line\nbreak']]);
    expect(
      table('events')
        .map(([, , what]) => what)
        .sort(),
    ).toEqual(['CAME', 'WENT']);
    expect(about.stack).toBeNull();
    expect([...parts.values()].join('\n')).not.toContain('one.example.org');
    // Nothing was written over there.
    expect(await statistics(url)).toEqual(before);

    const name = `${bed.name}-pulled`;
    const made = await core.bundles.import({ file, keys: {} }, { stack: name, runtime: 'native', install: false }, quietRun());
    const stack = await core.open({ stack: name, runtime: 'native', create: false });
    try {
      expect(made.services.map(({ service }) => service)).toEqual(['postgres']);
      const rows = await sql(
        stack,
        `select p.id, p."E-Mail" as mail, p.tsv, c.name from people p join companies c on c.id = p.company_id order by 1`,
      );
      expect(rows.map(({ id, name: company }) => [id, company])).toEqual([[1, 'one'], [2, 'one'], [3, 'two']]); // biome-ignore format: one line
      for (const { mail, tsv } of rows) expect(mail).toBe(tsv);
      const [next] = await sql(stack, `insert into people (company_id) values (1) returning id`);
      expect(next!.id).toBe(5);
      await expect(sql(stack, `insert into people (company_id) values (99)`)).rejects.toThrow(/foreign key/);
      expect(await sql(stack, `select count(*)::int as n from events_2026`)).toEqual([{ n: 1 }]);
      // What was made belongs to the stack's user.
      const [owner] = await sql(stack, `select distinct tableowner = current_user as own from pg_tables where schemaname = 'public'`);
      expect(owner).toEqual({ own: true });
    } finally {
      await stack.down({ volumes: true, snapshot: false }, quietRun());
      await core.close();
    }
  });

  it('is read in a moment in which nothing can be written, with a time-out', async (test) => {
    if (lacks) return test.skip(lacks);
    const connection = await bed.stack.connection('postgres');
    const moment = await openMoment(connection, { statementTimeout: 1_234, signal: new AbortController().signal });
    try {
      const [row] = await moment.ask<{ only: string; level: string; timeout: string }>(
        `select current_setting('transaction_read_only') as only, current_setting('transaction_isolation') as level, current_setting('statement_timeout') as timeout`,
      );
      expect(row).toEqual({ only: 'on', level: 'repeatable read', timeout: '1234ms' });
      await expect(moment.ask('create table x (a int)')).rejects.toMatchObject({ code: '25006' });
    } finally {
      await moment.close();
    }
  });

  it('brings no more rights than it needs: SQL in a bundle cannot read files or run programs', async (test) => {
    if (lacks) return test.skip(lacks);
    const core = await coreOf(bed, variables());
    const { file, parts, about } = await pulled(core, { ...all, ids: ['people:2'] });
    // Nothing of it was masked, and that is told.
    expect(about.report.masked).toEqual([]);
    const personal = about.report.personal.map(({ place, field, like, by }) => `${place}.${field} ${like} ${by}`);
    expect(personal).toContain('public.people.E-Mail an e-mail address content');
    expect(personal).not.toContainEqual(expect.stringContaining('people.id '));
    for (const evil of [`copy companies from program 'id'`, `select pg_read_file('/etc/passwd')`, 'create role more superuser']) {
      const forged = await rewritten(file, about, parts, (path, content) =>
        path === 'postgres/schema/after.sql' ? Buffer.from(`${content}\n${evil};\n`) : content,
      );
      const name = `${bed.name}-evil`;
      const problem = await problemOf(
        core.bundles.import({ file: forged, keys: {} }, { stack: name, runtime: 'native', install: false }, quietRun()),
      );
      expect(problem.why, evil).toMatch(/permission denied|must be superuser|superuser attribute/i);
      expect(existsSync(join(bed.home, 'stacks', name))).toBe(false);
    }
    await core.close();
  });
});

describe('a window', () => {
  it('looks at what a bundle would hold, gets it as a file, and looks into one that it sends', async (test) => {
    if (lacks) return test.skip(lacks);
    const tasks = createTasks();
    const router = createRouter({ core: bed.core, tasks, door: 'web', version: '0' });
    const client = createRouterClient(router, { context: {} });
    const ended = async (id: string) => {
      await expect.poll(() => tasks.list(bed.name).find((task) => task.id === id)!.state, { timeout: 180_000 }).not.toBe('running');
      return tasks.list(bed.name).find((task) => task.id === id)!;
    };
    const request = { stack: bed.name, ids: [user] };
    const planned = await client.bundles.plan(request);
    expect(await ended(planned.task.id)).toMatchObject({ state: 'done' });
    const about = await client.bundles.preview({ plan: planned.plan });
    expect(about.services).toHaveLength(5);
    const exported = await client.bundles.export({ ...request, lock: { kind: 'passphrase', passphrase: 'sesame' } });
    expect(await ended(exported.task.id)).toMatchObject({ state: 'done' });
    const found = await client.bundles.inspect({ file: exported.file });
    expect(found).toMatchObject({ encryption: 'passphrase', about: null });
    const opened = await client.bundles.inspect({ file: exported.file, passphrase: 'sesame' });
    expect(opened.about!.services.map(({ counts }) => counts)).toEqual(about.services.map(({ counts }) => counts));
    await expect(client.bundles.inspect({ file: exported.file, passphrase: 'open' })).rejects.toThrow(/cannot be opened/);
    const refused = await client.bundles.import({ file: exported.file, passphrase: 'sesame', stack: bed.name, runtime: 'native' });
    expect(await ended(refused.id)).toMatchObject({ state: 'failed', problem: { code: 'conflict' } });
  });
});

describe('the command line', () => {
  const noodlebox = (args: readonly string[], env: NodeJS.ProcessEnv = bed.env) =>
    new Promise<{ code: number | null; lines: Record<string, unknown>[] }>((resolve, reject) => {
      const command = spawn(process.execPath, [cli, ...args, '--json'], { env, stdio: ['ignore', 'pipe', 'ignore'] });
      let printed = '';
      command.stdout.on('data', (chunk) => (printed += String(chunk)));
      command.once('error', reject);
      command.once('close', (code) => resolve({ code, lines: printed.split('\n').filter(Boolean).map((line) => JSON.parse(line)) })); // biome-ignore format: one line
    });

  it('tells what a bundle would hold, writes it, looks into it, and says what it lacks', async (test) => {
    if (lacks) return test.skip(lacks);
    const file = join(folder, 'cli.noodle');
    const stack = ['--stack', bed.name];
    const dry = await noodlebox(['bundle', 'export', user, '--dry-run', '--out', file, ...stack]);
    expect(dry.code).toBe(0);
    expect(dry.lines.at(-1)).toMatchObject({ type: 'result', ok: true, file: null, about: { scope: { ids: [user] }, masked: true } });
    expect(existsSync(file)).toBe(false);
    const locked = { ...bed.env, NOODLEBOX_PASSPHRASE: 'sesame' };
    expect((await noodlebox(['bundle', 'export', user, '--encrypt', '--out', file, ...stack], locked)).code).toBe(0);
    expect((await noodlebox(['bundle', 'export', user, '--out', file, ...stack])).lines.at(-1)).toMatchObject({
      ok: false,
      problem: { code: 'conflict' },
    });
    expect((await noodlebox(['bundle', 'inspect', file])).lines[0]).toMatchObject({ encryption: 'passphrase', about: null });
    expect((await noodlebox(['bundle', 'inspect', file], locked)).lines[0]).toMatchObject({ about: { stack: bed.name } });
    const open = join(folder, 'open.env');
    await writeFile(open, 'DATABASE_URL=postgres://a:b@c/d\n', { mode: 0o644 });
    for (const args of [
      ['bundle', 'export', ...stack],
      ['pull', user],
      ['pull', user, '--from', open],
      ['bundle', 'import', file],
    ]) {
      expect((await noodlebox(args, locked)).code, args.join(' ')).toBe(2);
    }
  });
});

describe('what is no whole bundle', () => {
  it('is refused by name, and leaves nothing', async (test) => {
    if (lacks) return test.skip(lacks);
    const { file, parts, about } = await taken(bed.stack, { ...all, ids: [user], rules: 'children: none' });
    const bytes = await readFile(file);
    const name = `${bed.name}-no`;
    const attempt = (path: string, keys = {}) =>
      problemOf(bed.core.bundles.import({ file: path, keys }, { stack: name, runtime: 'native', install: false }, quietRun()));
    const changed = async (label: string, content: Buffer) => {
      const path = join(folder, `${label}.noodle`);
      await writeFile(path, content);
      return path;
    };
    const line = bytes.indexOf('\n');
    const newer = bytes.toString('latin1', 0, line).replace('"format":1', '"format":9');
    expect(await attempt(await changed('newer', Buffer.concat([Buffer.from(newer, 'latin1'), bytes.subarray(line)])))).toMatchObject({
      code: 'archive-format',
    });
    expect(await attempt(await changed('cut', bytes.subarray(0, bytes.length - 100)))).toMatchObject({ code: 'archive-damaged' });
    const flipped = Buffer.from(bytes);
    flipped[line + 2_000]! ^= 1;
    expect(await attempt(await changed('flipped', flipped))).toMatchObject({ code: 'archive-damaged' });
    expect(await attempt(await changed('text', Buffer.from('hello\n')))).toMatchObject({ code: 'archive-format' });
    expect(await attempt(join(folder, 'nowhere.noodle'))).toMatchObject({ code: 'not-found' });

    const bundle = await bed.stack.bundle({ ...all, ids: [user], rules: 'children: none' }, quietRun());
    const locked = join(folder, 'locked.noodle');
    await bundle.write(locked, { kind: 'passphrase', passphrase: 'right' }, quietRun());
    await bundle.discard();
    expect(await attempt(locked, { passphrase: 'wrong' })).toMatchObject({ code: 'wrong-passphrase' });
    expect((await bed.core.bundles.inspect(locked, {}, quietRun().signal)).about).toBeNull();
    expect((await bed.core.bundles.inspect(locked, { passphrase: 'right' }, quietRun().signal)).about?.scope).toMatchObject({
      ids: [user],
    });

    const newerServer = {
      ...about,
      services: about.services.map((each) => (each.kind === 'postgres' ? { ...each, version: '99.1' } : each)),
    };
    expect(await attempt(await rewritten(file, newerServer, parts))).toMatchObject({
      code: 'data-version',
      what: expect.stringContaining('PostgreSQL 99'),
    });
    expect(await attempt(await rewritten(file, { ...about, format: 7 } as never, parts))).toMatchObject({ code: 'archive-format' });
    expect(
      await problemOf(bed.core.bundles.import({ file, keys: {} }, { stack: bed.name, runtime: 'native', install: false }, quietRun())),
    ).toMatchObject({ code: 'conflict' });
    expect(
      await problemOf(bed.core.bundles.import({ file, keys: {} }, { stack: '../up', runtime: 'native', install: false }, quietRun())),
    ).toMatchObject({ code: 'bad-argument' });
    expect(existsSync(join(bed.home, 'stacks', name))).toBe(false);
    expect((await readdir(join(bed.home, 'imports')).catch(() => [])).filter((each) => each !== name)).toEqual([]);
  });

  it('loaded short, forged inside or cancelled, is taken away again to the last process', async (test) => {
    if (lacks) return test.skip(lacks);
    const core = await coreOf(bed, { ...bed.env, NOODLEBOX_PULL_DATABASE_URL: (await bed.stack.connection('postgres')).url });
    const { file, parts, about } = await pulled(core, { ...all, ids: [user], rules: 'children: none' });
    const name = `${bed.name}-gone`;
    const to = { stack: name, runtime: 'native', install: false } as const;
    const short = {
      ...about,
      services: about.services.map((each) => ({ ...each, counts: each.counts.map((count) => ({ ...count, rows: count.rows + 1 })) })),
    };
    expect((await problemOf(core.bundles.import({ file: await rewritten(file, short, parts), keys: {} }, to, quietRun()))).what).toContain(
      'Not all of the bundle arrived in postgres',
    );
    await untouched(name);
    const index = await rewritten(file, about, parts, (path, content) =>
      path.endsWith('index.json') ? Buffer.from('{"format":1,"tables":[{"schema":"x"}]}') : content,
    );
    expect(await problemOf(core.bundles.import({ file: index, keys: {} }, to, quietRun()))).toMatchObject({ code: 'archive-damaged' });
    await untouched(name);
    // While one is at work another of the same name is told so, and touches nothing of it.
    const stop = new AbortController();
    let second: Promise<unknown> | undefined;
    const cancelling = {
      signal: stop.signal,
      onEvent(event: TaskEvent) {
        if (event.type !== 'operation' || event.id !== 'seed the stack' || event.state !== 'running') return;
        second = problemOf(bed.core.bundles.import({ file, keys: {} }, to, quietRun())).finally(() => stop.abort());
      },
    };
    expect(await problemOf(core.bundles.import({ file, keys: {} }, to, cancelling))).toMatchObject({ code: 'cancelled' });
    expect(await second).toMatchObject({ code: 'stack-busy' });
    await untouched(name);
    await core.close();
  });

  it.for([
    ['start postgres', 'done'],
    ['seed the stack', 'running'],
    ['count the stack', 'done'],
  ] as const)('killed at "%s" (%s), is cleared away by the next command', async ([at, state], test) => {
    if (lacks) return test.skip(lacks);
    const core = await coreOf(bed, { ...bed.env, NOODLEBOX_PULL_DATABASE_URL: (await bed.stack.connection('postgres')).url });
    const { file } = await pulled(core, { ...all, ids: [user], rules: 'children: none' });
    await core.close();
    const name = `${bed.name}-killed`;
    const process_ = spawn(process.execPath, [child], { env: bed.env, stdio: ['pipe', 'ignore', 'inherit'] });
    process_.stdin.end(JSON.stringify({ file, stack: name, at, state } satisfies ImportOrder));
    const [, signal] = await once(process_, 'exit');
    expect(signal).toBe('SIGKILL');
    expect(existsSync(join(bed.home, 'stacks', name))).toBe(true);
    const next = await coreOf(bed, bed.env);
    expect((await next.stacks()).map(({ name: each }) => each)).not.toContain(name);
    await next.close();
    await untouched(name);
  });
});

/** No folder, no process, no note. */
async function untouched(name: string): Promise<void> {
  expect(existsSync(join(bed.home, 'stacks', name)), `the folder of ${name}`).toBe(false);
  expect(await readdir(join(bed.home, 'imports')).catch(() => [])).toEqual([]);
  const lines = await Promise.all(
    (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  expect(lines.filter((line) => line.includes(join(bed.home, 'stacks', name)))).toEqual([]);
}

async function coreOf({ home }: StackBed, env: NodeJS.ProcessEnv): Promise<Core> {
  const { createCore } = await import('../../main/core/create.ts');
  return createCore({ env, home });
}

let files = 0;

async function taken(stack: Stack, request: BundleWanted) {
  const bundle = await stack.bundle(request, quietRun());
  return written(bundle);
}

async function pulled(core: Core, request: BundleWanted) {
  return written(await core.bundles.pull(undefined, request, quietRun()));
}

async function written(bundle: Awaited<ReturnType<Stack['bundle']>>) {
  const file = join(folder, `bundle-${files++}.noodle`);
  try {
    await bundle.write(file, none, quietRun());
  } finally {
    await bundle.discard();
  }
  return { file, about: bundle.about, parts: await partsOf(file) };
}

async function partsOf(file: string): Promise<Map<string, Buffer>> {
  const parts = new Map<string, Buffer>();
  await readArchive(file, { kind: 'bundle', keys: {}, signal: quietRun().signal }, async (archive) => {
    for await (const { path, content } of archive.parts) {
      const chunks: Uint8Array[] = [];
      for await (const chunk of content) chunks.push(chunk);
      parts.set(path, Buffer.concat(chunks));
    }
  });
  return parts;
}

/** The same bundle with something else in it, sealed as a bundle is. */
async function rewritten(
  file: string,
  about: BundleAbout,
  parts: ReadonlyMap<string, Buffer>,
  change: (path: string, content: Buffer) => Buffer = (_path, content) => content,
): Promise<string> {
  const path = `${file}-${files++}.noodle`;
  const options = { kind: 'bundle', open: {}, about, encryption: none, signal: quietRun().signal } as const;
  await writeArchive(path, options, async (put) => {
    for (const [name, content] of parts) await put(name, [change(name, content)]);
  });
  return path;
}

/** Stores hand out what has no order in any; a key has lived on meanwhile. */
function sorted(bytes: Buffer): readonly string[] {
  return bytes
    .toString('latin1')
    .replaceAll(/"ttl":\d+/g, '')
    .split('\n')
    .sort();
}

function rowsOf(parts: ReadonlyMap<string, Buffer>, table: string): (string | null)[][] {
  const index = JSON.parse(parts.get('postgres/index.json')!.toString()) as { tables: { name: string; part: string }[] };
  const { part } = index.tables.find(({ name }) => name === table)!;
  return parts.get(`postgres/${part}`)!.toString().split('\n').filter(Boolean).map(copyFields); // biome-ignore format: one line
}

function linesOf(parts: ReadonlyMap<string, Buffer>, path: string): Record<string, unknown>[] {
  return parts.get(path)!.toString().split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>); // biome-ignore format: one line
}

function documentsOf(parts: ReadonlyMap<string, Buffer>): Record<string, unknown>[] {
  return [...parts].flatMap(([path, bytes]) => {
    if (!path.endsWith('.bson')) return [];
    const documents = [];
    for (let at = 0; at < bytes.length; at += bytes.readInt32LE(at))
      documents.push(BSON.deserialize(bytes.subarray(at, at + bytes.readInt32LE(at))));
    return documents;
  });
}

function messagesOf(parts: ReadonlyMap<string, Buffer>): Record<string, string>[] {
  const paths = [...parts.keys()].filter((path) => path.startsWith('pulsar/messages/'));
  return paths.flatMap((path) =>
    linesOf(parts, path).map(({ payload }) => JSON.parse(Buffer.from(String(payload), 'base64').toString()) as Record<string, string>),
  );
}

function pointsOf(parts: ReadonlyMap<string, Buffer>): string[] {
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
async function reachedBy(stack: Stack, id: string) {
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

async function sql(stack: Stack, text: string, values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  return on((await stack.connection('postgres')).url, [text], values);
}

async function on(url: string, statements: readonly string[], values: readonly unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) rows = (await client.query(statement, [...values])).rows as Record<string, unknown>[];
    return rows;
  } finally {
    await client.end();
  }
}

/** Rows written since the server began, by the statistics that it keeps. */
async function statistics(url: string) {
  const [row] = await on(url, [
    'select pg_stat_force_next_flush()',
    `select sum(n_tup_ins)::int as inserted, sum(n_tup_upd)::int as updated, sum(n_tup_del)::int as deleted,
       (select count(*)::int from pg_class) as relations from pg_stat_user_tables`,
  ]);
  return row;
}

async function problemOf(act: Promise<unknown>) {
  const error = await act.then(() => undefined, asNoodleError);
  if (!error || error.code === 'internal') throw error ?? new Error('it was done');
  return error.problem;
}
