/**
 * Prepares this machine for tests and benches, once:
 *   node test/lab/lab.ts images        the five lab images
 *   node test/lab/lab.ts compose-peer  docker compose, to measure against; prints its path
 */
import { access, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { labCache } from './cache.ts';
import { output, run } from './commands.ts';
import { ensureEngine } from './engine.ts';
import { buildImages } from './images/build.ts';

const act = process.argv[2];
if (act === 'images') await images();
else if (act === 'compose-peer') console.log(await composePeer());
else throw new Error('node test/lab/lab.ts images|compose-peer');

async function images(): Promise<void> {
  const engine = await ensureEngine();
  if (engine.state === 'missing') throw new Error(engine.reason);
  try {
    await buildImages({ ...process.env, ...(engine.host ? { DOCKER_HOST: engine.host } : {}) }, (line) => console.log(line));
  } finally {
    await engine.stop();
  }
}

/** Debian's `docker-compose` of trixie: one static binary, unpacked and not installed. */
async function composePeer(): Promise<string> {
  const path = join(labCache(), 'docker-compose');
  if (
    await access(path).then(
      () => true,
      () => false,
    )
  )
    return path;
  await mkdir(labCache(), { recursive: true });
  const folder = await mkdtemp(join(labCache(), 'compose-'));
  try {
    const sites = await output('apt-get', ['indextargets', '--format', '$(RELEASE) $(SITE)'], process.env);
    const site = /^bookworm (\S+)/m.exec(sites)?.[1];
    const list = join(folder, 'trixie.list');
    await writeFile(list, `deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${site} trixie main\n`);
    await mkdir(join(folder, 'lists', 'partial'), { recursive: true });
    const options = [
      '-o',
      `Dir::Etc::SourceList=${list}`,
      '-o',
      'Dir::Etc::SourceParts=-',
      '-o',
      `Dir::State::Lists=${join(folder, 'lists')}`,
      '-o',
      'Dir::Cache::pkgcache=',
      '-o',
      'Dir::Cache::srcpkgcache=',
    ];
    await run('apt-get', [...options, 'update', '-qq'], process.env);
    await run('apt-get', [...options, 'download', 'docker-compose'], process.env, folder);
    const deb = (await readdir(folder)).find((name) => name.endsWith('.deb'));
    if (!deb) throw new Error('apt-get downloaded nothing');
    await run('dpkg', ['-x', join(folder, deb), join(folder, 'root')], process.env);
    const binary = (await output('find', [join(folder, 'root'), '-type', 'f', '-perm', '-u+x', '-name', 'docker-compose'], process.env))
      .trim()
      .split('\n')[0];
    await rename(binary!, path);
    return path;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
