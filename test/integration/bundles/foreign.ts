/** A database that the project did not make, pulled by its connection string. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openMoment } from '../../../main/services/postgres/portion/moment.ts';
import { quietRun } from '../../lab/stack-bed.ts';
import { all, bed, coreOf, lacks, on, problemOf, pulled, rewritten, sql } from './bed.ts';
import { rowsOf } from './content.ts';

export function bundlesOfForeignServers(): void {
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
      const core = await coreOf(variables());
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
      const core = await coreOf(variables());
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
