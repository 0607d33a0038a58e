/** One result: a cursor on the server, read on as far as someone looks, and kept so that looking back asks nobody. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type { RunCommandCursor } from 'mongodb';
import type { DocumentPage, DocumentRow } from '../../../../preload/contract/documents.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { abortable } from '../../connect.ts';
import type { SessionPlace } from '../../kind.ts';
import { ejsonOf, ejsonOfElement } from '../bson/ejson.ts';
import { elementNamed } from '../bson/reader.ts';
import { serverCode } from '../errors.ts';
import { codes } from './failure.ts';
import type { Command, Link } from './link.ts';
import { outlineOf } from './outline.ts';
import { DocumentSpool } from './spool.ts';

export interface ResultSource {
  readonly database: string;
  readonly collection: string;
  /** `find` or `aggregate`, without its batch size. */
  readonly command: Command;
  /** The same command for what comes after so many documents; undefined where it cannot be taken up again. */
  readonly after?: (documents: number) => Command;
}

export class Result {
  readonly id = randomUUID();
  readonly source: ResultSource;
  lastAsked = Date.now();
  readonly #link: Link;
  #cursor: RunCommandCursor;
  readonly #spool: DocumentSpool;
  #done = false;
  #closed = false;
  /** One at a time reads on. */
  #reading: Promise<unknown> = Promise.resolve();

  private constructor(link: Link, source: ResultSource, cursor: RunCommandCursor, spool: DocumentSpool) {
    this.#link = link;
    this.source = source;
    this.#cursor = cursor;
    this.#spool = spool;
  }

  /** Nothing is asked of the server yet. */
  static async open(link: Link, place: SessionPlace, source: ResultSource, first: number): Promise<Result> {
    const cursor = await begun(link, source.database, source.command, first);
    return new Result(link, source, cursor, new DocumentSpool(async () => join(await place.spool(), `documents-${randomUUID()}`)));
  }

  /** Reads on as far as needed. Whoever stops waiting leaves the reading to those who come after. */
  async page(from: number, count: number, signal: AbortSignal): Promise<DocumentPage> {
    this.lastAsked = Date.now();
    if (from + count > this.#spool.count && !this.#done) {
      const reading = this.#reading.then(() => this.#readTo(from + count));
      this.#reading = reading.catch(() => {});
      await this.#link.told(signal, () => abortable(reading, signal));
    }
    const documents: DocumentRow[] = [];
    let bytes = 0;
    const to = Math.min(from + count, this.#spool.count);
    while (from + documents.length < to) {
      const at = from + documents.length;
      for (const document of await this.#spool.read(at, to - at, limits.documentPageBytes)) {
        const row = rowOf(from + documents.length, document, limits.documentPageBytes - bytes);
        bytes += row.ejson === null ? 0 : row.bytes;
        documents.push(row);
      }
    }
    return { from, documents, known: this.#spool.count, done: this.#done };
  }

  /** One document as it was read, whatever its size. @throws NoodleError not-found */
  async bytes(at: number): Promise<Buffer> {
    this.lastAsked = Date.now();
    if (at >= 0 && at < this.#spool.count && !this.#closed) return (await this.#spool.read(at, 1, 0))[0]!;
    throw new NoodleError({ code: 'not-found', what: 'This document is not part of the result.', todo: 'Run the query again.' });
  }

  /** What was saved in its place. */
  async replaced(at: number, document: Buffer): Promise<void> {
    if (!this.#closed) await this.#spool.replace(at, document);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#done = true;
    await this.#cursor.close().catch(() => {});
    await this.#reading;
    await this.#spool.close();
  }

  async #readTo(wanted: number): Promise<void> {
    while (this.#spool.count < wanted && !this.#done) {
      if (this.#spool.bytes > limits.documentSpoolBytes) {
        throw new NoodleError({
          code: 'too-large',
          what: `The first ${this.#spool.count} documents are as many as are kept.`,
          todo: 'Narrow the filter, or export the collection.',
        });
      }
      await this.#spool.append(await this.#batch(wanted - this.#spool.count));
    }
  }

  /** What is at hand, or one batch more from the server. */
  async #batch(wanted: number): Promise<Buffer[]> {
    const documents: Buffer[] = [];
    try {
      let bytes = 0;
      while (documents.length < wanted && bytes < limits.documentWriteBytes) {
        const next = (await this.#cursor.next()) as unknown as Buffer | null;
        if (next === null) {
          this.#done = true;
          break;
        }
        documents.push(next);
        bytes += next.length;
        if (documents.length >= wanted && this.#cursor.bufferedCount() === 0) break;
      }
      return documents;
    } catch (error) {
      if (serverCode(error) !== codes.cursorNotFound || this.#closed) throw error;
      await this.#again(documents.length);
      return documents;
    }
  }

  /** The server forgot the cursor: it does after ten minutes, and when it was restarted. */
  async #again(pending: number): Promise<void> {
    const { after, database } = this.source;
    if (after === undefined) {
      throw new NoodleError({
        code: 'query-failed',
        what: 'The server no longer knows this result.',
        why: 'It forgets results that nobody reads on for a while.',
        todo: 'Run it again.',
      });
    }
    this.#cursor = await begun(this.#link, database, after(this.#spool.count + pending), limits.documentBatch);
  }
}

function begun(link: Link, database: string, command: Command, first: number): Promise<RunCommandCursor> {
  const batch = 'find' in command ? { batchSize: first } : { cursor: { batchSize: first } };
  return link.cursor(database, { ...command, ...batch }, { batch: limits.documentBatch });
}

function rowOf(at: number, document: Buffer, room: number): DocumentRow {
  const id = elementNamed(document, '_id');
  const told = { at, bytes: document.length, id: id && id.to - id.from <= limits.documentWithheld ? ejsonOfElement(document, id) : null };
  return document.length > limits.documentWithheld || document.length > room
    ? { ...told, ejson: null, outline: outlineOf(document) }
    : { ...told, ejson: ejsonOf(document), outline: null };
}
