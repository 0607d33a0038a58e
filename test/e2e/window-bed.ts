/** The built window in a real browser, over the web door of a real core, on a stack of real servers. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type ServiceKindName, serviceKindNames } from '../../preload/contract/kinds.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import { findChromium, launchChromium } from '../lab/browser.ts';
import { run } from '../lab/commands.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface WindowBed {
  readonly bed: StackBed;
  readonly page: Page;
  readonly origin: string;
  close(): Promise<void>;
}

/** Why no window on these servers can be opened on this runtime here; undefined when one can. */
export async function windowLacks(runtime: RuntimeKind, kinds: readonly ServiceKindName[] = serviceKindNames): Promise<string | undefined> {
  return (await lacking(runtime, kinds)) ?? (findChromium() ? undefined : 'no Chromium is installed (apt-get install chromium)');
}

let built: Promise<void> | undefined;

function build(): Promise<void> {
  built ??= run(`${root}node_modules/.bin/vite`, ['build', '--config', 'vite.config.ts', '--logLevel', 'warn'], process.env, root);
  return built;
}

/** Builds the window, brings a seeded stack up, and lets a browser in. @param services none: all of the stack's */
export async function openWindow(runtime: RuntimeKind, services: readonly ServiceKindName[] = []): Promise<WindowBed> {
  const undo: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const act of undo.splice(0).reverse()) await act();
  };
  try {
    await build();
    const bed = await makeStack(runtime);
    undo.push(() => bed.clear());
    await bed.stack.up(services, { seed: true, install: false }, quietRun());
    const core = spawn(process.execPath, [`${root}bin/noodlebox.mjs`, 'open', '--web', '--json', '--stack', bed.name], {
      env: bed.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    undo.push(() => ended(core));
    const [line] = (await once(createInterface({ input: core.stdout! }), 'line')) as [string];
    const browser: Browser = await launchChromium();
    undo.push(() => browser.close());
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    page.setDefaultTimeout(60_000);
    const { url } = JSON.parse(line) as { url: string };
    await page.goto(url);
    return { bed, page, origin: new URL(url).origin, close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function ended(core: ChildProcess): Promise<void> {
  if (core.exitCode !== null) return;
  core.kill('SIGINT');
  await once(core, 'exit');
}
