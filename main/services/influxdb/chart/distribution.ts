/** How values are spread: every point is counted while there are few enough, else the means of short windows. */
import type { ChartQuery, Distribution } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';
import { duration, flux, points, type Span, spanOf } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { type Sample, sortIntoBins } from './bins.ts';
import { countSeries, takeCensus } from './census.ts';
import { aligned } from './chart.ts';
import { numberOf } from './lines.ts';
import { stepFor } from './window.ts';

/** @param rows about how many boxes the values are sorted into */
export async function drawDistribution(http: InfluxHttp, query: ChartQuery, rows: number, signal: AbortSignal): Promise<Distribution> {
  const begun = performance.now();
  const asked = spanOf(query.range);
  const census = await takeCensus(http, query.choice, [], asked, signal);
  // A column is as wide as a finger: narrower ones cannot be pointed at.
  const columns = Math.min(limits.distributionColumns, Math.max(10, Math.floor(query.pixels / 8)));
  const every = query.every ?? stepFor((asked.stop - asked.start) / columns);
  const span = aligned(asked, every);
  const of: Distribution['of'] =
    census.points <= limits.distributionPoints
      ? { kind: 'points' }
      : { kind: 'means', every: shortWindow(span, (await countSeries(http, query.choice, span, signal)).series) };
  const samples = await readSamples(http, query, of.kind === 'points' ? asked : span, of, signal);
  const width = Math.min(2_000, Math.ceil((span.stop - span.start) / every));
  return {
    ...asked,
    every,
    ...sortIntoBins(samples, span.start, every, width, rows),
    of,
    points: census.points,
    took: Math.round(performance.now() - begun),
  };
}

/** So short that all series together have about as many windows as points may be counted. */
function shortWindow(span: Span, series: number): number {
  return stepFor(((span.stop - span.start) * Math.max(1, series)) / limits.distributionPoints);
}

async function readSamples(http: InfluxHttp, query: ChartQuery, span: Span, of: Distribution['of'], signal: AbortSignal) {
  const from = points(query.choice, span);
  const flow =
    of.kind === 'points'
      ? from
      : flux`${from}
  |> aggregateWindow(every: ${duration(of.every)}, fn: mean, createEmpty: false, timeSrc: "_start")`;
  const samples: Sample[] = [];
  const all = flux`${flow}
  |> keep(columns: ["_time", "_value", "_field"])`;
  for await (const { values, tableMeta } of http.rows(all, { signal })) {
    const value = numberOf(values[tableMeta.column('_value').index]);
    if (value === null) continue;
    samples.push({ time: Date.parse(values[tableMeta.column('_time').index]!), value });
    if (samples.length >= limits.distributionPoints * 2) break;
  }
  return samples;
}
