import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { findChromium, launchChromium } from '../lab/browser.ts';
import { run } from '../lab/commands.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The built window in a real browser, over the web door of a real core, on real servers. */
describe.each(['docker', 'native'] as const)('the window of a stack on %s', async (runtime) => {
  const lacks =
    (await lacking(runtime, serviceKindNames)) ?? (findChromium() ? undefined : 'no Chromium is installed (apt-get install chromium)');
  let bed: StackBed;
  let core: ChildProcess;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    if (lacks) return;
    await run(`${root}node_modules/.bin/vite`, ['build', '--config', 'vite.config.ts', '--logLevel', 'warn'], process.env, root);
    bed = await makeStack(runtime);
    await bed.stack.up([], { seed: true, install: false }, quietRun());
    core = spawn(process.execPath, [`${root}bin/noodlebox.mjs`, 'open', '--web', '--json', '--stack', bed.name], {
      env: bed.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(createInterface({ input: core.stdout! }), 'line')) as [string];
    browser = await launchChromium();
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    await page.goto((JSON.parse(line) as { url: string }).url);
  });
  afterAll(async () => {
    await browser?.close();
    if (core?.exitCode === null) {
      core.kill('SIGINT');
      await once(core, 'exit');
    }
    await bed?.clear();
  });
  const step = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));
  const state = (service: string) => page.getByTestId(`service-card-${service}`).getByTestId('state');

  for (const service of serviceKindNames) {
    step(`stops and starts ${service} by its card, and shows both happen`, async () => {
      const card = page.getByTestId(`service-card-${service}`);
      await expect.poll(() => state(service).innerText(), { timeout: 30_000 }).toMatch(/healthy/i);
      await card.getByTestId('stop').click();
      await expect.poll(() => state(service).innerText(), { timeout: 60_000 }).toMatch(/stopped/i);
      expect((await bed.stack.status()).services.find(({ name }) => name === service)?.state).toBe('stopped');
      await card.getByTestId('start').click();
      await expect.poll(() => state(service).innerText(), { timeout: 90_000 }).toMatch(/healthy/i);
    });
  }

  step('shows what the stores hold', async () => {
    await page.getByText('compilation_jobs', { exact: false }).first().waitFor();
    await expect.poll(() => page.getByText('5,000').count()).toBeGreaterThan(0);
  });

  step('shows the lines of all services and narrows them by text', async () => {
    await page.getByRole('link', { name: 'Logs' }).first().click();
    const list = page.getByTestId('logs-list');
    await page.getByRole('button', { name: 'postgres' }).click();
    await expect.poll(() => list.innerText(), { timeout: 30_000 }).toContain('postgres');
    await page.getByTestId('logs-filter').fill('ready to accept connections');
    await expect
      .poll(async () => (await list.innerText()).toLowerCase().includes('ready to accept connections'), { timeout: 30_000 })
      .toBe(true);
  });
});
