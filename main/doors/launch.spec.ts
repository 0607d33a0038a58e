import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createFakeCore } from '../../test/support/fake-core.ts';
import { takeLock } from '../home/lock.ts';
import { homePaths } from '../home/paths.ts';
import { browse, openWeb } from './launch.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'noodlebox-launch-'));
  await writeFile(join(home, 'index.html'), '<!doctype html>');
});
afterEach(() => rm(home, { recursive: true, force: true }));

const open = () => openWeb({ core: { ...createFakeCore(), home }, version: '1', folder: home });

describe('two windows on one data home', () => {
  test('the second is served by the app that runs, with a link of its own, and starts no second core', async () => {
    const first = await open();
    const second = await open();
    expect([first.door, second.door]).toEqual(['web', 'running']);
    expect(new URL(second.link).host).toBe(new URL(first.link).host);
    expect(second.link).not.toBe(first.link);
    expect((await fetch(second.link, { redirect: 'manual' })).status).toBe(303);
    expect((await stat(join(home, 'app.json'))).mode & 0o777).toBe(0o600);
    if (first.door === 'web') await first.close();
  });

  test('a home that is held by an app that cannot be asked is refused, naming the holder', async () => {
    const lock = await takeLock(homePaths(home).appLock, 'the app', 'home-locked');
    await expect(open()).rejects.toMatchObject({ problem: { code: 'home-locked', what: expect.stringContaining(String(process.pid)) } });
    await lock.release();
  });

  test('an app that has ended leaves nothing in the way of the next', async () => {
    for (let times = 0; times < 2; times++) {
      const opened = await open();
      expect(opened.door).toBe('web');
      if (opened.door === 'web') await opened.close();
    }
    await expect(stat(join(home, 'app.json'))).rejects.toThrow();
  });

  test('an app that was killed leaves a file that leads nowhere, and is passed over', async () => {
    await writeFile(join(home, 'app.json'), JSON.stringify({ pid: 1, port: 9, secret: 'old' }));
    const opened = await open();
    expect(opened.door).toBe('web');
    if (opened.door === 'web') await opened.close();
  });
});

describe.skipIf(process.platform !== 'linux')('the browser (its opener is a script here: Linux only)', () => {
  test('is given a page for this user only, so that the token stands in no command line', async () => {
    const told = join(home, 'told');
    await writeFile(join(home, 'xdg-open'), `#!/bin/sh\necho "$@" > '${told}.new'; mv '${told}.new' '${told}'\n`);
    await chmod(join(home, 'xdg-open'), 0o755);
    vi.stubEnv('PATH', `${home}:${process.env.PATH}`);
    try {
      await browse('http://127.0.0.1:1/enter?token=hidden', home, { DISPLAY: ':0' });
      const given = await vi.waitFor(() => readFile(told, 'utf8'));
      expect(given.trim()).toBe(join(home, 'open.html'));
      expect(await readFile(join(home, 'open.html'), 'utf8')).toContain('token=hidden');
      expect((await stat(join(home, 'open.html'))).mode & 0o777).toBe(0o600);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  test('is left alone where there is no display', async () => {
    await browse('http://127.0.0.1:1/enter?token=hidden', home, {});
    await expect(stat(join(home, 'open.html'))).rejects.toThrow();
  });
});
