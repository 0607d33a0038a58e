import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dependenciesAreInstalled, isOutdated, pinnedNode, root, run } from './checkout.mjs';
import { counts, filesToRunAgain } from './test-counts.mjs';
import { summary } from './test-summary.mjs';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-bin-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

type RunReport = Parameters<typeof counts>[0];
const report = (change: object) => ({ name: 'specs', passed: 0, failed: 0, failures: [], skipped: [], again: [], ...change });

describe('the end of a test run', () => {
  test('counts all of it in its last line', () => {
    const text = summary([report({ passed: 3 }), report({ passed: 1, failed: 2, failures: ['a', 'b'] })], false);
    expect(text.split('\n').at(-1)).toBe('4 passed, 2 failed, 0 skipped');
    expect(text).toContain('Failed:\n  a\n  b\n');
  });

  test('lists what was skipped with its reason, and says so when there is none', () => {
    const skipped = [
      { name: 'it pings', reason: 'no Redis on this machine' },
      { name: 'it sleeps', reason: '' },
    ];
    const text = summary([report({ skipped })], false);
    expect(text).toContain('Skipped:\n  it pings: no Redis on this machine\n  it sleeps: gives no reason\n');
    expect(text).toMatch(/0 passed, 0 failed, 2 skipped$/);
  });

  test('where everything is required, only what is optional may be skipped', () => {
    const reports = [
      report({
        skipped: [
          { name: 'it pings', reason: 'no Redis' },
          { name: 'it opens', reason: 'optional: no display' },
        ],
      }),
    ];
    expect(summary(reports, true)).toMatch(/0 passed, 1 failed, 1 skipped$/);
    expect(reports[0]!.failed).toBe(1);
  });
});

describe("vitest's reporter", () => {
  test('counts tests, files that broke, and reasons of skipping', async () => {
    await writeFile(
      join(folder, 'a.test.mjs'),
      `import { test } from '${join(root, 'node_modules/vitest/dist/index.js')}';
       test('passes', () => {});
       test('fails', () => { throw new Error('no'); });
       test('is skipped', (it) => it.skip('for a reason'));`,
    );
    await writeFile(join(folder, 'b.test.mjs'), 'throw new Error("broken");');
    const told = join(folder, 'report.json');
    const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
    const args = [vitest, 'run', '--root', folder, '--reporter', join(root, 'bin', 'lib', 'test-report.mjs')];
    await promisify(execFile)(process.execPath, args, {
      cwd: folder,
      env: { ...process.env, NOODLEBOX_TEST_REPORT: told },
    }).catch(() => {});
    const written = JSON.parse(await readFile(told, 'utf8')) as RunReport;
    const { passed, failed, failures, skipped } = counts(written);
    expect({ passed, failed, skipped }).toEqual({
      passed: 1,
      failed: 2,
      skipped: [{ name: 'a.test.mjs > is skipped', reason: 'for a reason' }],
    });
    expect(failures).toEqual(expect.arrayContaining(['a.test.mjs > fails: no', expect.stringContaining('broken')]));
    expect(filesToRunAgain(written).toSorted()).toEqual(['a.test.mjs', 'b.test.mjs']);
  });
});

describe('files that are run again', () => {
  const file = (name: string, failed: number) => ({
    file: name,
    passed: 1,
    failed,
    failures: failed ? [`${name} > a test: why`] : [],
    skipped: [],
  });
  const run = (...files: ReturnType<typeof file>[]) => ({ files, errors: [] });

  test('count as they came out then, and what failed at first is told', () => {
    expect(counts(run(file('a', 1), file('b', 0)), run({ ...file('a', 0), passed: 2 }))).toEqual({
      passed: 3,
      failed: 0,
      failures: [],
      skipped: [],
      again: ['a > a test: why'],
    });
  });

  test('have failed when they fail again', () => {
    expect(counts(run(file('a', 1)), run(file('a', 1)))).toMatchObject({ failed: 1, failures: ['a > a test: why'], again: [] });
  });

  test('are none when many failed, or something outside of any file', () => {
    expect(filesToRunAgain(run(file('a', 1), file('b', 1), file('c', 1)))).toEqual([]);
    expect(filesToRunAgain({ ...run(file('a', 1)), errors: ['unhandled'] })).toEqual([]);
  });
});

describe('the checkout', () => {
  test('knows that its dependencies are those of the lockfile, and the Node they bring', () => {
    expect(dependenciesAreInstalled()).toBe(true);
    expect(pinnedNode()).toContain(join('node_modules', 'node'));
  });

  test('a built file is outdated once a source is newer, or when it is missing', async () => {
    const built = join(folder, 'index.html');
    expect(isOutdated(built, ['package.json'])).toBe(true);
    await writeFile(built, '');
    expect(isOutdated(built, ['package.json', 'nowhere'])).toBe(false);
    await utimes(built, 0, 0);
    expect(isOutdated(built, ['preload/contract'])).toBe(true);
  });

  test('passes exit codes on, 127 for a program that is not there', async () => {
    expect(await run(process.execPath, ['-e', 'process.exit(3)'])).toEqual({ code: 3 });
    expect(await run(process.execPath, ['-e', 'process.kill(process.pid, "SIGTERM")'])).toEqual({ code: 143 });
    expect(await run(join(folder, 'nothing'), [])).toMatchObject({ code: 127 });
  });
});
