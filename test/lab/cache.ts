import { homedir } from 'node:os';
import { join } from 'node:path';

/** Where the lab keeps what it builds, once a machine. */
export function labCache(env: NodeJS.ProcessEnv = process.env): string {
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'noodlebox', 'lab');
}
