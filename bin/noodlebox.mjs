#!/usr/bin/env node
/** The `noodlebox` command: finds a Node that runs TypeScript, then hands over to main/noodlebox.ts. */
import module from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pinnedNode, root, run, suitableNode } from './lib/checkout.mjs';

const node = suitableNode();
if (!pinnedNode() || !node) {
  console.error(`Noodlebox's dependencies are not installed: run \`npm ci\` in ${root}.`);
  process.exitCode = 3;
} else if (node === process.execPath) {
  module.enableCompileCache(join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'noodlebox', 'compiled'));
  const { main } = await import('../main/noodlebox.ts');
  await main();
} else {
  const { code } = await run(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { cwd: process.cwd() });
  process.exitCode = code;
}
