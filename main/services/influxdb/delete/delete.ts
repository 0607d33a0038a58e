/** Deleting points: counted first, then asked for predicate by predicate. */
import type { DeletePlan, MetricRange, PointChoice } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';
import { countSeries } from '../chart/census.ts';
import { spanOf } from '../flux.ts';
import type { InfluxHttp } from '../query.ts';
import { predicatesFor } from './predicate.ts';

export async function planDelete(http: InfluxHttp, choice: PointChoice, range: MetricRange, signal: AbortSignal): Promise<DeletePlan> {
  const predicates = predicatesFor(choice);
  const span = spanOf(range);
  const { points, series } = await countSeries(http, choice, span, signal);
  return { points, series, predicates, ...span };
}

/** What has been asked of the server is done by it even when this is cancelled meanwhile; the next predicate is not sent then. */
export async function deletePoints(
  http: InfluxHttp,
  choice: PointChoice,
  range: MetricRange,
  onProgress: (done: number, of: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const predicates = predicatesFor(choice);
  const { start, stop } = spanOf(range);
  const query = { org: http.org, bucket: choice.bucket };
  for (const [index, predicate] of predicates.entries()) {
    onProgress(index, predicates.length);
    const body = { start: new Date(start).toISOString(), stop: lastBefore(stop), predicate };
    await http.call('POST', '/api/v2/delete', { query, body, signal, timeout: limits.deleteTimeout });
  }
  onProgress(predicates.length, predicates.length);
}

/** The server's ranges of deletes include their end: the last ns before it. */
function lastBefore(stop: number): string {
  return new Date(stop - 1).toISOString().replace('Z', '999999Z');
}
