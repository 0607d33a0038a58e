import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Redis } from 'ioredis';
import pg from 'pg';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import type { Stack } from '../../../main/core/core.ts';
import { quietRun } from '../../lab/stack-bed.ts';
import type { PanelStep, PanelWindow } from './step.ts';

type Bed = PanelWindow['bed'];

const passphrase = 'correct horse';
/** The file that is exported, for those that open it; it goes with the stack's home. */
const fileIn = ({ home }: Bed) => join(home, 'bug.noodle');
/** Whose bundle it is. */
let user: { readonly id: string; readonly email: string };

export const steps: readonly PanelStep[] = [
  {
    name: 'what a bundle would hold is shown before there is one: what looks personal, and what own rules mask',
    async act({ page, origin, bed }) {
      await query(bed.stack, 'CREATE TABLE customers (id int PRIMARY KEY, email text)');
      await query(bed.stack, "INSERT INTO customers SELECT n, 'c' || n || '@shop.test' FROM generate_series(1, 40) n");
      await page.goto(`${origin}/snapshots`);
      const dialog = await choose(page, 'Export a bundle…');
      await dialog.getByRole('button', { name: 'Look at it first' }).click();
      await dialog.getByText(/1 field looks personal and is not masked/).waitFor();
      await dialog.getByRole('table', { name: 'Looks personal, and is not masked' }).getByText('public.customers.email').waitFor();
      const stores = dialog.getByRole('table', { name: 'Stores' });
      await stores.getByText(/100 users/).waitFor();
      await stores.getByText(/40 customers/).waitFor();
      await stores.getByText(/88 session/).waitFor();

      // Its list has the focus, so that keys scroll it.
      await dialog.locator('section[aria-label="What it holds"]:focus').waitFor();
      await dialog.getByRole('button', { name: 'Back' }).click();
      await dialog.getByLabel('Rules of my own').check();
      const rules = dialog.getByRole('textbox', { name: 'Rules' });
      await rules.fill('mask:\n  postgres:\n    clients: { email: email }\n');
      await page.keyboard.press('Control+Enter');
      await dialog.getByRole('alert').getByText('rules.yaml:3: postgres has no clients').waitFor();
      await rules.fill('mask:\n  postgres:\n    customers: { email: email }\n');
      await page.keyboard.press('Control+Enter');
      await dialog.getByRole('table', { name: 'Masked' }).getByText('public.customers.email').waitFor();
      expect(await dialog.getByText(/looks personal and is not masked/).count()).toBe(0);

      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
      await expect.poll(() => gathered(bed), { timeout: 30_000 }).toEqual([]);
    },
  },
  {
    name: 'a look is cancelled while it waits for a lock, and nothing of it is left',
    async act({ page, bed }) {
      const dialog = await choose(page, 'Export a bundle…');
      const other = await connected(bed.stack);
      try {
        await other.query('BEGIN; LOCK TABLE performance_metrics IN ACCESS EXCLUSIVE MODE');
        await dialog.getByRole('button', { name: 'Look at it first' }).click();
        await dialog.getByText('Looking at what a bundle would hold').waitFor();
        await expect.poll(() => gathered(bed), { timeout: 30_000 }).not.toEqual([]);
        await dialog.getByRole('button', { name: 'Cancel' }).click();
        await dialog.getByRole('button', { name: 'Look at it first' }).waitFor();
      } finally {
        await other.end();
      }
      await expect.poll(() => gathered(bed), { timeout: 30_000 }).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });
    },
  },
  {
    name: 'a bundle of one user is exported with a passphrase, and is what was seen',
    async act({ page, bed }) {
      const [found] = await query(bed.stack, 'SELECT id::text, email FROM users u WHERE EXISTS (SELECT 1 FROM projects p WHERE p.owner_id = u.id) ORDER BY username LIMIT 1'); // biome-ignore format: one line
      user = found as typeof user;
      const dialog = await choose(page, 'Export a bundle…');
      await dialog.getByText('What some ids reach').click();
      await dialog.getByRole('textbox', { name: 'Ids' }).fill(user.id);
      await dialog.getByRole('button', { name: 'Look at it first' }).click();
      await dialog.getByText(`what ${user.id} reached`).waitFor();
      const seen = await dialog.getByRole('table', { name: 'Stores' }).innerText();

      await dialog.getByText('To age keys').click();
      await dialog.getByRole('textbox', { name: 'Public keys' }).fill('age1nobody');
      await dialog.getByRole('button', { name: 'Export', exact: true }).click();
      await dialog.getByRole('alert').getByText('"age1nobody" is no recipient.').waitFor();
      await dialog.getByText('With a passphrase').click();
      await dialog.locator('input[type=password]').fill(passphrase);
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 120_000 }),
        dialog.getByRole('button', { name: 'Export', exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe(`${bed.name}.noodle`);
      await download.saveAs(fileIn(bed));
      await dialog.getByRole('button', { name: 'Save again' }).waitFor();
      await expect.poll(() => gathered(bed), { timeout: 30_000 }).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      expect((await bed.core.bundles.inspect(fileIn(bed), {}, quietRun().signal)).about).toBeNull();
      const { about } = await bed.core.bundles.inspect(fileIn(bed), { passphrase }, quietRun().signal);
      for (const { counts } of about!.services) {
        for (const { name, rows } of counts) if (rows > 0) expect(seen).toContain(`${rows.toLocaleString('en')} ${name}`);
      }
    },
  },
  {
    name: 'a bundle is pulled from servers by their connection strings: a refusal names its server, and what was typed is never shown',
    async act({ page, bed }) {
      const dialog = await choose(page, 'Pull from other servers…');
      const look = dialog.getByRole('button', { name: 'Look at it first' });
      const address = (server: string) => dialog.getByRole('textbox', { name: `Connection string of ${server}` });
      // It is asked for first, and hidden as it is typed.
      await dialog.locator('input[type=password][aria-label="Connection string of PostgreSQL"]:focus').fill('mysql://me@db');
      await dialog.getByText('Begin with postgres:// or postgresql://').waitFor();
      await dialog.getByRole('textbox', { name: 'Ids' }).fill(user.id);
      expect(await look.isDisabled()).toBe(true);

      const [postgres, redis] = [await bed.stack.connection('postgres'), await bed.stack.connection('redis')];
      await address('PostgreSQL').fill(postgres.url);
      await address('Redis').fill(`redis://:hush-hush@127.0.0.1:${redis.port}`);
      await address('Redis').press('Enter');
      await dialog.getByRole('alert').getByText(`Redis at 127.0.0.1:${redis.port} refuses the password.`).waitFor();
      // What was right stays typed.
      await address('Redis').fill(redis.url);
      await look.click();
      await dialog.getByText(`what ${user.id} reached`).waitFor();
      await dialog.getByText('other servers', { exact: true }).waitFor();
      await dialog.getByRole('table', { name: 'Masked' }).getByText('public.users.email').waitFor();
      const [download] = await Promise.all([
        page.waitForEvent('download', { timeout: 120_000 }),
        dialog.getByRole('button', { name: 'Export', exact: true }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('pulled.noodle');
      const file = join(bed.home, 'pulled.noodle');
      await download.saveAs(file);
      await expect.poll(() => gathered(bed), { timeout: 30_000 }).toEqual([]);
      await page.keyboard.press('Escape');
      await dialog.waitFor({ state: 'detached' });

      const { about } = await bed.core.bundles.inspect(file, {}, quietRun().signal);
      expect(about).toMatchObject({ stack: null, masked: true, scope: { ids: [user.id] } });
      const own = (await bed.core.bundles.inspect(fileIn(bed), { passphrase }, quietRun().signal)).about!;
      expect(about!.services.map(({ service, counts }) => [service, counts])).toEqual(own.services.map(({ service, counts }) => [service, counts])); // biome-ignore format: one line
      const told = `${await page.content()} ${(await readFile(file)).toString('latin1')}`;
      for (const secret of ['hush-hush', postgres.parts.password!, redis.parts.password!]) expect(told).not.toContain(secret);
      await expect.poll(async () => (await readdir(join(bed.home, 'spool'), { recursive: true })).filter((path) => /[/\\]pull-/.test(path))).toEqual([]); // biome-ignore format: one line
    },
  },
  {
    name: 'what is no bundle and a wrong passphrase are refused in words, and an import that is cancelled leaves nothing',
    async act({ page, bed }) {
      const dialog = await choose(page, 'Open a bundle…');
      await dialog.locator('input[type=file]').setInputFiles({ name: 'holiday.noodle', mimeType: '', buffer: Buffer.from('hello\n') });
      await dialog.getByRole('alert').getByText('holiday.noodle is no file of Noodlebox.').waitFor();
      await dialog.locator('input[type=file]').setInputFiles(fileIn(bed));
      await dialog.locator('input[type=password]:focus').fill('battery staple');
      await page.keyboard.press('Enter');
      await dialog.getByText('bug.noodle cannot be opened. The passphrase is another.').waitFor();
      await dialog.locator('input[type=password]').fill(passphrase);
      await page.keyboard.press('Enter');
      const name = dialog.getByLabel('Name of the new stack');
      await name.fill(bed.name);
      await dialog.getByText(`There is a stack ${bed.name} already: this becomes one of its own`).waitFor();
      await expect.poll(() => dialog.getByRole('button', { name: 'Make the stack' }).isDisabled()).toBe(true);

      const made = `${bed.name}-given-up`;
      await name.fill(made);
      await dialog
        .locator('input[type=file]')
        .last()
        .setInputFiles({ name: 'own.yaml', mimeType: '', buffer: Buffer.from('services: {}\n') });
      await dialog.getByRole('button', { name: 'Make the stack' }).click();
      await page
        .getByRole('alert')
        .getByText(/compose\.yaml.*it has no services/)
        .first()
        .waitFor();
      expect(existsSync(join(bed.home, 'stacks', made))).toBe(false);

      const again = await choose(page, 'Open a bundle…');
      await again.locator('input[type=file]').setInputFiles(fileIn(bed));
      await again.locator('input[type=password]').fill(passphrase);
      await page.keyboard.press('Enter');
      await again.getByLabel('Name of the new stack').fill(made);
      await again.getByRole('button', { name: 'Make the stack' }).click();
      await page
        .getByRole('region', { name: `Making ${made} of a bundle` })
        .getByRole('button', { name: 'Cancel' })
        .click();
      await page.getByText(`Making ${made} of a bundle: cancelled`).waitFor({ timeout: 120_000 });
      const left = () => ['stacks', 'imports'].filter((folder) => existsSync(join(bed.home, folder, made)));
      await expect.poll(left, { timeout: 60_000 }).toEqual([]);
      expect((await bed.core.stacks()).map((stack) => stack.name)).not.toContain(made);
    },
  },
  {
    name: 'a bundle becomes a new stack with its rows and keys, which is opened by a click',
    async act({ page, bed }) {
      const name = `${bed.name}-bug`;
      const dialog = await choose(page, 'Open a bundle…');
      await dialog.locator('input[type=file]').setInputFiles(fileIn(bed));
      await dialog.locator('input[type=password]').fill(passphrase);
      await page.keyboard.press('Enter');
      await dialog.getByText(`what ${user.id} reached`).waitFor();
      await dialog.getByLabel('Name of the new stack').fill(name);
      await dialog.getByRole('button', { name: 'Make the stack' }).click();
      await page.getByRole('button', { name: `Open ${name}` }).click({ timeout: 250_000 });
      await page.getByRole('button', { name: `Stack ${name}: switch` }).waitFor();

      const { about } = await bed.core.bundles.inspect(fileIn(bed), { passphrase }, quietRun().signal);
      const rows = new Map(about!.services.flatMap(({ counts }) => counts.map((each) => [each.name, each.rows] as const)));
      const stack = await bed.core.open({ stack: name, runtime: 'native', create: false });
      try {
        const [held] = await query(stack, 'SELECT count(*)::int AS users, (SELECT count(*)::int FROM projects) AS projects FROM users');
        expect(held).toEqual({ users: rows.get('users'), projects: rows.get('projects') });
        const [same] = await query(stack, `SELECT email FROM users WHERE id = '${user.id}'`);
        expect(same!.email).toMatch(/@example\.com$/);
        expect(same!.email).not.toBe(user.email);
        expect(await keys(stack, 'model:*')).toBe(rows.get('model:*'));
      } finally {
        await stack.down({ volumes: true, snapshot: false }, quietRun());
      }
      // Nothing of it is left but its name, which is forgotten.
      await page.getByRole('button', { name: `Stack ${name}: switch` }).click();
      await page.getByRole('menuitem', { name: `Forget ${name}…` }).click({ timeout: 30_000 });
      const forget = page.getByRole('dialog');
      await forget.getByText('The name, the ports and the passwords of its servers').waitFor();
      await forget.getByRole('button', { name: `Forget ${name}` }).click();
      await page.getByRole('button', { name: `Stack ${name}: switch` }).waitFor({ state: 'detached' });
      expect(existsSync(join(bed.home, 'stacks', name))).toBe(false);
      // Stacks of others may run on an engine that answers, too.
      await page.getByRole('button', { name: /^Stack .*: switch$/ }).click();
      await page.getByRole('menu').getByText(bed.name, { exact: true }).click();
      await page.getByRole('button', { name: `Stack ${bed.name}: switch` }).waitFor();
    },
  },
  {
    name: 'a job encrypts its dumps to a public key; one that is none is refused in its dialog, which stays',
    async act({ page, origin, bed }) {
      const identity = await generateX25519Identity();
      await page.goto(`${origin}/snapshots`);
      await page.getByRole('button', { name: 'Add a job…' }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByLabel('Name').fill('offsite');
      const keys = dialog.getByRole('textbox', { name: 'Encrypted to' });
      await keys.fill(identity);
      await dialog.getByRole('button', { name: 'Set' }).click();
      await dialog.getByRole('alert').getByText('That is a secret key, and no recipient.').waitFor();
      await keys.fill(await identityToRecipient(identity));
      await dialog.getByRole('button', { name: 'Set' }).click();
      await dialog.waitFor({ state: 'detached' });
      await page.getByText('Make a backup, encrypted to 1 key').waitFor();
      await page.getByRole('button', { name: 'Run offsite now' }).click();
      await page.getByText(/next in .* · done/).waitFor({ timeout: 120_000 });
      const [made] = await bed.stack.backups.list();
      expect(made).toMatchObject({ state: 'whole', backup: { encryption: 'recipients' } });
      await bed.stack.schedule.remove('offsite');
      await bed.stack.backups.delete(made!.id, quietRun());
    },
  },
];

async function choose(page: Page, item: string): Promise<Locator> {
  await page.getByRole('button', { name: 'Bundles' }).click();
  await page.getByRole('menuitem', { name: item }).click();
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  return dialog;
}

/** What lies on the disk of bundles that are not written. */
async function gathered({ home }: Bed): Promise<string[]> {
  return (await readdir(join(home, 'spool'), { recursive: true })).filter((path) => /[/\\]bundle-/.test(path));
}

async function connected(stack: Stack): Promise<pg.Client> {
  const client = new pg.Client((await stack.connection('postgres')).url);
  await client.connect();
  return client;
}

async function query(stack: Stack, text: string): Promise<Record<string, unknown>[]> {
  const client = await connected(stack);
  try {
    return (await client.query(text)).rows as Record<string, unknown>[];
  } finally {
    await client.end();
  }
}

async function keys(stack: Stack, pattern: string): Promise<number> {
  const { parts, port } = await stack.connection('redis');
  const client = new Redis({ host: '127.0.0.1', port, password: parts.password });
  try {
    return (await client.keys(pattern)).length;
  } finally {
    client.disconnect();
  }
}
