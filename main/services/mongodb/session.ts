/** One MongoDB as the documents panel, `noodlebox find` and traces know it. */
import type {
  DocumentChangePreview,
  DocumentExplanation,
  DocumentQuery,
  DocumentServer,
  PipelineQuery,
  SchemaReport,
  StagePreview,
} from '../../../preload/contract/documents.ts';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import type { Connection, ServiceSession, SessionName, SessionPlace } from '../kind.ts';
import { Bulk, type Change } from './panel/bulk.ts';
import { Catalog } from './panel/catalog.ts';
import { Collections } from './panel/collections.ts';
import { countOf, estimatedCount } from './panel/count.ts';
import { explained } from './panel/explain.ts';
import { Indexes } from './panel/indexes.ts';
import { Link } from './panel/link.ts';
import { Results } from './panel/results.ts';
import { ServerAsked } from './panel/server.ts';
import { stagePreview } from './panel/stage.ts';
import { streamedFind } from './panel/streamed-find.ts';
import { traced } from './panel/trace.ts';
import { type WatchAsked, type WatchBatch, watched } from './panel/watch.ts';
import { Writer } from './panel/write.ts';
import { analyse, type SchemaAsked } from './schema/analyse.ts';
import { type ExportAsked, exportTo } from './transfer/export.ts';
import { type ImportAsked, importFrom } from './transfer/import.ts';

interface Work {
  readonly signal: AbortSignal;
  progress(current: number, total: number, label: string): void;
}

export class MongodbSession implements ServiceSession {
  readonly catalog: Catalog;
  readonly collections: Collections;
  readonly results: Results;
  readonly indexes: Indexes;
  readonly writer: Writer;
  readonly bulk: Bulk;
  readonly #link: Link;
  readonly #server: ServerAsked;

  constructor(connection: Connection, place: SessionPlace) {
    this.#link = new Link(connection);
    this.#server = new ServerAsked(this.#link);
    this.catalog = new Catalog(this.#link);
    this.collections = new Collections(this.#link, this.catalog);
    this.results = new Results(this.#link, place);
    this.indexes = new Indexes(this.#link);
    this.writer = new Writer(this.#link);
    this.bulk = new Bulk(this.#link);
  }

  /** The database that is looked at first. */
  get database(): string {
    return this.#link.database;
  }

  server(signal: AbortSignal): Promise<DocumentServer> {
    return this.#server.tell(signal);
  }

  async count(
    asked: { database: string; collection: string; filter: string; collation: string; exact: boolean; timeout?: number },
    signal: AbortSignal,
  ): Promise<number> {
    return asked.exact ? countOf(this.#link, asked, signal) : estimatedCount(this.#link, asked.database, asked.collection, signal);
  }

  stage(asked: Parameters<typeof stagePreview>[1], signal: AbortSignal): Promise<StagePreview> {
    return stagePreview(this.#link, asked, signal);
  }

  explain(query: DocumentQuery | PipelineQuery, run: boolean, signal: AbortSignal): Promise<DocumentExplanation> {
    return explained(this.#link, query, run, signal);
  }

  async *schema(asked: SchemaAsked, signal: AbortSignal): AsyncGenerator<SchemaReport> {
    const { can } = await this.server(signal);
    yield* analyse(this.#link, asked, can.sample, signal);
  }

  /** @throws NoodleError conflict, bad-argument, not-found */
  replace(result: string, at: number, text: string, signal: AbortSignal): Promise<{ ejson: string; bytes: number }> {
    return this.writer.replace(this.results.must(result), at, text, signal);
  }

  /** @throws NoodleError conflict, not-found */
  delete(result: string, at: readonly number[], signal: AbortSignal): Promise<{ deleted: number }> {
    return this.writer.delete(this.results.must(result), at, signal);
  }

  previewChange(change: Change & { readonly timeout: number }, signal: AbortSignal): Promise<DocumentChangePreview> {
    return this.bulk.preview(change, signal);
  }

  exportTo(path: string, asked: ExportAsked, work: Work): Promise<number> {
    return exportTo(this.#link, path, asked, work);
  }

  importFrom(path: string, asked: ImportAsked, work: Work): Promise<number> {
    return importFrom(this.#link, path, asked, work);
  }

  /** @throws NoodleError not-supported-by-server, bad-argument */
  async *watch(asked: WatchAsked, signal: AbortSignal): AsyncGenerator<WatchBatch> {
    const { can, program } = await this.server(signal);
    if (!can.changeStreams) {
      throw new NoodleError({
        code: 'not-supported-by-server',
        what: `${program} tells of no changes.`,
        why: 'Change streams need a replica set of MongoDB.',
        todo: 'Run the query again to see what has changed.',
      });
    }
    yield* watched(this.#link, asked, signal);
  }

  /** Documents as they come, as Extended JSON: nothing is kept of them. */
  stream(query: DocumentQuery, form: 'canonical' | 'relaxed', signal: AbortSignal): AsyncGenerator<string> {
    return streamedFind(this.#link, query, form, signal);
  }

  trace(id: string, signal: AbortSignal) {
    return traced(this.#link, this.catalog, id, signal);
  }

  async names(text: string, signal: AbortSignal): Promise<readonly SessionName[]> {
    const wanted = text.toLowerCase();
    const databases = (await this.catalog.databases(signal)).filter(({ system }) => !system).slice(0, 20);
    const found = await Promise.all(
      databases.map(async ({ name: database, own }) => {
        const collections = await this.catalog.collections(database, signal);
        return collections
          .filter(({ name }) => name.toLowerCase().includes(wanted))
          .map(({ name }) => ({ what: 'collection', name: own ? name : `${database}.${name}`, search: { db: database, coll: name } }));
      }),
    );
    return found.flat().slice(0, limits.lookupNames);
  }

  async close(): Promise<void> {
    await this.results.closeAll();
    await this.#link.close();
  }
}

export async function openSession(connection: Connection, place: SessionPlace): Promise<MongodbSession> {
  return new MongodbSession(connection, place);
}
