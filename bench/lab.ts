/** What benches need of this machine: an engine, the lab's images, and a home of their own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
export const cli = join(root, 'bin', 'noodlebox.mjs');
export const composeFile = join(root, 'compose', 'compose.yaml');

/** A data home that is gone afterwards. */
export async function withHome<T>(act: (home: string) => Promise<T>): Promise<T> {
  const home = await mkdtemp(join(tmpdir(), 'noodlebox-bench-'));
  try {
    return await act(home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}
