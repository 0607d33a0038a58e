/** A chart of a million points: asked for by the core, and drawn in the window. Against the barest query of the same windows. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { InfluxdbSession } from '../main/services/influxdb/session.ts';
import { ChartQuery } from '../preload/contract/index.ts';
import { findChromium, launchChromium } from '../test/lab/browser.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { cli } from './lab.ts';
import { inTurn } from './measure.ts';

const points = 1_000_000;
const hour = 3_600_000;
const batch = 10_000;
const never = new AbortController().signal;

export const metrics: Bench = {
  async run(rounds) {
    const lacks = (await lacking('native', ['influxdb'])) ?? (findChromium() ? undefined : 'no Chromium is installed');
    if (lacks) throw new Skip(lacks);
    const bed = await makeStack('native');
    try {
      await bed.stack.up(['influxdb'], { seed: true, install: false }, quietRun());
      const session = await bed.stack.session('influxdb', 'influxdb');
      const start = Math.floor(Date.now() / hour) * hour - hour;
      await fill(session, start);
      const range = { start, stop: start + hour };
      return [...(await core(rounds, bed, session, range)), ...(await window(rounds, bed, range))] as const;
    } finally {
      await bed.clear();
    }
  },
};

type Range = { readonly start: number; readonly stop: number };

/** One series of a million points in an hour, and a hundred series of ten thousand. */
async function fill(session: InfluxdbSession, start: number): Promise<void> {
  for (let from = 0; from < points; from += batch) {
    const lines = Array.from({ length: batch }, (_, index) => {
      const at = from + index;
      return `one v=${(Math.sin(at / 50_000) * 50 + (at % 97)).toFixed(3)} ${start * 1_000 + at * 3_600}`;
    });
    await session.write.text('noodle_metrics', lines.join('\n'), 'us', never);
  }
  for (let host = 0; host < 100; host++) {
    const lines = Array.from(
      { length: batch },
      (_, at) => `many,host=h${host},region=r${host % 4} v=${(host + (at % 89)).toFixed(3)} ${start + at * 360}`,
    );
    await session.write.text('noodle_metrics', lines.join('\n'), 'ms', never);
  }
}

async function core(rounds: number, bed: StackBed, session: InfluxdbSession, range: Range) {
  const query = (measurement: string, group: string[], band: boolean) =>
    ChartQuery.parse({ choice: { bucket: 'noodle_metrics', measurement }, group, band, range, pixels: 1_000 });
  const drawn = async (measurement: string, group: string[], band: boolean) => {
    const begun = performance.now();
    const chart = await session.charts.lines(query(measurement, group, band), never);
    if (chart.points !== points) throw new Error(`${chart.points} points were counted`);
    return performance.now() - begun;
  };
  const { url, parts } = await bed.stack.connection('influxdb');
  const bare = async () => {
    const begun = performance.now();
    const text = `from(bucket: "noodle_metrics") |> range(start: ${new Date(range.start).toISOString()}, stop: ${new Date(range.stop).toISOString()})
  |> filter(fn: (r) => r._measurement == "one") |> aggregateWindow(every: 10s, fn: mean, createEmpty: false)`;
    const headers = { authorization: `Token ${parts.token}`, 'content-type': 'application/vnd.flux' };
    const answer = await fetch(new URL(`/api/v2/query?org=${parts.org}`, url), { method: 'POST', headers, body: text });
    if (!(await answer.text()).includes('_result')) throw new Error('the bare query gave nothing');
    return performance.now() - begun;
  };
  await drawn('one', [], false);
  const results = await inTurn(rounds, () => drawn('one', [], false), bare);
  const banded: number[] = [];
  const grouped: number[] = [];
  for (let round = 0; round < rounds; round++) {
    banded.push(await drawn('one', [], true));
    grouped.push(await drawn('many', ['region'], true));
  }
  return [
    {
      kind: 'figure',
      name: '1,000,000 points counted and asked for as windows',
      values: results.ours,
      unit: 'ms',
      bound: { at: 'most', value: 1_000 },
      note: 'counted first, then sums and counts of each window',
    },
    { kind: 'figure', name: 'one bare aggregateWindow of them over HTTP', values: results.peer, unit: 'ms', note: 'to compare with' },
    { kind: 'figure', name: 'the same with least and most', values: banded, unit: 'ms' },
    { kind: 'figure', name: 'the same of 100 series in 4 lines', values: grouped, unit: 'ms' },
  ] as const;
}

/** From asking for the page to the chart being there, with everything between. */
async function window(rounds: number, bed: StackBed, range: Range) {
  const child = spawn(process.execPath, [cli, 'open', '--web', '--json', '--stack', bed.name], {
    env: bed.env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
    const browser = await launchChromium();
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto((JSON.parse(line) as { url: string }).url);
    const { origin } = new URL(page.url());
    const search = new URLSearchParams({
      bucket: 'noodle_metrics',
      measurement: 'one',
      draw: 'band',
      start: String(range.start),
      stop: String(range.stop),
    });
    const drawn: number[] = [];
    const again: number[] = [];
    for (let round = 0; round <= rounds; round++) {
      const begun = performance.now();
      await page.goto(`${origin}/metrics?${search}`, { waitUntil: 'commit' });
      await page.getByText('1,000,000 points').waitFor();
      await page.locator('.u-over').waitFor();
      // The first is for warming up.
      if (round > 0) drawn.push(performance.now() - begun);
      const asked = performance.now();
      await page.getByRole('button', { name: 'Zoom out' }).click();
      await page.getByText(/windows of (15|20|30) s/).waitFor();
      if (round > 0) again.push(performance.now() - asked);
    }
    await browser.close();
    return [
      { kind: 'figure', name: '1,000,000 points: the whole window loaded anew, asked for and drawn', values: drawn, unit: 'ms' },
      {
        kind: 'figure',
        name: '1,000,000 points: zoomed out, asked for and drawn',
        values: again,
        unit: 'ms',
        bound: { at: 'most', value: 1_000 },
      },
    ] as const;
  } finally {
    child.kill('SIGINT');
    await once(child, 'exit');
  }
}
