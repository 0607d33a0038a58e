/** A chart: the points of a choice as windows that fit its pixels. The points themselves stay at the server. */
import type { Chart, ChartQuery, PointChoice } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';
import { type ParameterizedQuery, type Span, spanOf } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { type Census, takeCensus } from './census.ts';
import { assemble, divided, readWindows, type Windows } from './lines.ts';
import { type ChosenWindow, chooseWindow, intervalOf } from './window.ts';
import { bandQueries, labelColumns, readable, type WindowPlan, windowQueries } from './windows.ts';

/** @throws NoodleError query-failed, bad-argument, service-unreachable */
export async function drawChart(http: InfluxHttp, query: ChartQuery, signal: AbortSignal): Promise<Chart> {
  const begun = performance.now();
  const asked = spanOf(query.range);
  const census = await takeCensus(http, query.choice, query.group, asked, signal);
  const drawn = census.lines.slice(0, limits.chartLines);
  const cut = census.lines.length > drawn.length;
  const chosen = windowFor(query, asked, census, drawn.length);
  const span = aligned(asked, chosen.every);
  const plan: WindowPlan = {
    choice: cut ? narrowed(query.choice, query.group, drawn) : query.choice,
    group: query.group,
    span,
    every: chosen.every,
    merged: drawn.some((line) => line.series > 1),
  };
  const columns = labelColumns(query.group);
  const wanted = new Set(drawn.map(({ key }) => key));
  const read = (one: ParameterizedQuery): Promise<Windows> => readWindows(http.rows(one, { signal }), columns, wanted);
  const empty = census.points === 0;
  const [values, band] = empty
    ? [new Map() as Windows, undefined]
    : await Promise.all([readValues(plan, query, read), query.band ? readBand(plan, read) : undefined]);
  return {
    ...asked,
    every: chosen.every,
    everyBecause: chosen.because,
    ...assemble(drawn, values, band),
    cut,
    points: census.points,
    flux: readable(query, census.series > 0 && census.series === census.lines.length),
    took: Math.round(performance.now() - begun),
  };
}

/** The windows of a chart whatever it draws. */
export function windowFor(query: ChartQuery, span: Span, census: Census, lines: number): ChosenWindow {
  const each = Math.max(1, lines) * (query.band ? 3 : 1);
  return chooseWindow({
    length: span.stop - span.start,
    pixels: query.pixels,
    asked: query.every,
    interval: intervalOf(Math.max(0, ...census.lines.map((line) => line.points)), seriesOfLargest(census), census.extent),
    most: Math.max(10, Math.min(limits.chartWindows, Math.floor(limits.chartValues / each))),
  });
}

function seriesOfLargest({ lines }: Census): number {
  return lines.reduce((most, line) => (line.points > most.points ? line : most), { points: 0, series: 1 }).series;
}

/** The first window is whole: it begins where windows of this length do. */
export function aligned({ start, stop }: Span, every: number): Span {
  return { start: Math.floor(start / every) * every, stop };
}

async function readValues(plan: WindowPlan, query: ChartQuery, read: (query: ParameterizedQuery) => Promise<Windows>): Promise<Windows> {
  const queries = windowQueries(plan, query.aggregate);
  if (queries.value) return read(queries.value);
  const [sums, counts] = await Promise.all([read(queries.sum!), read(queries.count!)]);
  return divided(sums, counts);
}

async function readBand(plan: WindowPlan, read: (query: ParameterizedQuery) => Promise<Windows>) {
  const { low, high } = bandQueries(plan);
  const [lows, highs] = await Promise.all([read(low), read(high)]);
  return { low: lows, high: highs };
}

/** Where there are more lines than are drawn, the server need not read the others: a filter on the first tag they are told apart by. */
function narrowed(choice: PointChoice, group: readonly string[], drawn: Census['lines']): PointChoice {
  const [key] = group;
  if (key === undefined) return choice;
  const values = [...new Set(drawn.map(({ labels }) => labels[key] ?? ''))];
  return { ...choice, filters: [...choice.filters, { key, values }] };
}

/** What the editor is given of a chart; grouping is written only where it does something. */
export function chartFlux(query: ChartQuery): string {
  return readable(query, false);
}
