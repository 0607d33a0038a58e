import pg from 'pg';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { quietRun } from '../../lab/stack-bed.ts';
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
      // Its servers start twice: beside the stack first.
      await ended.waitFor({ timeout: 300_000 });
      expect(await ended.innerText(), await page.locator('body').innerText()).toMatch(/: done/);
      expect(await users(bed)).toBe(before);
      await page
        .getByRole('button', { name: /Before the restore of/ })
        .last()
        .waitFor();
    },
  },
  {
    name: 'what changed since a snapshot is counted at once and then told row by row',
    async act({ page, bed }) {
      await query(bed, "UPDATE users SET first_name = 'Zoe' WHERE id = (SELECT id FROM users ORDER BY username LIMIT 1)");
      await row(page, /before the wreck/).click();
      await page.getByRole('button', { name: 'Compare…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText('The counts of all stores are the same.').waitFor();
      await dialog.getByRole('button', { name: 'Compare the content' }).click();
      const changed = dialog.getByRole('region', { name: 'postgres' }).getByText('1 row changed');
      await changed.waitFor({ timeout: 200_000 });
      await dialog.getByText(/"first_name":"Zoe"/).waitFor();
      await page.keyboard.press('Escape');
    },
  },
  {
    name: 'a snapshot is opened as a second stack beside, and its ready copy is made and dropped',
    async act({ page, bed }) {
      await page.getByRole('button', { name: 'Open beside…' }).click();
      await page.getByLabel('Name of the second stack').fill(`${bed.name}-beside`);
      await page.getByRole('dialog').getByRole('button', { name: 'Open beside', exact: true }).click();
      await done(page, /Opening snapshot .* beside/, 200_000);
      expect((await bed.core.stacks()).map(({ name }) => name)).toContain(`${bed.name}-beside`);
      const beside = await bed.core.open({ stack: `${bed.name}-beside`, runtime: 'native', create: false });
      await beside.down({ volumes: true, snapshot: false }, quietRun());

      await page.getByRole('button', { name: 'Make hot' }).click();
      await done(page, /Making a ready copy of/);
      await row(page, /before the wreck.*hot/).waitFor();
      await page.getByRole('button', { name: 'Make ordinary' }).click();
      await done(page, /Dropping the ready copy of/);
    },
  },
  {
    name: 'a backup is made with a passphrase, checked and restored by it',
    async act({ page, bed }) {
      const before = await users(bed);
      await page.getByRole('button', { name: 'Make a backup…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('portable');
      await dialog.getByText('With a passphrase').click();
      await dialog.locator('input[type=password]').fill('correct horse');
      await dialog.getByRole('button', { name: 'Make backup' }).click();
      await done(page, /Making a backup/, 200_000);
      await row(page, /portable.*encrypted/).click();
      await page.getByRole('button', { name: 'Check…' }).click();
      await dialog.locator('input[type=password]').fill('correct horse');
      await dialog.getByRole('button', { name: 'Check', exact: true }).click();
      await done(page, /Checking backup/, 200_000);
      await page.getByText(/^Good, read/).waitFor();

      await query(
        bed,
        'DELETE FROM performance_metrics; DELETE FROM compilation_jobs; DELETE FROM models; DELETE FROM projects; DELETE FROM users',
      );
      await page.getByRole('button', { name: 'Restore…' }).click();
      await dialog.locator('input[type=password]').fill('correct horse');
      await dialog.getByRole('button', { name: 'Restore', exact: true }).click();
      await done(page, /Restoring backup/, 200_000);
      expect(await users(bed)).toBe(before);
    },
  },
  {
    name: 'a job of the schedule is set, seen on the time line and removed; a retention shows what would go',
    async act({ page }) {
      await page.getByRole('button', { name: 'Add a job…' }).click();
      await page.getByRole('dialog').getByLabel('Name').fill('nightly');
      await page.getByRole('dialog').getByRole('button', { name: 'Set', exact: true }).click();
      await page.getByRole('img', { name: /^nightly, next at/ }).waitFor();
      await page.getByRole('button', { name: 'Remove nightly' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Remove job' }).click();
      await page.getByText('Nothing is made by itself.').waitFor();

      await page.getByRole('button', { name: 'Which stay…' }).click();
      await page.getByLabel('Newest that stay').fill('1');
      await page.getByText('Also those that have a name or are hot').click();
      await page
        .getByText(/newer ones are there/)
        .first()
        .waitFor();
      await page.keyboard.press('Escape');
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
      await page.getByText(/Checking snapshot .*: done/).waitFor({ timeout: 120_000 });
      await page.getByRole('button', { name: 'Delete…' }).click();
      await page.getByRole('dialog').getByRole('button', { name: 'Delete snapshot' }).click();
      await page.getByText(/Deleting snapshot .*: done/).waitFor({ timeout: 120_000 });
      const left = (await bed.stack.snapshots.list()).map((entry) => entry.state === 'whole' && entry.snapshot.name);
      expect(left).not.toContain('before the wreck');
    },
  },
];

function row(page: Page, name: RegExp): Locator {
  return page.getByRole('list', { name: 'Snapshots, newest first' }).getByRole('button', { name });
}

/** Waits for a task to end, and says what went wrong with one that failed. */
async function done(page: Page, title: RegExp, timeout = 120_000): Promise<void> {
  const ended = page.getByText(new RegExp(`${title.source}.*: (done|failed|cancelled)`));
  await ended.waitFor({ timeout });
  expect(await ended.innerText(), await page.locator('body').innerText()).toMatch(/: done/);
}

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
