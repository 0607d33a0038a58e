/** Bundles from a window and from the command line. */
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../main/api/router.ts';
import { createTasks } from '../../../main/core/tasks.ts';
import type { BundleAbout } from '../../../preload/contract/bundles.ts';
import type { PullServer } from '../../../preload/contract/pull.ts';
import { noodlebox as run } from '../../support/cli.ts';
import { all, bed, folder, lacks, taken, user } from './bed.ts';

export function bundlesThroughDoors(): void {
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
      const planned = await client.bundles.plan({ stack: bed.name, ids: [user] });
      expect(await ended(planned.task.id)).toMatchObject({ state: 'done' });
      const about = await client.bundles.preview({ plan: planned.plan });
      expect(about.services).toHaveLength(5);
      // One that cannot be written does not take away what was seen.
      const nobody = await client.bundles.export({ plan: planned.plan, lock: { kind: 'recipients', recipients: ['age1nobody'] } });
      expect(await ended(nobody.task.id)).toMatchObject({ state: 'failed', problem: { code: 'bad-argument' } });
      const exported = await client.bundles.export({ plan: planned.plan, lock: { kind: 'passphrase', passphrase: 'sesame' } });
      expect(await ended(exported.task.id)).toMatchObject({ state: 'done' });
      await client.bundles.forget({ plan: planned.plan });
      await expect(client.bundles.preview({ plan: planned.plan })).rejects.toThrow(/no longer there/);
      await expect.poll(() => gathered(bed.home)).toEqual([]);
      const found = await client.bundles.inspect({ file: exported.file });
      expect(found).toMatchObject({ encryption: 'passphrase', about: null });
      const opened = await client.bundles.inspect({ file: exported.file, passphrase: 'sesame' });
      expect(opened.about!.services.map(({ counts }) => counts)).toEqual(about.services.map(({ counts }) => counts));
      await expect(client.bundles.inspect({ file: exported.file, passphrase: 'open' })).rejects.toThrow(/test-.*\.noodle cannot be opened/);
      const own = { stack: bed.name, name: bed.name, runtime: 'native' } as const;
      const refused = await client.bundles.import({ file: exported.file, passphrase: 'sesame', ...own });
      expect(await ended(refused.id)).toMatchObject({ state: 'failed', problem: { code: 'conflict' } });
    });

    it('cancels a look, and nothing of it is left', async (test) => {
      if (lacks) return test.skip(lacks);
      const tasks = createTasks();
      const client = createRouterClient(createRouter({ core: bed.core, tasks, door: 'web', version: '0' }), { context: {} });
      const { task, plan } = await client.bundles.plan({ stack: bed.name, ids: null });
      await client.tasks.cancel({ task: task.id });
      await expect.poll(() => tasks.list(bed.name)[0]!.state, { timeout: 180_000 }).toBe('cancelled');
      await expect(client.bundles.preview({ plan })).rejects.toThrow(/no longer there/);
      await expect.poll(() => gathered(bed.home)).toEqual([]);
    });

    describe('pulls from other servers', () => {
      const secret = 'hush-hush';
      const window = () => {
        const tasks = createTasks();
        const client = createRouterClient(createRouter({ core: bed.core, tasks, door: 'web', version: '0' }), { context: {} });
        /** Everything that any window is told of a task. */
        const told = async (id: string) => {
          const events = [];
          for await (const batch of tasks.watch(id, new AbortController().signal)) events.push(...batch);
          return { summary: tasks.list(bed.name).find((task) => task.id === id)!, events };
        };
        return { client, told };
      };

      it('whose connection strings are held against the kind before anything is asked, and never repeated', async (test) => {
        if (lacks) return test.skip(lacks);
        const { client } = window();
        const pull = (servers: unknown) => client.bundles.pull({ stack: bed.name, ids: null, servers: servers as PullServer[] });
        const redis = { kind: 'redis', url: `redis://:${secret}@127.0.0.1:6379` };
        for (const servers of [
          [],
          [redis, redis],
          [{ ...redis, url: '' }],
          [{ ...redis, url: `postgres://:${secret}@127.0.0.1/db` }],
          [{ ...redis, url: `redis://:${secret}@127.0.0.1:99999999` }],
          [{ ...redis, url: `redis://:${secret}${'x'.repeat(5_000)}@127.0.0.1` }],
          [{ ...redis, authority: 'x'.repeat(600_000) }],
          [{ kind: 'mysql', url: `mysql://:${secret}@127.0.0.1/db` }],
          [{ kind: 'postgres', url: `postgres://me:${secret}@127.0.0.1/db?sslmode=verify-full&sslrootcert=/etc/passwd` }],
          [{ kind: 'mongodb', url: `mongodb://me:${secret}@127.0.0.1/db?tls=true&tlsCAFile=/etc/passwd` }],
          [{ kind: 'mongodb', url: `mongodb+srv://me:${secret}@example.org` }],
          [{ kind: 'influxdb', url: `http://me:${secret}@127.0.0.1`, token: 't', org: 'o', bucket: 'b' }],
          [{ kind: 'pulsar', url: 'http://127.0.0.1:8080', token: `${secret}\nX-Header: 1` }],
        ]) {
          const refused = await pull(servers).then(
            () => undefined,
            (error: Error & { data?: unknown }) => JSON.stringify({ ...error, message: error.message, data: error.data }),
          );
          expect(refused, JSON.stringify(servers).slice(0, 80)).toContain('Input validation failed');
          expect(refused).not.toContain(secret);
        }
      });

      it('of which each that fails is named with why, and no secret is in anything that is told', async (test) => {
        if (lacks) return test.skip(lacks);
        const { client, told } = window();
        const [{ port }, { parts, port: postgres }] = [await bed.stack.connection('redis'), await bed.stack.connection('postgres')];
        const wrong = { kind: 'redis', url: `redis://:${secret}@127.0.0.1:${port}` } as const;
        const gone = { kind: 'mongodb', url: `mongodb://me:${secret}@127.0.0.1:1/docs` } as const;
        const refused = { kind: 'postgres', url: `postgres://${parts.user}:${secret}@127.0.0.1:${postgres}/${parts.database}` } as const;
        const { task } = await client.bundles.pull({ stack: bed.name, ids: null, servers: [wrong, gone, refused] });
        const { summary, events } = await told(task.id);
        expect(summary).toMatchObject({ state: 'failed', problem: { what: '3 of 3 servers cannot be read.' } });
        expect(summary.problem!.why!.split('\n')).toEqual([
          expect.stringMatching(new RegExp(`^Redis at 127.0.0.1:${port} refuses the password. WRONGPASS`)),
          expect.stringMatching(/^MongoDB at 127.0.0.1:1 does not answer. .*ECONNREFUSED/),
          expect.stringMatching(new RegExp(`^PostgreSQL at 127.0.0.1:${postgres} refuses the password of ${parts.user}. `)),
        ]);
        const failed = events.flatMap((event) => (event.type === 'operation' && event.state === 'failed' ? [event.id] : []));
        expect(failed.sort()).toEqual(['connect mongodb', 'connect postgres', 'connect redis']);
        expect(JSON.stringify({ summary, events })).not.toContain(secret);
        await expect.poll(() => spooled(bed.home)).toEqual([]);

        const alone = await told((await client.bundles.pull({ stack: bed.name, ids: null, servers: [wrong] })).task.id);
        expect(alone.summary.problem).toMatchObject({
          code: 'wrong-password',
          what: `Redis at 127.0.0.1:${port} refuses the password.`,
        });
        // What helps with a stack of one's own would delete data here.
        expect(alone.summary.problem).not.toHaveProperty('command', expect.anything());
      });

      it('and is shown, and hands over, what a bundle of the same stack would hold', async (test) => {
        if (lacks) return test.skip(lacks);
        const { client, told } = window();
        const kinds = ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb'] as const;
        const connections = await Promise.all(kinds.map((kind) => bed.stack.connection(kind)));
        const servers = connections.map(({ kind, url, parts }): PullServer => {
          if (kind === 'pulsar') return { kind, url: parts.adminUrl!, token: parts.token!, authority: null };
          if (kind === 'influxdb') return { kind, url, token: parts.token!, org: parts.org!, bucket: parts.bucket!, authority: null };
          return { kind, url, authority: null };
        });
        const { task, plan } = await client.bundles.pull({ stack: bed.name, ids: [user], servers });
        const { summary, events } = await told(task.id);
        expect(summary).toMatchObject({ state: 'done', title: 'Looking at what a bundle of other servers would hold' });
        const about = await client.bundles.preview({ plan });
        const own = (await taken(bed.stack, { ...all, ids: [user] })).about;
        const counts = ({ services }: BundleAbout) => new Map(services.map((each) => [each.kind, each.counts]));
        expect(about).toMatchObject({ stack: null, compose: null });
        expect(counts(about)).toEqual(counts(own));
        expect(about.report.masked).toEqual(own.report.masked);
        const exported = await client.bundles.export({ plan, lock: { kind: 'none' } });
        expect((await told(exported.task.id)).summary.state).toBe('done');
        expect((await bed.core.shelf.must(exported.file)).name).toBe('pulled.noodle');
        await client.bundles.forget({ plan });
        await expect.poll(() => gathered(bed.home)).toEqual([]);
        const everything = JSON.stringify({ summary, events, about });
        for (const { parts } of connections)
          for (const each of [parts.password, parts.token]) if (each) expect(everything).not.toContain(each);
      });
    });
  });

  describe('the command line', () => {
    const noodlebox = (args: readonly string[], env: NodeJS.ProcessEnv = bed.env) => run([...args, '--json'], env);

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
}

/** Folders of looks and pulls that are under way. */
async function spooled(home: string): Promise<string[]> {
  return (await readdir(join(home, 'spool'), { recursive: true })).filter((path) => /[/\\](bundle|pull)-/.test(path));
}

/** What lies on the disk of bundles that are not written. */
async function gathered(home: string): Promise<string[]> {
  return (await readdir(join(home, 'spool'), { recursive: true })).filter((path) => /[/\\]bundle-/.test(path));
}
