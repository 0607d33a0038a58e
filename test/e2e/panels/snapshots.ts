import pg from 'pg';
import { expect } from 'vitest';
import type { PanelStep, PanelWindow } from './step.ts';

export const steps: readonly PanelStep[] = [
  {
    name: 'a snapshot is taken, the data are wrecked, and the whole stack goes back by clicks',
    async act({ page, origin, bed }) {
      await page.goto(`${origin}/snapshots`);
      const before = await users(bed);
      await page.getByRole('button', { name: 'Take a snapshot…' }).first().click();
      await page.getByLabel('Name').fill('before the wreck');
      await page.getByRole('button', { name: 'Take snapshot' }).click();
      const row = page.getByRole('list', { name: 'Snapshots, newest first' }).getByRole('button', { name: /before the wreck/ });
      await row.click();
      await query(bed, 'DROP TABLE users CASCADE');

      await page.getByRole('button', { name: 'Restore…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Restore', exact: true }).click();
      const ended = page.getByText(/Restoring snapshot .*: (done|failed|cancelled)/);
      await ended.waitFor({ timeout: 150_000 });
      expect(await ended.innerText(), await page.locator('body').innerText()).toMatch(/: done/);
      expect(await users(bed)).toBe(before);
      await page
        .getByRole('button', { name: /Before the restore of/ })
        .last()
        .waitFor();
    },
  },
  {
    name: 'a snapshot is checked and deleted',
    async act({ page, bed }) {
      await page
        .getByRole('list', { name: 'Snapshots, newest first' })
        .getByRole('button', { name: /before the wreck/ })
        .click();
      await page.getByRole('button', { name: 'Verify' }).click();
      await page.getByText(/Checking snapshot .*: done/).waitFor({ timeout: 60_000 });
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete snapshot' }).click();
      await page.getByText(/Deleting snapshot .*: done/).waitFor({ timeout: 60_000 });
      expect(await bed.stack.snapshots.list()).toHaveLength(1);
    },
  },
];

async function users(bed: PanelWindow['bed']): Promise<number> {
  return (await query(bed, 'SELECT count(*)::int AS found FROM users'))[0]!.found;
}

async function query(bed: PanelWindow['bed'], text: string): Promise<{ found: number }[]> {
  const client = new pg.Client((await bed.stack.connection('postgres')).url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
