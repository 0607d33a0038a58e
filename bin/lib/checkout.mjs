/** Where this checkout stands and what it has. Plain JavaScript for any Node from 18 on: it runs before anything is installed. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The Node that the package `node` brings; undefined before `npm ci`. */
export function pinnedNode() {
  const path = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  return existsSync(path) ? path : undefined;
}

/** The Node to run TypeScript with: this one when it can, else the pinned one. */
export function suitableNode() {
  return Number(process.versions.node.split('.')[0]) >= 24 ? process.execPath : pinnedNode();
}

/** Whether node_modules holds what package-lock.json names. Packages for other platforms, and optional ones, may be missing. */
export function dependenciesAreInstalled() {
  const installed = lockedVersions(join(root, 'node_modules', '.package-lock.json'));
  if (!installed || !pinnedNode()) return false;
  const wanted = lockedVersions(join(root, 'package-lock.json')) ?? {};
  return Object.entries(wanted).every(([path, { version, optional }]) => {
    const there = installed[path];
    return there ? there.version === version : optional;
  });
}

function lockedVersions(path) {
  try {
    const { packages } = JSON.parse(readFileSync(path, 'utf8'));
    const entries = Object.entries(packages).filter(([name]) => name !== '');
    return Object.fromEntries(
      entries.map(([name, { version, optional, devOptional }]) => [name, { version, optional: Boolean(optional || devOptional) }]),
    );
  } catch {
    return undefined;
  }
}

/** Installs the dependencies when they are missing or not those of package-lock.json. @returns false when npm failed */
export async function installDependencies() {
  if (dependenciesAreInstalled()) return true;
  console.error('Installing dependencies (npm ci) …');
  const { code } = await run(...npm('ci', '--no-fund', '--no-audit'));
  if (code === 0) return true;
  console.error('The dependencies could not be installed: see what npm says above. When the network is back, run the same command again.');
  return false;
}

/** The npm that started us, so that no other one is needed on the PATH. */
function npm(...args) {
  const script = process.env.npm_execpath;
  if (script?.endsWith('.js')) return [process.execPath, [script, ...args]];
  return [process.platform === 'win32' ? 'npm.cmd' : 'npm', args];
}

/** Whether a built file is missing or older than anything it is made from. */
export function isOutdated(built, sources) {
  if (!existsSync(built)) return true;
  const since = statSync(built).mtimeMs;
  return sources.some((source) => newest(join(root, source)) > since);
}

function newest(path) {
  const found = statSync(path, { throwIfNoEntry: false });
  if (!found) return 0;
  if (!found.isDirectory()) return found.mtimeMs;
  return Math.max(0, ...readdirSync(path).map((name) => newest(join(path, name))));
}

/**
 * Runs a command in the checkout with this process's input and output; signals given to us go on to it.
 * @returns its exit code; 128 + the signal's number when a signal ended it
 */
export function run(command, args, options = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: 'inherit', cwd: root, windowsHide: true, ...options });
    const forward = (signal) => child.kill(signal);
    const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
    for (const signal of signals) process.on(signal, forward);
    const end = (outcome) => {
      for (const signal of signals) process.off(signal, forward);
      resolve(outcome);
    };
    child.once('error', (error) => end({ code: 127, error }));
    child.once('close', (code, signal) => end({ code: code ?? 128 + (signalNumbers[signal] ?? 0) }));
  });
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
