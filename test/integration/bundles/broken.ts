/** What is no whole bundle makes no stack, and neither does what ends in the middle. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '../../../preload/contract/models.ts';
import { quietRun } from '../../lab/stack-bed.ts';
import { all, bed, coreOf, folder, lacks, problemOf, pulled, rewritten, taken, user } from './bed.ts';
import type { ImportOrder } from './child.ts';

const child = fileURLToPath(new URL('child.ts', import.meta.url));

export function brokenBundles(): void {
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
      const core = await coreOf({ ...bed.env, NOODLEBOX_PULL_DATABASE_URL: (await bed.stack.connection('postgres')).url });
      const { file, parts, about } = await pulled(core, { ...all, ids: [user], rules: 'children: none' });
      const name = `${bed.name}-gone`;
      const to = { stack: name, runtime: 'native', install: false } as const;
      const short = {
        ...about,
        services: about.services.map((each) => ({ ...each, counts: each.counts.map((count) => ({ ...count, rows: count.rows + 1 })) })),
      };
      expect(
        (await problemOf(core.bundles.import({ file: await rewritten(file, short, parts), keys: {} }, to, quietRun()))).what,
      ).toContain('Not all of the bundle arrived in postgres');
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
      const core = await coreOf({ ...bed.env, NOODLEBOX_PULL_DATABASE_URL: (await bed.stack.connection('postgres')).url });
      const { file } = await pulled(core, { ...all, ids: [user], rules: 'children: none' });
      await core.close();
      const name = `${bed.name}-killed`;
      // What a schedule made again is no stack.
      await mkdir(join(bed.home, 'stacks', name));
      await writeFile(join(bed.home, 'stacks', name, 'schedule.json'), '{"format":1,"jobs":[],"results":[]}');
      const process_ = spawn(process.execPath, [child], { env: bed.env, stdio: ['pipe', 'ignore', 'inherit'] });
      process_.stdin.end(JSON.stringify({ file, stack: name, at, state } satisfies ImportOrder));
      const [, signal] = await once(process_, 'exit');
      expect(signal).toBe('SIGKILL');
      expect(existsSync(join(bed.home, 'stacks', name))).toBe(true);
      const next = await coreOf(bed.env);
      expect((await next.stacks()).map(({ name: each }) => each)).not.toContain(name);
      await next.close();
      await untouched(name);
    });
  });
}

/** No folder, no process, no note. */
async function untouched(name: string): Promise<void> {
  expect(existsSync(join(bed.home, 'stacks', name)), `the folder of ${name}`).toBe(false);
  expect(await readdir(join(bed.home, 'imports')).catch(() => [])).toEqual([]);
  const lines = await Promise.all(
    (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid)).map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  expect(lines.filter((line) => line.includes(join(bed.home, 'stacks', name)))).toEqual([]);
}
