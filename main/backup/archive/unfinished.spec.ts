import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readOpenHeader } from './read.ts';
import { clearUnfinished, unfinishedName } from './unfinished.ts';
import { writeArchive } from './write.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-unfinished-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Begins to write an archive, says so, and never comes to its end. */
const endless = `
  const { writeArchive } = await import(${JSON.stringify(new URL('./write.ts', import.meta.url).href)});
  const options = { kind: 'bundle', open: {}, about: {}, encryption: { kind: 'none' }, signal: new AbortController().signal };
  await writeArchive(process.argv[1], options, async (put) => {
    process.stdout.write('writing');
    await put('redis/keys', (async function* () { for (;;) { yield Buffer.alloc(1000); await new Promise(setImmediate); } })());
  });`;

async function killedWhileWriting(file: string, meanwhile: () => Promise<void> = async () => {}): Promise<void> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', endless, file], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  await meanwhile();
  child.kill('SIGKILL');
  await ended;
}

async function write(file: string): Promise<void> {
  const options = { kind: 'bundle', open: {}, about: {}, encryption: { kind: 'none' }, signal: new AbortController().signal } as const;
  await writeArchive(file, options, async (put) => void (await put('redis/keys', [Buffer.from('whole')])));
}

const left = async () => (await readdir(folder)).filter((name) => name.endsWith('.unfinished'));

it('what a killed process left of a file goes when that file is written again, and not while it is alive', async () => {
  const file = join(folder, 'bug.noodle');
  await killedWhileWriting(file, async () => {
    await write(file);
    expect(await left()).toHaveLength(1);
  });
  expect(await left()).toHaveLength(1);
  await write(join(folder, 'other.noodle'));
  expect(await left()).toHaveLength(1);
  await write(file);
  expect((await readdir(folder)).sort()).toEqual(['bug.noodle', 'other.noodle']);
  expect((await readOpenHeader(file, 'bundle')).header.parts).toBe(1);
});

it('a pid that is another process by now does not keep what its first one left', async () => {
  const file = join(folder, 'bug.noodle');
  await killedWhileWriting(file);
  const [name] = await left();
  await rename(join(folder, name!), join(folder, name!.replace(/\.\d+-/, `.${process.pid}-`)));
  await write(file);
  expect(await left()).toEqual([]);
});

it('nothing else is removed: what another machine writes, what is no file, what is only called alike', async () => {
  const own = await unfinishedName('bug.noodle');
  // No process has this pid: Linux ends below 2^22.
  const gone = own.replace(/\.\d+-/, '.99999999-');
  const elsewhere = gone.replace(/-[0-9a-f]{8}-/, '-00000000-');
  const alike = ['.bug.noodle.99999999-0000.unfinished', '.bug.noodle.unfinished', gone.slice(1), `${gone}.old`];
  for (const name of [own, elsewhere, ...alike]) await writeFile(join(folder, name), '');
  const directory = gone.replace(/-[0-9a-f]{4}\.unf/, '-0000.unf');
  await mkdir(join(folder, directory));
  const before = (await readdir(folder)).sort();
  await writeFile(join(folder, gone), '');
  await clearUnfinished(folder, () => true);
  expect((await readdir(folder)).sort()).toEqual(before);
});
