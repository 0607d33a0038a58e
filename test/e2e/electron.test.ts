/** The desktop app itself, where Electron's program and a display are to be had. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { _electron } from 'playwright-core';
import { expect, it } from 'vitest';
import { electronProgram } from '../../main/doors/launch.ts';
import { run } from '../lab/commands.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

it('opens one window without Node in its page, over the API of its own core', async (context) => {
  const program = electronProgram();
  if (!program) return context.skip("optional: Electron's program is not here (its package fetches it from the network)");
  if (process.platform === 'linux' && !process.env.DISPLAY && !process.env.WAYLAND_DISPLAY)
    return context.skip('optional: there is no display');
  await run(join(root, 'node_modules', '.bin', 'electron-vite'), ['build', '--logLevel', 'warn'], process.env, root);
  const home = await mkdtemp(join(tmpdir(), 'noodlebox-electron-'));
  const args = process.getuid?.() === 0 ? [root, '--no-sandbox'] : [root];
  const app = await _electron.launch({
    executablePath: program,
    args,
    env: { ...process.env, NOODLEBOX_HOME: home } as Record<string, string>,
  });
  try {
    const window = await app.firstWindow();
    await expect.poll(() => window.url()).toMatch(/^app:\/\/noodlebox\//);
    expect(await window.evaluate(() => [typeof Reflect.get(globalThis, 'require'), typeof Reflect.get(globalThis, 'process')])).toEqual([
      'undefined',
      'undefined',
    ]);
    await window.getByText('noodlebox', { exact: false }).first().waitFor();
    expect(app.windows()).toHaveLength(1);
  } finally {
    await app.close();
    await rm(home, { recursive: true, force: true });
  }
});
