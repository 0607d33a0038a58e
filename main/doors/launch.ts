/** Opens the window: in Electron where it is to be had, else over the web door; one app a data home. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createRouter } from '../api/router.ts';
import type { Core, Tasks } from '../core/core.ts';
import { createTasks } from '../core/tasks.ts';
import { asNoodleError } from '../errors.ts';
import { readText, writeFileAtomic } from '../home/files.ts';
import { takeLock } from '../home/lock.ts';
import { homePaths } from '../home/paths.ts';
import { openWebDoor, type WebDoor } from './web/server.ts';

/** The built window. */
export const windowFolder = fileURLToPath(new URL('../../dist/renderer/', import.meta.url));
const root = fileURLToPath(new URL('../../', import.meta.url));

export type Opened =
  | { readonly door: 'web'; readonly link: string; readonly tasks: Tasks; close(): Promise<void> }
  /** Another process of this home has the app; its own link for us. */
  | { readonly door: 'running'; readonly link: string };

export interface OpenWeb {
  readonly core: Core;
  readonly port?: number;
  readonly version: string;
  /** The built window; default: the checkout's. */
  readonly folder?: string;
}

/** @throws NoodleError home-locked when an app that cannot be asked holds the home */
export async function openWeb({ core, port, version, folder = windowFolder }: OpenWeb): Promise<Opened> {
  const paths = homePaths(core.home);
  const file = join(core.home, 'app.json');
  const lock = await takeLock(paths.appLock, 'the app', 'home-locked').catch(async (error: unknown) => {
    const link = await linkFromRunning(file);
    if (link) return { link };
    throw error;
  });
  if ('link' in lock) return { door: 'running', link: lock.link };
  let door: WebDoor | undefined;
  try {
    const tasks = createTasks();
    door = await openWebDoor({ router: createRouter({ core, tasks, door: 'web', version }), shelf: core.shelf, folder, port });
    await writeFileAtomic(file, JSON.stringify({ pid: process.pid, port: door.port, secret: door.secret }), 0o600);
    const opened = door;
    return {
      door: 'web',
      link: opened.link(),
      tasks,
      async close() {
        await opened.close();
        await rm(file, { force: true });
        await lock.release();
      },
    };
  } catch (error) {
    await door?.close();
    await lock.release();
    throw asNoodleError(error);
  }
}

/** Asks the app that runs for a link, with the secret that only this user can read. */
async function linkFromRunning(file: string): Promise<string | undefined> {
  try {
    const { port, secret } = JSON.parse((await readText(file)) ?? '{}') as { port?: number; secret?: string };
    const response = await fetch(`http://127.0.0.1:${port}/link`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${secret}` },
      signal: AbortSignal.timeout(3_000),
    });
    return ((await response.json()) as { link?: string }).link;
  } catch {
    return undefined;
  }
}

/** What to open the desktop window with: a built app, a display, and Electron's program; undefined where one lacks. */
export function electronBinary(env: NodeJS.ProcessEnv): string | undefined {
  const built = existsSync(join(root, 'out', 'main', 'doors', 'electron', 'main.js'));
  return built && hasDisplay(env) ? electronProgram() : undefined;
}

/** Electron's program, where its package has fetched one. */
export function electronProgram(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('electron/package.json'));
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8').trim());
    return existsSync(program) ? program : undefined;
  } catch {
    return undefined;
  }
}

/** Hands over to Electron. @returns its exit code, once its window is closed */
export function runElectron(binary: string, args: readonly string[]): Promise<number> {
  const child = spawn(binary, [root, ...args], { stdio: 'inherit' });
  return new Promise((resolve, reject) => child.once('error', reject).once('exit', (code) => resolve(code ?? 1)));
}

/**
 * Shows a link in the person's browser, where there is a display. The one-time token must not stand in a
 * command line that every user of the machine can list: the browser is given a page that only this user can
 * read, and that leads on.
 */
export async function browse(link: string, home: string, env: NodeJS.ProcessEnv): Promise<void> {
  if (!hasDisplay(env) || env.NOODLEBOX_NO_BROWSER) return;
  const page = join(home, 'open.html');
  await writeFileAtomic(
    page,
    `<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0;url=${link}"><title>Noodlebox</title>`,
    0o600,
  );
  const [command, ...args] = browserCommand(page);
  const child = spawn(command, args, { stdio: 'ignore', detached: true });
  child.once('error', () => {}).unref();
  setTimeout(() => void rm(page, { force: true }), browserStart).unref();
}

/** The page for the browser is deleted after this time (ms); its link is of no use by then. */
const browserStart = 20_000;

function browserCommand(page: string): [command: string, ...args: string[]] {
  switch (process.platform) {
    case 'darwin':
      return ['open', page];
    case 'win32':
      return ['explorer.exe', page];
    default:
      return ['xdg-open', page];
  }
}

function hasDisplay(env: NodeJS.ProcessEnv): boolean {
  return process.platform !== 'linux' || Boolean(env.DISPLAY || env.WAYLAND_DISPLAY);
}
