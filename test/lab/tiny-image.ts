/** A 2 MB image with nothing but a static busybox, for tests of the engine itself; made without any image registry. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pack } from 'tar-stream';
import type { EngineClient } from '../../main/runtime/docker/engine/client.ts';

const run = promisify(execFile);

export const tinyImage = 'noodlebox-test/tiny:2';
const applets = [
  'cat',
  'echo',
  'env',
  'false',
  'head',
  'id',
  'ln',
  'ls',
  'mkdir',
  'mv',
  'nc',
  'nslookup',
  'rm',
  'rmdir',
  'sh',
  'sleep',
  'stat',
  'sync',
  'test',
  'touch',
  'true',
  'wget',
  'yes',
];

/** Imports it into the engine unless it is there. @throws Error with the reason when no static busybox can be had */
export async function importTinyImage(engine: EngineClient): Promise<void> {
  const [repo, tag] = tinyImage.split(':');
  const images = await engine.json<unknown[]>({
    path: '/images/json',
    query: { filters: { reference: [tinyImage] } },
    doing: 'look for the tiny image',
  });
  if (images.length > 0) return;
  const query = { fromSrc: '-', repo, tag, changes: 'ENV PATH=/bin' };
  await engine.run({ method: 'POST', path: '/images/create', query, body: await tinyRoot(), doing: 'import the tiny image' });
}

/** The image's file system as a tar archive. */
export async function tinyRoot(): Promise<Buffer> {
  const archive = pack();
  for (const folder of ['bin', 'tmp', 'etc']) archive.entry({ name: `${folder}/`, type: 'directory', mode: 0o755 });
  archive.entry({ name: 'bin/busybox', mode: 0o755 }, await readFile(await staticBusybox()));
  for (const applet of applets) archive.entry({ name: `bin/${applet}`, type: 'symlink', linkname: 'busybox' });
  archive.finalize();
  const parts: Buffer[] = [];
  for await (const part of archive) parts.push(part as Buffer);
  return Buffer.concat(parts);
}

/** Out of Debian's busybox-static, kept in the cache. */
async function staticBusybox(): Promise<string> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'noodlebox', 'lab', 'busybox');
  const binary = join(cache, 'bin', 'busybox');
  if (await isThere(binary)) return binary;
  await mkdir(join(cache, '..'), { recursive: true });
  const work = await mkdtemp(`${cache}-`);
  try {
    await run('apt-get', ['download', 'busybox-static'], { cwd: work });
    const [deb = ''] = (await readdir(work)).filter((file) => file.endsWith('.deb'));
    await run('dpkg', ['-x', join(work, deb), join(work, 'root')]);
    await rm(cache, { recursive: true, force: true });
    await rename(join(work, 'root'), cache);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return (await isThere(binary)) ? binary : join(cache, 'usr', 'bin', 'busybox');
}

async function isThere(file: string): Promise<boolean> {
  return readFile(file).then(
    () => true,
    () => false,
  );
}
