/** A sample of a collection, analysed as it comes: at random where the server can, else spread over the collection. */
import type { SchemaReport } from '../../../../preload/contract/documents.ts';
import { limits } from '../../../limits.ts';
import { estimatedCount } from '../panel/count.ts';
import { placed, reading } from '../panel/failure.ts';
import type { Command, Link } from '../panel/link.ts';
import { streamed } from '../panel/raw.ts';
import { parseDocument } from '../shell/parse.ts';
import { SchemaAnalyser } from './analyser.ts';

export interface SchemaAsked {
  readonly database: string;
  readonly collection: string;
  readonly filter: string;
  readonly size: number;
  readonly timeout: number;
}

/** Places at which a spread sample is taken. */
const places = 20;

/** A report every now and then, and the last one `done`. */
export async function* analyse(link: Link, asked: SchemaAsked, canSample: boolean, signal: AbortSignal): AsyncGenerator<SchemaReport> {
  const filter = reading('Filter', asked.filter, parseDocument);
  const size = Math.min(asked.size, limits.documentSchemaSample);
  const analyser = new SchemaAnalyser();
  const { by, commands } = await sampling(link, { ...asked, size }, filter, canSample, signal);
  const report = (done: boolean): SchemaReport => ({
    read: analyser.read,
    wanted: size,
    by,
    fields: analyser.fields(),
    cut: analyser.cut,
    done,
  });
  let told = performance.now();
  try {
    for (const command of commands) {
      for await (const document of streamed(link, asked.database, command, signal)) {
        analyser.add(document);
        if (performance.now() - told < reportEvery) continue;
        yield report(false);
        told = performance.now();
      }
    }
  } catch (error) {
    throw placed(error, 'Filter', asked.filter);
  }
  yield report(true);
}

/** ms between two reports */
const reportEvery = 300;

async function sampling(
  link: Link,
  { database, collection, size, timeout }: SchemaAsked,
  filter: ReadonlyMap<string, unknown>,
  canSample: boolean,
  signal: AbortSignal,
): Promise<{ by: SchemaReport['by']; commands: Command[] }> {
  if (canSample) {
    const pipeline = [...(filter.size > 0 ? [{ $match: filter }] : []), { $sample: { size } }];
    return { by: 'sample', commands: [{ aggregate: collection, pipeline, maxTimeMS: timeout }] };
  }
  const find = { find: collection, filter, maxTimeMS: timeout };
  // How many a filter finds is not known without counting: then the first ones have to do.
  const count = filter.size > 0 ? 0 : await estimatedCount(link, database, collection, signal).catch(() => 0);
  if (count <= size) return { by: filter.size > 0 ? 'first' : 'spread', commands: [{ ...find, limit: size }] };
  const each = Math.ceil(size / places);
  const step = Math.floor(count / places);
  return { by: 'spread', commands: Array.from({ length: places }, (_, place) => ({ ...find, skip: place * step, limit: each })) };
}
