/** A chart: the points of a choice as windows that fit its pixels. The points themselves stay at the server. */
import type { Aggregate, Chart, ChartQuery, PointChoice } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';
import { type ParameterizedQuery, type Span, spanOf } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { type CensusLine, takeCensus } from './census.ts';
import { assemble, divided, readWindows, type Windows } from './lines.ts';
import { rawAggregates, rawInterval, rawQuery, readRaw, windowed } from './raw.ts';
import { type ChosenWindow, chooseWindow } from './window.ts';
import { bandQueries, labelColumns, readable, type WindowPlan, windowQueries } from './windows.ts';

/** @throws NoodleError query-failed, bad-argument, service-unreachable */
export async function drawChart(http: InfluxHttp, query: ChartQuery, signal: AbortSignal): Promise<Chart> {
  const begun = performance.now();
  const asked = spanOf(query.range);
  const census = await takeCensus(http, query.choice, query.group, asked, signal);
  const drawn = census.lines.slice(0, limits.chartLines);
  const cut = census.lines.length > drawn.length;
  const choice = cut ? narrowed(query.choice, query.group, drawn) : query.choice;
  const shape: Shape = { http, query, choice, asked, drawn, signal };
  const few = drawn.reduce((sum, line) => sum + line.points, 0) <= limits.chartRawPoints && rawAggregates.has(query.aggregate);
  const { every, because, values, band } = await (few ? fromPoints(shape) : fromWindows(shape));
  return {
    ...asked,
    every,
    everyBecause: because,
    ...assemble(drawn, values, band),
    cut,
    points: census.points,
    flux: chartFlux(query),
    took: Math.round(performance.now() - begun),
  };
}

interface Shape {
  readonly http: InfluxHttp;
  readonly query: ChartQuery;
  readonly choice: PointChoice;
  readonly asked: Span;
  readonly drawn: readonly CensusLine[];
  readonly signal: AbortSignal;
}

type Drawn = { every: number; because: Chart['everyBecause']; values: Windows; band: { low: Windows; high: Windows } | undefined };

async function fromPoints({ http, query, choice, asked, drawn, signal }: Shape): Promise<Drawn> {
  // Windows begin before the range does: the first one should be whole, as it is when the server makes them.
  const before = windowFor(query, asked, drawn.length, 0).every;
  const span = { start: asked.start - before, stop: asked.stop };
  const rows = http.rows(rawQuery({ choice, group: query.group, span }), { signal });
  const lines = await readRaw(rows, labelColumns(query.group), keysOf(drawn), query.aggregate);
  const { every, because } = windowFor(query, asked, drawn.length, rawInterval(lines));
  const from = aligned(asked, every).start;
  const of = (aggregate: Aggregate): Windows => cutBefore(windowed(lines, from, every, aggregate), from);
  return { every, because, values: of(query.aggregate), band: query.band ? { low: of('min'), high: of('max') } : undefined };
}

/** Windows that lie before the range are not told. */
function cutBefore(windows: Windows, from: number): Windows {
  return new Map([...windows].map(([key, line]) => [key, new Map([...line].filter(([time]) => time >= from))]));
}

async function fromWindows({ http, query, choice, asked, drawn, signal }: Shape): Promise<Drawn> {
  const { every, because } = windowFor(query, asked, drawn.length, 0);
  const plan: WindowPlan = { choice, group: query.group, span: aligned(asked, every), every };
  const keys = keysOf(drawn);
  const read: Read = (one, merge) => readWindows(http.rows(one, { signal }), labelColumns(query.group), keys, merge);
  const [values, band] = await Promise.all([readValues(plan, query, read), query.band ? readBand(plan, read) : undefined]);
  return { every, because, values, band };
}

function keysOf(drawn: readonly CensusLine[]): ReadonlySet<string> {
  return new Set(drawn.map(({ key }) => key));
}

/** The window of a chart whatever it draws. @param interval ms from point to point; 0 when that is not known */
function windowFor(query: ChartQuery, span: Span, lines: number, interval: number): ChosenWindow {
  const each = Math.max(1, lines) * (query.band ? 3 : 1);
  return chooseWindow({
    length: span.stop - span.start,
    pixels: query.pixels,
    asked: query.every,
    interval,
    most: Math.max(10, Math.min(limits.chartWindows, Math.floor(limits.chartValues / each))),
  });
}

/** The first window is whole: it begins where windows of this length do. */
export function aligned({ start, stop }: Span, every: number): Span {
  return { start: Math.floor(start / every) * every, stop };
}

type Read = (query: ParameterizedQuery, merge?: (one: number, other: number) => number) => Promise<Windows>;

async function readValues(plan: WindowPlan, query: ChartQuery, read: Read): Promise<Windows> {
  const queries = windowQueries(plan, query.aggregate);
  if (queries.value) return read(queries.value, query.aggregate === 'min' ? Math.min : query.aggregate === 'max' ? Math.max : undefined);
  const [sums, counts] = await Promise.all([read(queries.sum!), read(queries.count!)]);
  return divided(sums, counts);
}

async function readBand(plan: WindowPlan, read: Read) {
  const { low, high } = bandQueries(plan);
  const [lows, highs] = await Promise.all([read(low, Math.min), read(high, Math.max)]);
  return { low: lows, high: highs };
}

/** Where there are more lines than are drawn, the server need not read the others: a filter on the first tag they are told apart by. */
function narrowed(choice: PointChoice, group: readonly string[], drawn: readonly CensusLine[]): PointChoice {
  const [key] = group;
  if (key === undefined) return choice;
  const values = [...new Set(drawn.map(({ labels }) => labels[key] ?? ''))];
  return { ...choice, filters: [...choice.filters, { key, values }] };
}

/** What the editor is given of a chart. */
export function chartFlux(query: ChartQuery): string {
  return readable(query);
}
