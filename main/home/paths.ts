import { homedir } from 'node:os';
import { join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/** `NOODLEBOX_HOME`, else the OS's folder for application data. */
export function homeFolder(env: Env, platform: NodeJS.Platform = process.platform): string {
  if (env.NOODLEBOX_HOME) return env.NOODLEBOX_HOME;
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Noodlebox');
  if (platform === 'win32') return join(env.APPDATA ?? join(homedir(), 'AppData', 'Roaming'), 'Noodlebox');
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'noodlebox');
}

/** Where installed servers are kept: `NOODLEBOX_SERVERS`, else a folder of the user's cache. */
export function serversFolder(env: Env): string {
  return env.NOODLEBOX_SERVERS || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'noodlebox', 'servers');
}

/** The folders and files of one data home. */
export function homePaths(home: string) {
  const stack = (name: string) => join(home, 'stacks', name);
  return {
    settings: join(home, 'settings.json'),
    /** Held while an app with a window runs. */
    appLock: join(home, 'app.lock'),
    stacks: join(home, 'stacks'),
    stack,
    record: (name: string) => join(stack(name), 'stack.json'),
    credentials: (name: string) => join(stack(name), 'credentials.json'),
    /** Its compose file, where a window has given one. */
    compose: (name: string) => join(stack(name), 'compose.yaml'),
    /** What was learned of running instances; may be deleted at any time. */
    facts: (name: string) => join(stack(name), 'facts.json'),
    /** What was run and what was saved, in SQLite. */
    notebook: (name: string) => join(stack(name), 'notebook.sqlite'),
    /** Snapshots of the stack's data, a folder each. */
    snapshots: (name: string) => join(stack(name), 'snapshots'),
    /** Records of the physical backups of its PostgreSQL, a folder a service. */
    pitr: (name: string) => join(stack(name), 'pitr'),
    /** Backups of the stack, a file each. */
    backups: (name: string) => join(stack(name), 'backups'),
    /** Homes of the stacks that backups are tried in. */
    scratch: (name: string) => join(stack(name), 'scratch'),
    /** What it does by itself, and how that went. */
    schedule: (name: string) => join(stack(name), 'schedule.json'),
    /** Spooled results and files for windows, a folder a process. */
    spool: join(home, 'spool'),
    /** Imports that are under way, a folder each: what a killed one has made goes with the next command. */
    imports: join(home, 'imports'),
    /** Held while something changes the stack. */
    lock: (name: string) => join(stack(name), 'stack.lock'),
  };
}
export type HomePaths = ReturnType<typeof homePaths>;
