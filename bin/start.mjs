/** `npm start`: installs what is missing, builds the window when its source is newer, then brings the stack up behind it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { installDependencies, isOutdated, pinnedNode, root, run } from './lib/checkout.mjs';

process.exitCode = await start(process.argv.slice(2));

async function start(args) {
  if (!(await installDependencies())) return 3;
  if (isOutdated(join(root, 'dist', 'renderer', 'index.html'), ['renderer', 'preload/contract', 'vite.config.ts', 'package-lock.json'])) {
    console.error('Building the window …');
    const vite = join(root, 'node_modules', 'vite', 'bin', 'vite.js');
    const { code } = await run(pinnedNode(), [vite, 'build', '--config', 'vite.config.ts', '--logLevel', 'warn']);
    if (code !== 0) return 1;
  }
  if (
    hasElectron() &&
    isOutdated(join(root, 'out', 'main', 'doors', 'electron', 'main.js'), [
      'main',
      'preload',
      'renderer',
      'compose',
      'seeds',
      'electron.vite.config.ts',
      'package-lock.json',
    ])
  ) {
    console.error('Building the desktop app …');
    const electronVite = join(root, 'node_modules', 'electron-vite', 'bin', 'electron-vite.js');
    const { code } = await run(pinnedNode(), [electronVite, 'build', '--logLevel', 'warn']);
    if (code !== 0) return 1;
  }
  const { code } = await run(pinnedNode(), [join(root, 'bin', 'noodlebox.mjs'), 'start', ...args]);
  return code;
}

function hasElectron() {
  return existsSync(join(root, 'node_modules', 'electron', 'path.txt'));
}
