/** Tasks of a person in the cache panel, on the seeded stack. */
import type { Page } from 'playwright-core';
import { expect } from 'vitest';
import { openRedis, type RedisClient } from '../../../main/services/redis/client.ts';
import type { PanelStep, PanelWindow } from './step.ts';

async function onServer<T>({ bed }: PanelWindow, act: (client: RedisClient) => Promise<T>): Promise<T> {
  const client = await openRedis(await bed.stack.connection('redis'));
  try {
    return await act(client);
  } finally {
    await client.close();
  }
}

async function openPanel({ page, origin }: PanelWindow, search = ''): Promise<void> {
  await page.goto(`${origin}/cache${search}`);
  await page.getByTestId('cache-panel').waitFor();
}

const row = (page: Page, name: string | RegExp) => page.getByTestId('key-tree').getByRole('treeitem', { name }).first();
const dialog = (page: Page) => page.getByRole('dialog');

export const steps: readonly PanelStep[] = [
  {
    name: 'a session is found in the tree and read for what it is',
    async act(window) {
      const { page } = window;
      await openPanel(window);
      await page
        .getByTestId('scanned')
        .getByText(/^Scanned (\S+) of \1$/)
        .waitFor();
      await row(page, /^session/).click();
      await page.getByTestId('key-tree').getByRole('treeitem', { level: 2 }).first().click();
      const card = page.getByTestId('typed-view');
      await card.getByText('Logged in').waitFor();
      await expect.poll(() => page.getByTestId('key-name').innerText()).toMatch(/^session:[0-9a-f-]{36}$/);
      await page.getByTestId('key-filter').fill('counter:*');
      await row(page, /^counter/).waitFor();
      await expect.poll(() => page.getByTestId('key-tree').getByRole('treeitem').count()).toBe(1);
    },
  },
  {
    name: 'a key is made, edited with the commands shown, and given a time to live',
    async act(window) {
      const { page } = window;
      await openPanel(window);
      await page.getByLabel('New key').click();
      await dialog(page).getByLabel('Key', { exact: true }).fill('e2e:hash "quoted" 🍜');
      await dialog(page).getByRole('combobox', { name: 'Type' }).click();
      await page.getByRole('option', { name: 'Hash' }).click();
      await dialog(page).getByLabel('Field').fill('colour');
      await dialog(page).getByRole('textbox', { name: 'Value' }).fill('red');
      await dialog(page).getByTestId('edit-preview').getByText('HSET "e2e:hash \\"quoted\\" 🍜" colour red').waitFor();
      await page.getByRole('button', { name: 'Create the key' }).click();

      await page.getByTestId('elements').getByText('red', { exact: true }).click();
      const inspector = page.getByTestId('element-inspector');
      await inspector.getByRole('button', { name: 'Edit' }).click();
      await inspector.locator('.cm-content').first().click();
      await page.keyboard.press('Control+a');
      await page.keyboard.insertText('blue');
      await inspector
        .getByTestId('edit-preview')
        .getByText(/colour blue$/)
        .waitFor();
      // Somebody else is quicker: nothing is lost.
      await onServer(window, (client) => client.command('HSET', 'e2e:hash "quoted" 🍜', 'colour', 'green'));
      await inspector.getByRole('button', { name: 'Save' }).click();
      await inspector.getByText('changed by someone else').waitFor();
      await onServer(window, (client) => client.command('HSET', 'e2e:hash "quoted" 🍜', 'colour', 'red'));
      await inspector.getByRole('button', { name: 'Save' }).click();
      await page.getByTestId('elements').getByText('blue', { exact: true }).waitFor();

      await page.getByRole('button', { name: 'No expiry' }).click();
      await dialog(page).getByLabel('From now on').fill('1h');
      await page.getByRole('button', { name: /^Let it expire/ }).click();
      await page.getByRole('button', { name: /^Expires in/ }).waitFor();
      const [value, ttl] = await onServer(window, (client) =>
        client.pipeline([
          ['HGET', 'e2e:hash "quoted" 🍜', 'colour'],
          ['TTL', 'e2e:hash "quoted" 🍜'],
        ]),
      );
      expect(value).toBe('blue');
      expect(ttl).toBeGreaterThan(3_500);
    },
  },
  {
    name: 'many keys are counted and deleted, and no others',
    async act(window) {
      const { page } = window;
      await onServer(window, (client) => client.command('SET', 'e2e:kept', 1));
      await onServer(window, (client) => client.pipeline(Array.from({ length: 1_204 }, (_, at) => ['SET', `e2e-old:${at}`, at] as const)));
      await openPanel(window, '?text=e2e-old%3A*');
      await row(page, /^e2e-old/).waitFor();
      await page.getByLabel('Many keys at once').click();
      await page.getByRole('menuitem', { name: 'Delete' }).click();
      await page.getByRole('button', { name: 'Delete 1,204 keys' }).click();
      await page.getByText('No key passes the filter.').waitFor();
      const left = await onServer(window, (client) => client.command<string[]>('KEYS', 'e2e*'));
      expect(left).toContain('e2e:kept');
      expect(left.filter((key) => key.startsWith('e2e-old'))).toEqual([]);
      await onServer(window, (client) => client.command('UNLINK', ...left));
    },
  },
  {
    name: 'a command runs in the console, a mistake is marked, and a dangerous one is asked about',
    async act(window) {
      const { page } = window;
      await openPanel(window, '?tab=console');
      const line = page.getByTestId('console-line');
      const transcript = page.getByTestId('transcript');
      await line.fill('GET "counter:users');
      await page.keyboard.press('Enter');
      await page.getByRole('alert').getByText('This quote is never closed.').waitFor();
      await line.fill('GET counter:users');
      await page.keyboard.press('Enter');
      await transcript.getByText(/^"\d+"$/).waitFor();
      await line.fill('KEYS counter:*');
      await page.keyboard.press('Enter');
      await dialog(page).getByText('goes through all keys at once').waitFor();
      await page.getByRole('button', { name: 'Run KEYS' }).click();
      await transcript.getByText('"counter:users"').waitFor();
    },
  },
  {
    name: 'changes are shown as they happen, and the server is left as it was',
    async act(window) {
      const { page } = window;
      const setting = () => onServer(window, (client) => client.command<string[]>('CONFIG', 'GET', 'notify-keyspace-events'));
      const before = await setting();
      await openPanel(window, '?tab=changes');
      await page.getByRole('button', { name: 'Watch changes' }).first().click();
      await page.getByText('and is put back afterwards').waitFor();
      await onServer(window, (client) => client.command('SET', 'e2e:live', 1, 'EX', 600));
      await page.getByTestId('changes').getByText('e2e:live').first().waitFor();
      await page.getByRole('button', { name: 'Stop' }).click();
      await expect.poll(setting).toEqual(before);
    },
  },
];
