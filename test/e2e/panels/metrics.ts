import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import type { PanelStep } from './step.ts';

/** The panel with a search of its own. */
function open(page: Page, origin: string, search: Readonly<Record<string, unknown>> = {}) {
  const query = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) query.set(key, typeof value === 'string' ? value : JSON.stringify(value));
  return page.goto(`${origin}/metrics?${query}`);
}

const day = 86_400_000;
/** Long ago enough not to be in the last hour, and not so long that the bucket would not keep it. */
const typed = Math.floor(Date.now() / 1_000) * 1_000 - 3 * day;
const filed = `e2e_${typed}`;
const range = { start: typed, stop: typed + day };

/** Types into CodeMirror in place of all that stands there. */
async function type(page: Page, testId: string, text: string): Promise<void> {
  await page.getByTestId(testId).locator('.cm-content').click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

export const steps: readonly PanelStep[] = [
  {
    name: 'draws a measurement that was chosen, and asks again for what is dragged over',
    async act({ page, origin }) {
      await open(page, origin, { last: day });
      await page.getByRole('treeitem', { name: /network_metrics/ }).click();
      await page.getByRole('heading', { name: 'network_metrics by metric_name' }).waitFor();
      await page.getByRole('button', { name: 'latency_ms' }).waitFor();
      await page.getByTestId('metrics-draw-band').click();
      await expect.poll(() => page.getByTestId('metrics-points').textContent()).toMatch(/^[\d,]+ points as \d+ windows of 5 min/);
      const plot = page.locator('.u-over');
      const box = (await plot.boundingBox())!;
      await page.mouse.move(box.x + box.width * 0.3, box.y + 40);
      await page.mouse.down();
      await page.mouse.move(box.x + box.width * 0.5, box.y + 60, { steps: 4 });
      await page.mouse.up();
      await page.waitForURL(/start=\d+/);
      const dragged = new URL(page.url()).searchParams;
      expect(Number(dragged.get('stop')) - Number(dragged.get('start'))).toBeLessThan(day * 0.3);
      await page.getByRole('button', { name: 'Zoom out' }).click();
      await expect.poll(() => new URL(page.url()).searchParams.get('start')).not.toBe(dragged.get('start'));
      await page.goBack();
      await page.getByTestId('metrics-range').getByText('Last 24 hours').waitFor();
    },
  },
  {
    name: 'lets one node through by its tag, and shows how its latency is spread',
    async act({ page, origin }) {
      await open(page, origin, {
        bucket: 'noodle_metrics',
        measurement: 'network_metrics',
        last: day,
        filters: [{ key: 'metric_name', values: ['latency_ms'] }],
      });
      await page.getByRole('button', { name: 'node_id', exact: true }).click();
      await page.getByRole('listbox', { name: 'Values of node_id' }).getByRole('checkbox').first().check();
      await page.waitForURL(/node_id/);
      await page.getByTestId('metrics-draw-histogram').click();
      await page.getByText(/points in \d+ boxes/).waitFor();
      await page.getByTestId('metrics-draw-heat').click();
      await page.getByRole('figure', { name: 'How values are spread over time' }).locator('canvas').waitFor();
      await page.getByTestId('metrics-draw-table').click();
      await page.getByTestId('metrics-table').waitFor();
      await page.getByRole('button', { name: 'More', exact: true }).click();
      const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name: 'Export as CSV' }).click()]);
      expect(download.suggestedFilename()).toBe('network_metrics.csv');
    },
  },
  {
    name: 'refuses line protocol at the wrong line, writes it when it is right, and goes to the last data',
    async act({ page, origin }) {
      await open(page, origin, { tab: 'write' });
      await type(page, 'lines-editor', `e2e,city=Porto temperature=21.5 ${typed}\ne2e,city= temperature=22 ${typed}`);
      await page.getByText('The tag city has no value: leave it out.').waitFor();
      await expect.poll(() => page.getByRole('button', { name: /^Write/ }).isDisabled()).toBe(true);
      await type(page, 'lines-editor', `e2e,city=Porto temperature=21.5 ${typed}\ne2e,city=Faro temperature=24 ${typed}`);
      await page.getByRole('button', { name: 'Write 2 points' }).click();
      await page.getByText('2 points written to noodle_metrics.').waitFor();
      await open(page, origin, { bucket: 'noodle_metrics', measurement: 'e2e', group: ['city'] });
      await page.getByRole('button', { name: 'Go to the last data' }).click();
      await page.getByRole('button', { name: 'Porto' }).waitFor();
      await page.getByRole('button', { name: 'Faro' }).waitFor();
    },
  },
  {
    name: 'writes a file without its wrong line, which is told',
    async act({ page, origin, bed }) {
      await open(page, origin, { tab: 'write' });
      const lines = Array.from({ length: 6_000 }, (_, index) =>
        index === 41 ? 'no point' : `${filed},n=${index % 3} v=${index} ${typed + index * 1_000}`,
      );
      await page
        .locator('input[type=file]')
        .setInputFiles({ name: 'points.lp', mimeType: 'text/plain', buffer: Buffer.from(lines.join('\n')) });
      await page.getByTestId('lines-report').getByText('5,999 points written, 1 line left out.').waitFor();
      await page.getByText('no point').waitFor();
      // What was written may be seen later only, and the next task counts it once.
      const session = await bed.stack.session('influxdb', 'influxdb');
      const choice = { bucket: 'noodle_metrics', measurement: filed, fields: [], filters: [] };
      const written = async () => (await session.points.planDelete(choice, range, new AbortController().signal)).points;
      await expect.poll(written).toBe(5_999);
    },
  },
  {
    name: 'counts points before it deletes them by their tags',
    async act({ page, origin, bed }) {
      await open(page, origin, { bucket: 'noodle_metrics', measurement: filed, filters: [{ key: 'n', values: ['1'] }], ...range });
      await page.getByRole('button', { name: 'More', exact: true }).click();
      await page.getByRole('menuitem', { name: 'Delete these points…' }).click();
      await page.getByText(`_measurement="${filed}" AND "n"="1"`).waitFor();
      await page.getByRole('button', { name: 'Delete 2,000 points' }).click();
      await page.getByText('There are no such points in this range.').waitFor();
      const session = await bed.stack.session('influxdb', 'influxdb');
      const choice = { bucket: 'noodle_metrics', measurement: filed, fields: [], filters: [] };
      const { points } = await session.points.planDelete(choice, range, new AbortController().signal);
      expect(points).toBe(3_999);
    },
  },
  {
    name: 'runs a query by hand, is pointed at its mistake, and pages through what it gives',
    async act({ page, origin }) {
      await open(page, origin, { tab: 'flux' });
      await type(page, 'flux-editor', 'from(bucket: v.defaultBucket)\n  |> rnge(start: -1d)');
      await page.keyboard.press('Control+Enter');
      await page.getByRole('alert').getByText('Undefined identifier rnge.').waitFor();
      await page.getByTestId('flux-editor').locator('.cm-lintRange-error').getByText('rnge', { exact: true }).waitFor();
      await type(
        page,
        'flux-editor',
        'from(bucket: v.defaultBucket)\n  |> range(start: -1d)\n  |> filter(fn: (r) => r._measurement == "network_metrics")',
      );
      await page.keyboard.press('Control+Enter');
      await expect.poll(() => page.getByTestId('flux-rows').textContent()).toMatch(/^[\d,]{4,} rows$/);
      const grid = page.getByTestId('flux-grid');
      await grid.click();
      await page.keyboard.press('Control+End');
      await grid
        .getByText(/\d+\.\d+/)
        .first()
        .waitFor();
      await page.getByRole('listbox', { name: 'Queries that were run' }).getByText('Undefined identifier rnge.').first().waitFor();
      await page.getByText('Graph', { exact: true }).click();
      await page.locator('.u-over').waitFor();
    },
  },
  {
    name: 'pins a chart to a dashboard that is there again after a reload, beside those of Noodlebox',
    async act({ page, origin }) {
      await open(page, origin, { bucket: 'noodle_metrics', measurement: 'ai_metrics', group: ['metric_name'], last: 30 * day });
      await page.getByRole('button', { name: 'Pin' }).click();
      await page.getByLabel('Title').fill('All of the models');
      await page.getByLabel('Its name').fill('Watch');
      await page.getByRole('button', { name: 'Pin chart' }).click();
      await page.getByText('Pinned to Watch.').waitFor();
      await open(page, origin, { tab: 'boards', last: 30 * day });
      await page.getByRole('heading', { name: 'All of the models' }).waitFor();
      await page.getByRole('button', { name: 'accuracy' }).waitFor();
      await page.getByTestId('metrics-board').click();
      await page.getByRole('option', { name: 'Network' }).click();
      await page.getByRole('heading', { name: 'Latency by node' }).waitFor();
    },
  },
  {
    name: 'makes a bucket, keeps its points for another time, and deletes it',
    async act({ page, origin }) {
      const name = 'e2e "quoted" is refused';
      await open(page, origin, { tab: 'buckets' });
      await page.getByRole('button', { name: 'New bucket' }).click();
      await page.getByLabel('Name').fill(name);
      await page.getByText('InfluxDB takes no double quotes').waitFor();
      await page.getByLabel('Name').fill('e2e ✓');
      await page.getByRole('button', { name: 'Create bucket' }).click();
      const grid = page.getByTestId('buckets-grid');
      await grid.getByText('e2e ✓').click();
      await page.getByRole('button', { name: 'Retention…' }).click();
      await page.getByLabel('Points are kept').first().click();
      await page.getByRole('option', { name: '7 days' }).click();
      await page.getByRole('button', { name: 'Keep 7 d' }).click();
      await page.getByRole('dialog').waitFor({ state: 'hidden' });
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByText('The bucket e2e ✓, which is empty').waitFor();
      await page.getByRole('button', { name: 'Delete e2e ✓' }).click();
      await grid.getByText('e2e ✓').waitFor({ state: 'detached' });
    },
  },
];
