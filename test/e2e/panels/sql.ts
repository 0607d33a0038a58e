/** Tasks of a person in the SQL panel, on the seeded stack. */

import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { PanelStep, PanelWindow } from './step.ts';

const editor = (page: Page): Locator => page.getByTestId('sql-editor').locator('.cm-content');

async function openPanel({ page, origin }: PanelWindow): Promise<void> {
  await page.goto(`${origin}/sql`);
  await page.getByTestId('sql-tree').getByText('users', { exact: true }).waitFor();
  await editor(page).waitFor();
}

async function type(page: Page, text: string): Promise<void> {
  await editor(page).click();
  await page.keyboard.press('Control+a');
  await page.keyboard.insertText(text);
}

async function runText(page: Page, text: string): Promise<void> {
  await type(page, text);
  await page.keyboard.press('Control+Enter');
}

async function query<R>({ bed }: PanelWindow, text: string): Promise<readonly R[]> {
  const { openPostgres } = await import('../../../main/services/postgres/client.ts');
  const client = await openPostgres(await bed.stack.connection('postgres'));
  try {
    return await client.query<R>(text);
  } finally {
    await client.close();
  }
}

export const steps: readonly PanelStep[] = [
  {
    name: 'a query shows its result, a filter narrows it, and a mistake is marked at its place',
    async act(window) {
      const { page } = window;
      await openPanel(window);
      await type(page, 'select n, md5(n::text) as hash from generate_series(1, 20000) n where n > :least');
      const least = page.getByLabel(':least', { exact: true });
      await least.fill('100');
      await least.press('Enter');
      const grid = page.getByTestId('sql-result');
      await page.getByText('19,900 rows', { exact: true }).waitFor();
      await grid.getByText('101', { exact: true }).first().waitFor();

      await page.getByRole('button', { name: 'Filter' }).click();
      await page.getByLabel('Value', { exact: true }).fill('1234');
      await page.getByLabel('Value', { exact: true }).press('Enter');
      await page.getByText(/of 19,900 rows$/).waitFor();
      await grid.getByText('1234', { exact: true }).first().waitFor();

      await runText(page, 'select 1;\nselect nowhere from users');
      await page
        .getByRole('alert')
        .getByText(/nowhere/)
        .waitFor();
      await page.locator('.cm-lintRange-error').getByText('nowhere').waitFor();
    },
  },
  {
    name: 'a row is edited in the grid, reviewed as the statement that runs, and saved',
    async act(window) {
      const { page } = window;
      await openPanel(window);
      await page.getByTestId('sql-tree').getByText('projects', { exact: true }).click();
      const grid = page.getByTestId('sql-table');
      await grid
        .getByText(/[0-9a-f]{8}-/)
        .first()
        .waitFor();
      const [first] = await query<{ id: string; owner_id: string }>(window, 'select id, owner_id from projects order by id limit 1');
      await page.locator('[role=grid]').focus();
      await page.keyboard.press('Control+Home');
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Enter');
      await page.getByRole('textbox', { name: /^name,/ }).fill(`renamed by a "test"; it's fine`);
      await page.keyboard.press('Enter');
      await page.getByText('1 change not saved').waitFor();
      await page.getByRole('button', { name: 'Review and save' }).click();
      await page.getByText(`set "name" = 'renamed by a "test"; it''s fine'`).waitFor();
      await page.getByRole('button', { name: 'Save 1 change' }).click();
      await page.getByText('1 change not saved').waitFor({ state: 'detached' });
      expect(await query(window, `select name from projects where id = '${first!.id}'`)).toEqual([
        { name: `renamed by a "test"; it's fine` },
      ]);

      // Along the foreign key to the owner, and back to what refers to it.
      await page.locator('[role=grid]').focus();
      await page.keyboard.press('Control+Home');
      for (const _ of ['name', 'description', 'owner_id']) await page.keyboard.press('ArrowRight');
      await page.keyboard.press('Control+Enter');
      await page.getByTestId('sql-table').getByText(first!.owner_id).first().waitFor();
      await page.getByText('1 row', { exact: true }).waitFor();
    },
  },
  {
    name: 'a slow query is cancelled, and a transaction is rolled back',
    async act(window) {
      const { page } = window;
      await openPanel(window);
      await runText(page, 'select pg_sleep(60)');
      await page.getByRole('button', { name: /^Cancel/ }).click();
      await page.getByRole('alert').getByText('Cancelled.').waitFor();
      await page.getByLabel('Transactions').first().click();
      await page.getByRole('option', { name: 'Transaction' }).click();
      await runText(page, `update users set status = 'nobody'`);
      await page.getByText('In a transaction').waitFor();
      await page.getByRole('button', { name: 'Roll back' }).click();
      await page.getByText('In a transaction').waitFor({ state: 'detached' });
      expect(await query(window, `select count(*)::int as n from users where status = 'nobody'`)).toEqual([{ n: 0 }]);
    },
  },
  {
    name: 'a plan is measured and read as a tree, and the schema is drawn',
    async act(window) {
      const { page } = window;
      await openPanel(window);
      await type(page, "select count(*) from compilation_jobs where source_code like '%import%'");
      await page.getByRole('button', { name: 'Explain' }).click();
      await page.getByRole('menuitem', { name: /Run it and measure/ }).click();
      await page.getByTestId('sql-plan').getByText('Seq Scan').waitFor();
      await page.getByTestId('sql-plan').getByText('compilation_jobs').first().waitFor();
      await page.getByRole('button', { name: 'More of this database' }).click();
      await page.getByRole('menuitem', { name: 'Diagram of public' }).click();
      await page.getByTestId('sql-diagram').getByText('performance_metrics').first().waitFor();
    },
  },
];
