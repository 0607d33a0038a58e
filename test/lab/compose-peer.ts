/** `docker compose`, to measure against and to prove that compose.yaml runs without us. */
import { access, glob, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { labCache } from './cache.ts';
import { unpackPackage } from './debian.ts';

/** Where it is, once it was made. */
export function composePeerPath(env: NodeJS.ProcessEnv): string {
  return join(labCache(env), 'docker-compose');
}

/** Debian's `docker-compose`: one static binary, unpacked into the cache and not installed. @returns its path */
export async function composePeer(env: NodeJS.ProcessEnv): Promise<string> {
  const path = composePeerPath(env);
  if (await exists(path)) return path;
  await mkdir(labCache(env), { recursive: true });
  const folder = await mkdtemp(join(labCache(env), 'compose-'));
  try {
    const root = await unpackPackage('docker-compose', folder, env);
    for await (const binary of glob('usr/{bin,libexec/docker/cli-plugins,lib/docker/cli-plugins}/docker-compose', { cwd: root })) {
      await rename(join(root, binary), path);
      return path;
    }
    throw new Error('the package docker-compose holds no docker-compose');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
