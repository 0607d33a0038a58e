/** The rows of a run as lines, where they have times and numbers. */
import type { Chart, ChartLine } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { numberOf } from '../chart/lines.ts';
import { stepFor } from '../chart/window.ts';
import type { FluxRun, SpooledResult } from './run.ts';

interface Gathered {
  readonly labels: Readonly<Record<string, string>>;
  readonly points: [time: number, value: number][];
}

/** @param pixels more times than there are pixels are drawn as means of windows. @throws NoodleError bad-argument when nothing can be drawn */
export async function graphOf(run: FluxRun, pixels: number): Promise<Chart> {
  const begun = performance.now();
  const lines: Gathered[] = [];
  let cut = false;
  let rows = 0;
  for (const result of run.results) {
    const drawn = await gather(result, run.results.length > 1, lines, limits.fluxGraphRows - rows);
    cut ||= drawn.cut;
    rows += drawn.rows;
  }
  if (lines.length === 0) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'There is nothing to draw in these rows.',
      why: 'A graph needs a column _time and numbers in a column _value.',
      todo: 'Look at them as a table.',
    });
  }
  const all = lines.flatMap(({ points }) => points.map(([time]) => time)).sort((a, b) => a - b);
  const start = all[0]!;
  const stop = all.at(-1)! + 1;
  const distinct = new Set(all);
  const every = distinct.size <= pixels * 2 ? 0 : stepFor(((stop - start) / pixels) * 2);
  const times = every === 0 ? [...distinct] : [...new Set(all.map((time) => Math.floor(time / every) * every))];
  return {
    start,
    stop,
    every,
    everyBecause: 'pixels',
    times,
    lines: lines.map((line) => drawnLine(line, times, every)),
    cut,
    points: rows,
    flux: '',
    took: Math.round(performance.now() - begun),
  };
}

async function gather(result: SpooledResult, several: boolean, lines: Gathered[], most: number) {
  const index = (name: string) => result.columns.findIndex((column) => column.name === name);
  const time = index('_time');
  const value = index('_value');
  if (time < 0 || value < 0 || !['float', 'int', 'uint', 'bool'].includes(result.columns[value]!.type)) return { rows: 0, cut: false };
  const labelled = result.columns.flatMap(({ name, group }, column) =>
    group && name !== '_start' && name !== '_stop' ? [[name, column] as const] : [],
  );
  const byTable = new Map<number, Gathered | undefined>();
  let rows = 0;
  let cut = false;
  for await (const [table, ...cells] of result.spool.all()) {
    if (rows >= most) return { rows, cut: true };
    let line = byTable.get(table);
    if (!byTable.has(table)) {
      const labels = Object.fromEntries(labelled.map(([name, column]) => [name, cells[column] ?? '']));
      line = lines.length < limits.chartLines ? { labels: several ? { result: result.name, ...labels } : labels, points: [] } : undefined;
      byTable.set(table, line);
      if (line) lines.push(line);
    }
    cut ||= line === undefined;
    const number = numberOf(cells[value] ?? undefined);
    if (!line || number === null || cells[time] === null) continue;
    line.points.push([Date.parse(cells[time]!), number]);
    rows++;
  }
  return { rows, cut };
}

function drawnLine({ labels, points }: Gathered, times: readonly number[], every: number): ChartLine {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const [time, value] of points) {
    const at = every === 0 ? time : Math.floor(time / every) * every;
    const box = sums.get(at);
    if (box) {
      box.sum += value;
      box.count++;
    } else sums.set(at, { sum: value, count: 1 });
  }
  const values = times.map((time) => {
    const box = sums.get(time);
    return box ? box.sum / box.count : null;
  });
  return { labels: { ...labels }, values };
}
