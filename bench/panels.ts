/** From a click in the rail to the first paint of each data panel, warm: its code is loaded, its server has answered before. */

import { openWindow, windowLacks } from '../test/e2e/window-bed.ts';
import { findChromium } from '../test/lab/browser.ts';
import { type Bench, Skip } from './bench.ts';

const panels = ['sql', 'cache', 'topics', 'documents', 'metrics'] as const;

export const panelPaint: Bench = {
  async run(rounds) {
    const lacks = (await windowLacks('native')) ?? (findChromium() ? undefined : 'no Chromium is installed');
    if (lacks) throw new Skip(lacks);
    const { page, close } = await openWindow('native');
    try {
      const results = [];
      for (const panel of panels) {
        const values: number[] = [];
        for (let round = 0; round <= rounds; round++) {
          await page.locator('nav a[href$="/"]').first().click();
          await page.getByTestId('service-card-redis').waitFor();
          const took = await page.evaluate<number>(firstPaint(panel));
          // The first loads its code.
          if (round > 0) values.push(took);
        }
        results.push({
          kind: 'figure',
          name: `first paint of the ${panel} panel, warm`,
          values,
          unit: 'ms',
          bound: { at: 'most', value: 300 },
          note: 'from the click',
        } as const);
      }
      return results;
    } finally {
      await close();
    }
  },
};

/** Runs in the page, whose types this project does not have. */
const firstPaint = (panel: (typeof panels)[number]): string => `(async () => {
  const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
  const begun = performance.now();
  document.querySelector('nav a[href$="/${panel}"]').click();
  while (!document.querySelector('[data-testid=panel]')?.firstElementChild?.getClientRects().length) await frame();
  await frame();
  return performance.now() - begun;
})()`;
