/** The results that windows have open. */
import type { DocumentPage, DocumentQuery, PipelineQuery } from '../../../../preload/contract/documents.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { SessionPlace } from '../../kind.ts';
import { ejsonOf } from '../bson/ejson.ts';
import { placed } from './failure.ts';
import { killTagged, tag } from './kill.ts';
import type { Link } from './link.ts';
import { findCommand, readPipeline, readQuery, stageName, writes } from './query.ts';
import { Result, type ResultSource } from './result.ts';

export interface OpenedResult {
  readonly result: string;
  readonly page: DocumentPage;
}

export class Results {
  readonly #link: Link;
  readonly #place: SessionPlace;
  readonly #open = new Map<string, Result>();

  constructor(link: Link, place: SessionPlace) {
    this.#link = link;
    this.#place = place;
  }

  /** @throws NoodleError bad-argument, query-failed, cancelled */
  async find(query: DocumentQuery, first: number, signal: AbortSignal): Promise<OpenedResult> {
    const read = readQuery(query);
    const command = findCommand(query.collection, read, query);
    const comment = tag();
    return this.#opened(
      {
        database: query.database,
        collection: query.collection,
        command: { ...command, comment },
        after: (documents) => ({
          ...command,
          skip: query.skip + documents,
          ...(query.limit > 0 ? { limit: Math.max(1, query.limit - documents) } : {}),
        }),
      },
      { first, signal, comment, part: 'Filter', text: query.filter },
    );
  }

  /** @throws NoodleError bad-argument, query-failed, cancelled, confirmation-needed (a stage writes and that was not allowed) */
  async aggregate(query: PipelineQuery, first: number, signal: AbortSignal): Promise<OpenedResult> {
    const pipeline = readPipeline(query.pipeline);
    const writing = pipeline.find((stage) => writes.has(stageName(stage)));
    if (writing && !query.write) {
      throw new NoodleError({
        code: 'confirmation-needed',
        what: `${stageName(writing)} writes to a collection.`,
        todo: 'Say that this is meant.',
      });
    }
    const { collation } = readQuery({ collation: query.collation });
    const comment = tag();
    return this.#opened(
      {
        database: query.database,
        collection: query.collection,
        command: {
          aggregate: query.collection,
          pipeline,
          ...(collation.size > 0 ? { collation } : {}),
          ...(writing ? {} : { maxTimeMS: query.timeout }),
          ...(query.allowDisk ? { allowDiskUse: true } : {}),
          comment,
        },
      },
      { first, signal, comment, part: 'Pipeline', text: query.pipeline },
    );
  }

  async page(result: string, from: number, count: number, signal: AbortSignal): Promise<DocumentPage> {
    return this.must(result).page(from, count, signal);
  }

  /** One document whole, as Extended JSON. @throws NoodleError not-found */
  async whole(result: string, at: number): Promise<string> {
    return ejsonOf(await this.must(result).bytes(at));
  }

  /** @throws NoodleError not-found */
  must(id: string): Result {
    const result = this.#open.get(id);
    if (result) return result;
    throw new NoodleError({
      code: 'not-found',
      what: 'This result is no longer kept.',
      why: 'Results are let go when many others were opened after them.',
      todo: 'Run the query again.',
    });
  }

  async close(id: string): Promise<void> {
    const result = this.#open.get(id);
    this.#open.delete(id);
    await result?.close();
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#open.keys()].map((id) => this.close(id)));
  }

  async #opened(
    source: ResultSource,
    { first, signal, comment, part, text }: { first: number; signal: AbortSignal; comment: string; part: string; text: string },
  ): Promise<OpenedResult> {
    const result = await this.#link.told(signal, () => Result.open(this.#link, this.#place, source, first));
    try {
      const page = await result.page(0, first, signal);
      this.#open.set(result.id, result);
      void this.#tidy();
      return { result: result.id, page };
    } catch (error) {
      if (signal.aborted) void killTagged(this.#link, comment);
      void result.close();
      throw placed(error, part, text);
    }
  }

  async #tidy(): Promise<void> {
    const oldest = [...this.#open.values()].sort((a, b) => a.lastAsked - b.lastAsked);
    const tooMany = oldest.slice(0, Math.max(0, oldest.length - limits.documentQueries));
    const idle = oldest.filter(({ lastAsked }) => Date.now() - lastAsked > limits.documentQueryIdle);
    await Promise.all([...new Set([...tooMany, ...idle])].map(({ id }) => this.close(id)));
  }
}
