/** Indexes: what there are, what they weigh, whether anyone uses them. */
import type { Document } from 'mongodb';
import type { DocumentIndex } from '../../../../preload/contract/documents.ts';
import { ejsonOfValue } from '../bson/ejson.ts';
import { parseDocument } from '../shell/parse.ts';
import { wrongAt } from '../shell/scan.ts';
import type { ShellDocument } from '../shell/values.ts';
import { placed, reading } from './failure.ts';
import { killTagged, tag } from './kill.ts';
import type { Link } from './link.ts';
import { plain, plainNumber } from './plain.ts';

export class Indexes {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  async list(database: string, collection: string, usage: boolean, signal: AbortSignal): Promise<DocumentIndex[]> {
    const [listed, stats, uses] = await Promise.all([
      this.#link.command(database, { listIndexes: collection, cursor: { batchSize: 1_000 } }, signal),
      this.#link.command(database, { collStats: collection }, signal).catch(() => undefined),
      usage ? this.#usage(database, collection, signal) : new Map<string, Document>(),
    ]);
    const sizes = (stats?.indexSizes ?? {}) as Document;
    return (listed.cursor.firstBatch as Document[]).map((index) => {
      const name = String(plain(index.name));
      const used = uses.get(name);
      return {
        name,
        keys: ejsonOfValue(index.key),
        unique: plain(index.unique) === true || name === '_id_',
        sparse: plain(index.sparse) === true,
        hidden: plain(index.hidden) === true,
        expires: plainNumber(index.expireAfterSeconds),
        partial: index.partialFilterExpression ? ejsonOfValue(index.partialFilterExpression) : null,
        bytes: plainNumber(sizes[name]),
        uses: plainNumber(used?.accesses?.ops),
        since: used?.accesses?.since instanceof Date ? used.accesses.since.getTime() : null,
        ejson: ejsonOfValue(index, 'relaxed'),
      };
    });
  }

  /** May take long on a big collection; cancelling ends it on the server. @throws NoodleError bad-argument, query-failed */
  async create(database: string, collection: string, keys: string, options: string, signal: AbortSignal): Promise<string> {
    const key = reading('Keys', keys, parseDocument);
    const given = reading('Options', options, parseDocument);
    if (key.size === 0) wrongAt('Keys: An index needs a field at least.', 0, keys.length, 'Write { field: 1 }.');
    const name = given.get('name') ?? defaultName(key);
    const comment = tag();
    const stop = () => void killTagged(this.#link, comment);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const index = new Map<string, unknown>([['key', key], ['name', name], ...[...given].filter(([option]) => option !== 'name')]);
      await this.#link.write(database, { createIndexes: collection, indexes: [index], comment }, signal);
      return String(name);
    } catch (error) {
      throw placed(error, 'Keys', keys);
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  async drop(database: string, collection: string, name: string, signal: AbortSignal): Promise<void> {
    // An asterisk would drop them all.
    if (name === '*') throw wrongAt('This is no name of an index.', 0);
    await this.#link.write(database, { dropIndexes: collection, index: name }, signal);
  }

  async hide(database: string, collection: string, name: string, hidden: boolean, signal: AbortSignal): Promise<void> {
    await this.#link.write(database, { collMod: collection, index: { name, hidden } }, signal);
  }

  async #usage(database: string, collection: string, signal: AbortSignal): Promise<Map<string, Document>> {
    const answer = await this.#link
      .command(database, { aggregate: collection, pipeline: [{ $indexStats: {} }], cursor: { batchSize: 1_000 } }, signal)
      .catch(() => undefined);
    const stats = (answer?.cursor.firstBatch ?? []) as Document[];
    return new Map(stats.map((each) => [String(plain(each.name)), each]));
  }
}

/** As the shell names it: `a_1_b_-1`. */
function defaultName(key: ShellDocument): string {
  return [...key].map(([field, order]) => `${field}_${String(plain(order))}`).join('_');
}
