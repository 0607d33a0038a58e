/** How soon the window shows a running stack, and what its core needs while nobody does anything. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { findChromium, launchChromium } from '../test/lab/browser.ts';
import { lacking, makeStack, quietRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { cli } from './lab.ts';
import { memoryOf } from './measure.ts';

export const window: Bench = {
  async run(rounds) {
    const lacks = (await lacking('native', ['postgres', 'redis'])) ?? (findChromium() ? undefined : 'no Chromium is installed');
    if (lacks) throw new Skip(lacks);
    const bed = await makeStack('native');
    const core = spawn(process.execPath, [cli, 'open', '--web', '--json', '--stack', bed.name], {
      env: bed.env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await bed.stack.up(['postgres', 'redis'], { seed: true, install: false }, quietRun());
      const [line] = (await once(createInterface({ input: core.stdout }), 'line')) as [string];
      const browser = await launchChromium();
      const page = await browser.newPage();
      await page.goto((JSON.parse(line) as { url: string }).url);
      const ready: number[] = [];
      for (let round = 0; round <= rounds; round++) {
        const begun = performance.now();
        await page.goto(new URL('/', page.url()).href, { waitUntil: 'commit' });
        await page.getByTestId('service-card-redis').waitFor();
        // The first is for warming up.
        if (round > 0) ready.push(performance.now() - begun);
      }
      await browser.close();
      await sleep(10_000);
      return [
        { kind: 'figure', name: 'window ready (web door, warm)', values: ready, unit: 'ms', note: 'navigation to the first service card' },
        {
          kind: 'figure',
          name: 'core idle, window closed',
          values: [memoryOf(core.pid!, 'VmRSS') / 2 ** 20],
          unit: 'MiB',
          note: 'resident',
        },
      ];
    } finally {
      core.kill('SIGINT');
      await once(core, 'exit');
      await bed.clear();
    }
  },
};
