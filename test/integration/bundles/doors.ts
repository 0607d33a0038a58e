/** Bundles from a window and from the command line. */
import { existsSync } from 'node:fs';
import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import { describe, expect, it } from 'vitest';
import { createRouter } from '../../../main/api/router.ts';
import { createTasks } from '../../../main/core/tasks.ts';
import { noodlebox as run } from '../../support/cli.ts';
import { bed, folder, lacks, user } from './bed.ts';

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

/** What lies on the disk of bundles that are not written. */
async function gathered(home: string): Promise<string[]> {
  return (await readdir(join(home, 'spool'), { recursive: true })).filter((path) => /[/\\]bundle-/.test(path));
}
