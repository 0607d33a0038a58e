import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeFileAtomic } from './files.ts';
import { takeLock } from './lock.ts';
import { homePaths } from './paths.ts';
import { defaultSettings, readSettings, writeSettings } from './settings.ts';
import { readCredentials, readStackRecord, writeCredentials } from './stack-record.ts';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'noodlebox-home-'));
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('files of the data home', () => {
  it('are replaced as a whole and leave no temporary file behind', async () => {
    const path = join(home, 'a', 'file.json');
    await writeFileAtomic(path, 'one');
    await writeFileAtomic(path, 'two');
    expect(await readFile(path, 'utf8')).toBe('two');
    expect(await readdir(join(home, 'a'))).toEqual(['file.json']);
  });

  it('that hold credentials are readable by their owner only', async () => {
    const paths = homePaths(home);
    await writeCredentials(paths, 'box', { NOODLEBOX_X: 'secret' });
    expect((await stat(paths.credentials('box'))).mode & 0o777).toBe(0o600);
    expect(await readCredentials(paths, 'box')).toEqual({ NOODLEBOX_X: 'secret' });
  });
});

describe('settings', () => {
  it('that cannot be understood are kept aside, named, and replaced by defaults', async () => {
    const path = join(home, 'settings.json');
    await writeFile(path, '{"theme": "plaid"}');
    const { settings, notice } = await readSettings(path);
    expect(settings).toEqual(defaultSettings);
    const [aside] = await readdir(home);
    expect(notice).toContain(join(home, aside!));
    expect(await readFile(join(home, aside!), 'utf8')).toBe('{"theme": "plaid"}');
  });

  it('come back as they were written', async () => {
    const path = join(home, 'settings.json');
    await writeSettings(path, { ...defaultSettings, theme: 'dark' });
    expect(await readSettings(path)).toEqual({ settings: { ...defaultSettings, theme: 'dark' }, notice: undefined });
  });
});

describe('a stack record', () => {
  it('that cannot be understood is an error that names it, and stays where it is', async () => {
    const paths = homePaths(home);
    await writeFileAtomic(paths.record('box'), '{"runtime": "moon"');
    await expect(readStackRecord(paths, 'box')).rejects.toMatchObject({
      code: 'file-unreadable',
      message: expect.stringContaining(paths.record('box')),
    });
    expect(await readFile(paths.record('box'), 'utf8')).toBe('{"runtime": "moon"');
  });
});

describe('a lock', () => {
  it('is held by one at a time, names its holder, and is free again once released', async () => {
    const path = join(home, 'stack.lock');
    const lock = await takeLock(path, 'up', 'stack-busy');
    await expect(takeLock(path, 'down', 'stack-busy')).rejects.toMatchObject({
      code: 'stack-busy',
      message: expect.stringContaining(`process ${process.pid}`),
    });
    await lock.release();
    await (await takeLock(path, 'down', 'stack-busy')).release();
    expect(await readdir(home)).toEqual(['stack.lock']);
  });

  it('goes with its process, and is taken by exactly one of many that wait for it', async () => {
    const path = join(home, 'stack.lock');
    const script = `import { takeLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
      await takeLock(${JSON.stringify(path)}, 'up', 'stack-busy'); console.log('taken'); setInterval(() => {}, 1000);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    await expect(takeLock(path, 'down', 'stack-busy')).rejects.toMatchObject({ message: expect.stringContaining(`process ${child.pid}`) });
    child.kill('SIGKILL');
    await once(child, 'exit');
    const takers = await Promise.allSettled(Array.from({ length: 8 }, () => takeLock(path, 'down', 'stack-busy')));
    expect(takers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });
});
