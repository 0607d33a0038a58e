/**
 * Servers that refuse to run as root, when Noodlebox is root: they are given another identity.
 *
 * - A user namespace: inside it the process is user 1000, outside it stays root, and so do its files.
 * - Where the system allows none (most containers): user 65534 that owns the data, with the one
 *   capability to pass through folders that are root's alone, such as /root.
 *
 * Both `unshare` and `setpriv` (util-linux) become the program: its pid is the one that was started.
 */
import { chown, lchown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { runCommand } from './run-command.ts';

export interface Identity {
  /** What goes before the command. */
  readonly prefix: readonly string[];
  /** Who must own the data, as seen from outside. */
  readonly owner: { readonly uid: number; readonly gid: number };
}

const namespace: Identity = { prefix: ['unshare', '--user', '--map-user=1000', '--map-group=1000', '--'], owner: { uid: 0, gid: 0 } };

const nobody: Identity = {
  prefix: ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups', '--inh-caps=+dac_override', '--ambient-caps=+dac_override', '--'],
  owner: { uid: 65_534, gid: 65_534 },
};

export const rootsWays: readonly Identity[] = [namespace, nobody];

/**
 * The first way that works here; undefined for who is not root, and needs none.
 * @throws NoodleError server-missing when root has no way
 */
export async function ordinaryUser(title: string, ways: readonly Identity[] = rootsWays): Promise<Identity | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const way of ways) {
    const [command, ...args] = way.prefix;
    const tried = await runCommand([command!, ...args, 'true'], { timeout: limits.versionAnswer }).catch(() => undefined);
    if (tried?.code === 0) return way;
  }
  throw new NoodleError({
    code: 'server-missing',
    what: `${title} does not run as root.`,
    why: 'This system gives root neither a user namespace (unshare) nor a way to become another user (setpriv).',
    todo: 'Run Noodlebox as an ordinary user.',
  });
}

/** Makes a folder with all in it the identity's own; the folder itself last, so that a kill in between is seen and mended. */
export async function own(folder: string, { owner }: Identity): Promise<void> {
  const now = await stat(folder);
  if (now.uid === owner.uid && now.gid === owner.gid) return;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    await lchown(join(entry.parentPath, entry.name), owner.uid, owner.gid);
  }
  await chown(folder, owner.uid, owner.gid);
}
