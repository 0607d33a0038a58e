import { expect } from 'vitest';
import type { PanelStep, PanelWindow } from './step.ts';

const database = 'noodle_db';
const open = async ({ page, origin }: PanelWindow, search: Record<string, string>) => {
  await page.goto(`${origin}/documents?${new URLSearchParams(search)}`);
};
const scratch = 'e2e scratch 🍜';

export const steps: readonly PanelStep[] = [
  {
    name: 'finds a document by a filter, and shows where a filter goes wrong',
    async act(window) {
      const { page } = window;
      await page.goto(`${window.origin}/documents`);
      await page.getByRole('treeitem', { name: /user_profiles/ }).click();
      await page.getByTestId('documents-list').getByRole('option').first().waitFor();
      await page.getByTestId('documents-count').getByText('100 documents').waitFor();
      const filter = page.getByRole('textbox', { name: 'Filter' });
      await filter.fill("{ 'preferences.theme': oops }");
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByRole('alert').getByText('oops is unknown here').waitFor();
      await filter.fill("{ 'preferences.theme': 'dark' }");
      await page.keyboard.press('ControlOrMeta+Enter');
      await page.getByRole('alert').waitFor({ state: 'hidden' });
      await page.getByTestId('documents-list').getByRole('option').first().click();
      await page.getByTestId('document-inspector').getByText("'dark'").waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toContain('dark');
    },
  },
  {
    name: 'inserts a document, edits it after a look at the diff, and deletes it',
    async act(window) {
      const { page, bed } = window;
      await open(window, { db: database, coll: scratch });
      await page.getByRole('button', { name: 'Insert a document' }).click();
      await page.getByRole('textbox', { name: 'Documents to insert' }).fill("{ _id: 1, amount: NumberLong('1'), name: 'it\\'s new' }");
      await page.getByRole('button', { name: 'Insert', exact: true }).click();
      await page.getByTestId('documents-list').getByRole('option').first().click();
      await page.getByLabel('Edit document').click();
      const editor = page.getByRole('textbox', { name: 'Document', exact: true });
      await editor.fill("{ _id: 1, amount: NumberLong('2'), name: 'changed' }");
      await page.getByRole('button', { name: 'Review changes' }).click();
      await page.getByTestId('document-diff').getByText("NumberLong('2')").waitFor();
      await page.getByRole('button', { name: 'Save document' }).click();
      await page.getByTestId('document-tree').getByText("'changed'").waitFor();
      const session = await bed.stack.session('mongodb', 'mongodb');
      const { signal } = new AbortController();
      const query = { database, collection: scratch, filter: '', project: '', sort: '', collation: '', skip: 0, limit: 0, timeout: 10_000 };
      const stored: string[] = [];
      for await (const document of session.stream(query, 'canonical', signal)) stored.push(document);
      expect(stored).toEqual(['{"_id":{"$numberInt":"1"},"amount":{"$numberLong":"2"},"name":"changed"}']);
      await page.getByLabel('Delete document').click();
      await page.getByRole('button', { name: 'Delete 1 document' }).click();
      await page.getByText('This collection holds no documents yet').waitFor();
      await page.getByLabel(`More of ${scratch}`).click();
      await page.getByRole('menuitem', { name: 'Drop…' }).click();
      await page.getByRole('button', { name: `Drop the collection ${scratch}` }).click();
      await expect.poll(() => page.getByRole('treeitem', { name: scratch }).count()).toBe(0);
    },
  },
  {
    name: 'builds a pipeline and sees what leaves each stage',
    async act(window) {
      const { page } = window;
      await open(window, { db: database, coll: 'ai_models', tab: 'aggregation' });
      await page.getByRole('textbox', { name: 'Stage 1' }).fill('{ $match: { framework: { $exists: true } } }');
      await page.getByRole('button', { name: 'Add stage' }).first().click();
      await page.getByRole('menuitem', { name: '$group' }).click();
      await page.getByRole('textbox', { name: 'Stage 2' }).fill("{ $group: { _id: '$framework', models: { $sum: 1 } } }");
      await expect.poll(() => page.getByRole('region', { name: 'Stage 2' }).innerText(), { timeout: 60_000 }).toMatch(/models: \d/);
      await page.getByRole('button', { name: 'Run', exact: true }).click();
      await page.getByTestId('documents-table').getByText('models').first().waitFor();
    },
  },
  {
    name: 'analyses the schema and goes on to the documents of one type',
    async act(window) {
      const { page } = window;
      await open(window, { db: database, coll: 'project_documents', tab: 'schema' });
      await page.getByRole('button', { name: /^Analyse \d/ }).click();
      await page.getByTestId('schema-fields').getByText('owner', { exact: true }).waitFor();
      await page.getByTestId('schema-fields').getByText('language', { exact: true }).click();
      await page.getByRole('button', { name: 'Find these' }).first().click();
      await page.getByTestId('documents-list').getByRole('option').first().waitFor();
      await expect.poll(() => new URL(page.url()).searchParams.get('filter')).toBe("{ language: { $type: 'string' } }");
    },
  },
];
