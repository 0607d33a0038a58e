/** Exactly what some ids reach, or all, masked alike everywhere, and a stack made of it. */
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { BundleAbout } from '../../../preload/contract/bundles.ts';
import { serviceKindNames } from '../../../preload/contract/kinds.ts';
import { lacking, makeStack, quietRun } from '../../lab/stack-bed.ts';
import { all, bed, coreOf, folder, lacks, problemOf, pulled, sql, taken, user } from './bed.ts';
import { documentsOf, linesOf, messagesOf, pointsOf, reachedBy, rowsOf, sorted } from './content.ts';

export function bundlesOfIds(): void {
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
      const core = await coreOf({ ...bed.env, ...Object.fromEntries(variables) });
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
          const there = new Map(
            again.about.services.find((each) => each.service === service)!.counts.map(({ name, rows }) => [name, rows]),
          );
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
}
