/** Many documents changed or deleted by a filter: what it would do first, then it. */
import { randomUUID } from 'node:crypto';
import type { DocumentChangePreview } from '../../../../preload/contract/documents.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { ejsonOf } from '../bson/ejson.ts';
import { parseDocument, parseDocuments, parseShell } from '../shell/parse.ts';
import type { ShellDocument } from '../shell/values.ts';
import { countOf } from './count.ts';
import { placed, reading } from './failure.ts';
import { idText, idValue } from './id.ts';
import { killTagged, tag } from './kill.ts';
import type { Command, Link } from './link.ts';
import { rawDocuments } from './raw.ts';

export interface Change {
  readonly database: string;
  readonly collection: string;
  /** Shell syntax. */
  readonly filter: string;
  readonly collation: string;
  /** Undefined: the documents are deleted. */
  readonly update?: string;
  readonly arrayFilters: string;
}

interface Progress {
  readonly signal: AbortSignal;
  progress(current: number, total: number, label: string): void;
}

export class Bulk {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** Changes nothing that was there: an update is tried on copies of some documents, in a collection that goes afterwards. */
  async preview(change: Change & { readonly timeout: number }, signal: AbortSignal): Promise<DocumentChangePreview> {
    const read = readChange(change);
    const { database, collection } = change;
    const find = { find: collection, filter: read.filter, ...read.collation, limit: limits.documentChangePreview };
    const [matched, before] = await Promise.all([
      countOf(this.#link, change, signal),
      rawDocuments(this.#link, database, { ...find, maxTimeMS: change.timeout }, signal),
    ]).catch((error: unknown) => {
      throw placed(error, 'Filter', change.filter);
    });
    const after = read.update === undefined ? [] : await this.#tried(change, read.update, read, before, signal);
    return { matched, samples: before.map((document, index) => ({ before: ejsonOf(document), after: after[index] ?? null })) };
  }

  /** @returns how many documents it changed or deleted */
  async run(change: Change, { signal, progress }: Progress): Promise<number> {
    const read = readChange(change);
    const matched = await countOf(this.#link, { ...change, timeout: limits.documentQueryTimeout }, signal);
    return read.update === undefined
      ? this.#delete(change, read, matched, { signal, progress })
      : this.#update(change, read.update, read, matched, { signal, progress });
  }

  /** One command: documents that an update has moved are not met twice. */
  async #update(change: Change, update: Update, read: ReadChange, matched: number, { signal, progress }: Progress): Promise<number> {
    progress(0, matched, 'documents updated');
    const comment = tag();
    const stop = () => void killTagged(this.#link, comment);
    signal.addEventListener('abort', stop, { once: true });
    try {
      const updates = [{ q: read.filter, u: update, multi: true, ...read.collation, ...read.arrayFilters }];
      const answer = await this.#link.write(change.database, { update: change.collection, updates, comment }, signal);
      progress(matched, matched, 'documents updated');
      return Number(answer.nModified ?? answer.n);
    } catch (error) {
      throw placed(error, 'Update', change.update ?? '');
    } finally {
      signal.removeEventListener('abort', stop);
    }
  }

  /** A portion after another, so that it can be stopped between them. */
  async #delete(change: Change, read: ReadChange, matched: number, { signal, progress }: Progress): Promise<number> {
    const ids: Command = {
      find: change.collection,
      filter: read.filter,
      ...read.collation,
      projection: { _id: 1 },
      limit: limits.documentWriteBatch,
    };
    for (let deleted = 0; ; ) {
      progress(deleted, Math.max(matched, deleted), 'documents deleted');
      const found = await rawDocuments(this.#link, change.database, ids, signal);
      if (found.length === 0) return deleted;
      const which = { _id: { $in: found.map(idValue) } };
      const q = read.filter.size === 0 ? which : { $and: [read.filter, which] };
      const { n } = await this.#link.write(
        change.database,
        { delete: change.collection, deletes: [{ q, limit: 0, ...read.collation }] },
        signal,
      );
      deleted += Number(n);
      if (Number(n) === 0)
        throw new NoodleError({ code: 'query-failed', what: `The server deletes no more: ${deleted} of ${matched} are gone.` });
    }
  }

  async #tried(change: Change, update: Update, read: ReadChange, before: readonly Buffer[], signal: AbortSignal): Promise<string[]> {
    if (before.length === 0) return [];
    const { database } = change;
    const copies = `noodlebox_preview_${randomUUID().slice(0, 8)}`;
    try {
      await this.#link.write(database, { insert: copies, documents: before.map((document) => parseDocument(ejsonOf(document))) }, signal);
      // `a.$` means the element that the filter met; without it the filter may need an index that the copies lack.
      const q = /\.\$(["'`.]|\s|$)/.test(change.update ?? '') ? read.filter : {};
      await this.#link.write(database, { update: copies, updates: [{ q, u: update, multi: true, ...read.arrayFilters }] }, signal);
      const after = await rawDocuments(this.#link, database, { find: copies, filter: {} }, signal);
      const byId = new Map(after.map((document) => [idText(document), ejsonOf(document)]));
      return before.map((document) => byId.get(idText(document)) ?? '');
    } catch (error) {
      throw placed(error, 'Update', change.update ?? '');
    } finally {
      await this.#link.command(database, { drop: copies }, AbortSignal.timeout(5_000)).catch(() => {});
    }
  }
}

type Update = ShellDocument | ShellDocument[];

interface ReadChange {
  readonly filter: ShellDocument;
  readonly collation: { readonly collation?: ShellDocument };
  readonly update: Update | undefined;
  readonly arrayFilters: { readonly arrayFilters?: ShellDocument[] };
}

function readChange({ filter, collation, update, arrayFilters }: Change): ReadChange {
  const read = reading('Collation', collation, parseDocument);
  const filters = reading('Array filters', arrayFilters, parseDocuments);
  return {
    filter: reading('Filter', filter, parseDocument),
    collation: read.size > 0 ? { collation: read } : {},
    update: update === undefined ? undefined : reading('Update', update, readUpdate),
    arrayFilters: filters.length > 0 ? { arrayFilters: filters } : {},
  };
}

/** Operators or a pipeline: a document without operators would take the place of every document. */
function readUpdate(text: string): Update {
  const value = text.trim() === '' ? undefined : parseShell(text);
  if (Array.isArray(value) && value.length > 0) return parseDocuments(text);
  if (value instanceof Map && value.size > 0 && [...value.keys()].every((key) => key.startsWith('$'))) return value;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'An update consists of operators.',
    todo: 'Write { $set: { field: value } }, or a pipeline in brackets.',
    at: { offset: 0, length: Math.max(1, text.length) },
  });
}
