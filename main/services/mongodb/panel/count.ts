import { limits } from '../../../limits.ts';
import { parseDocument } from '../shell/parse.ts';
import { placed, reading } from './failure.ts';
import { killTagged, tag } from './kill.ts';
import type { Link } from './link.ts';

interface Counted {
  readonly database: string;
  readonly collection: string;
  readonly filter: string;
  readonly collation: string;
  readonly timeout?: number;
}

/** How many documents a filter finds, counted one by one. Cancelling ends it on the server. */
export async function countOf(link: Link, what: Counted, signal: AbortSignal): Promise<number> {
  const query = reading('Filter', what.filter, parseDocument);
  const collation = reading('Collation', what.collation, parseDocument);
  const comment = tag();
  try {
    const { n } = await link.command(
      what.database,
      {
        count: what.collection,
        query,
        ...(collation.size > 0 ? { collation } : {}),
        maxTimeMS: what.timeout ?? limits.documentQueryTimeout,
        comment,
      },
      signal,
    );
    return Number(n);
  } catch (error) {
    if (signal.aborted) void killTagged(link, comment);
    throw placed(error, 'Filter', what.filter);
  }
}

/** What the server believes the whole collection holds. */
export async function estimatedCount(link: Link, database: string, collection: string, signal: AbortSignal): Promise<number> {
  const { n } = await link.command(database, { count: collection }, signal);
  return Number(n);
}
