import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { panelNames, serviceKindNames } from '../../preload/contract/kinds.ts';
import { steps as bundles } from './panels/bundles.ts';
import { steps as cache } from './panels/cache.ts';
import { steps as documents } from './panels/documents.ts';
import { steps as metrics } from './panels/metrics.ts';
import { steps as snapshots } from './panels/snapshots.ts';
import { steps as sql } from './panels/sql.ts';
import { steps as topics } from './panels/topics.ts';
import { openWindow, type WindowBed, windowLacks } from './window-bed.ts';

const panels = { sql, cache, topics, documents, metrics };
/** Only some panels' tasks (`sql,cache`), or one runtime's, while they are worked on. */
const { NOODLEBOX_TEST_PANEL: onlyPanel, NOODLEBOX_TEST_RUNTIME: onlyRuntime } = process.env;
const runtimes = (['docker', 'native'] as const).filter((runtime) => !onlyRuntime || runtime === onlyRuntime);

describe.each(onlyPanel === 'bundles' ? [] : runtimes)('the window of a stack on %s', async (runtime) => {
  const lacks = await windowLacks(runtime);
  let window: WindowBed;
  let page: Page;

  beforeAll(async () => {
    if (lacks) return;
    window = await openWindow(runtime);
    page = window.page;
  });
  afterAll(() => window?.close());
  const step = (name: string, act: () => Promise<void>, timeout?: number) =>
    it(name, (context) => (lacks ? context.skip(lacks) : act()), timeout);
  const state = (service: string) => page.getByTestId(`service-card-${service}`).getByTestId('state');

  for (const panel of panelNames) {
    if (onlyPanel && !onlyPanel.split(',').includes(panel)) continue;
    for (const { name, act } of panels[panel]) step(`${panel}: ${name}`, () => act(window));
  }
  // Once: it takes the whole stack down and up.
  if (runtime === 'native' && (!onlyPanel || onlyPanel.split(',').includes('snapshots'))) {
    for (const { name, act } of snapshots) step(`snapshots: ${name}`, () => act(window), 400_000);
  }
  if (onlyPanel) return;

  step('follows an example id through all stores, and opens what was found in its panel', async () => {
    await page.getByRole('link', { name: 'Trace' }).click();
    await page.getByRole('button', { name: 'Trace a compilation job' }).click();
    for (const [kind, place] of [
      ['postgres', 'compilation_jobs'],
      ['pulsar', 'compilation-events'],
      ['influxdb', 'compilation_metrics'],
    ] as const) {
      await expect.poll(() => page.getByTestId(`trace-${kind}`).innerText(), { timeout: 60_000 }).toContain(place);
    }
    await page.getByTestId('trace-postgres').getByRole('button').first().click();
    await page.getByRole('button', { name: 'Open in SQL' }).click();
    await expect.poll(() => new URL(page.url()).pathname, { timeout: 30_000 }).toBe('/sql');
    await page.goBack();
    await expect.poll(() => page.getByTestId('trace-postgres').innerText(), { timeout: 60_000 }).toContain('compilation_jobs');
  });

  step('finds a collection by its name in the palette, and opens it', async () => {
    await page.keyboard.press('Control+k');
    await page.getByPlaceholder('Type what to do or where to go').fill('project_doc');
    await page.getByText('project_documents').first().click();
    await expect.poll(() => new URL(page.url()).pathname, { timeout: 30_000 }).toBe('/documents');
    await expect.poll(() => page.url()).toContain('project_documents');
  });

  for (const service of serviceKindNames) {
    step(`stops and starts ${service} by its card, and shows both happen`, async () => {
      if (new URL(page.url()).pathname !== '/') await page.getByRole('link', { name: 'Overview' }).click();
      const card = page.getByTestId(`service-card-${service}`);
      await expect.poll(() => state(service).innerText(), { timeout: 90_000 }).toMatch(/healthy/i);
      await card.getByTestId('stop').click();
      await expect.poll(() => state(service).innerText(), { timeout: 90_000 }).toMatch(/stopped/i);
      await expect
        .poll(async () => (await window.bed.stack.status(undefined, { usage: false })).services.find(({ name }) => name === service)?.state)
        .toBe('stopped');
      await card.getByTestId('start').click();
      await expect.poll(() => state(service).innerText(), { timeout: 180_000 }).toMatch(/healthy/i);
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

// A bundle becomes a second stack: two servers each are enough to see it happen.
if (runtimes.includes('native') && (!onlyPanel || onlyPanel.split(',').includes('bundles'))) {
  describe('bundles in the window of a stack of two servers', async () => {
    const lacks = await windowLacks('native', ['postgres', 'redis']);
    let window: WindowBed;

    beforeAll(async () => {
      if (!lacks) window = await openWindow('native', ['postgres', 'redis']);
    });
    afterAll(() => window?.close());
    for (const { name, act } of bundles) it(name, (context) => (lacks ? context.skip(lacks) : act(window)));
  });
}
