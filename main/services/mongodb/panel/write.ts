/** Documents inserted, replaced and deleted one by one, never over a change that nobody saw. */
import { BSON, type Document, ObjectId } from 'mongodb';
import { NoodleError } from '../../../errors.ts';
import { bytesOf, ejsonOf, exactly } from '../bson/ejson.ts';
import { elementNamed } from '../bson/reader.ts';
import { parseDocument, parseShell } from '../shell/parse.ts';
import { wrongAt } from '../shell/scan.ts';
import type { ShellDocument, ShellValue } from '../shell/values.ts';
import { batchesOf } from './batches.ts';
import { exact, idText, idValue } from './id.ts';
import type { Link } from './link.ts';
import type { Result } from './result.ts';

/** Ids told of what was inserted. */
const idsTold = 100;

export class Writer {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** One document or a list of them. Those without an `_id` get one. @throws NoodleError bad-argument, conflict, query-failed */
  async insert(database: string, collection: string, text: string, signal: AbortSignal): Promise<{ inserted: number; ids: string[] }> {
    const documents = readDocuments(text).map(withId);
    let inserted = 0;
    for (const batch of batchesOf(documents)) {
      const { n } = await this.#link.write(database, { insert: collection, documents: batch }, signal);
      inserted += Number(n);
    }
    return { inserted, ids: documents.slice(0, idsTold).map((document) => idText(bytesOf(document))) };
  }

  /** @returns what is stored now @throws NoodleError conflict, bad-argument */
  async replace(result: Result, at: number, text: string, signal: AbortSignal): Promise<{ ejson: string; bytes: number }> {
    const { database, collection } = mustBeWhole(result);
    const before = await result.bytes(at);
    const after = withOwnId(before, parseDocument(text), text);
    await this.#mustBeAsRead(database, collection, [before], signal);
    const { n } = await this.#link.write(database, { update: collection, updates: [{ q: guard(before), u: after }] }, signal);
    if (Number(n) === 0) throw changed(1);
    const stored = bytesOf(after);
    await result.replaced(at, stored);
    return { ejson: ejsonOf(stored), bytes: stored.length };
  }

  /** @throws NoodleError conflict when one was changed; nothing is deleted then */
  async delete(result: Result, at: readonly number[], signal: AbortSignal): Promise<{ deleted: number }> {
    const { database, collection } = mustBeWhole(result);
    const documents = await Promise.all(at.map((each) => result.bytes(each)));
    await this.#mustBeAsRead(database, collection, documents, signal);
    const deletes = documents.map((document) => ({ q: guard(document), limit: 1 }));
    const { n } = await this.#link.write(database, { delete: collection, deletes }, signal);
    return { deleted: Number(n) };
  }

  async #mustBeAsRead(database: string, collection: string, documents: readonly Buffer[], signal: AbortSignal): Promise<void> {
    const ids = documents.map(idValue);
    const filter = ids.length === 1 ? { _id: exact(ids[0]) } : { _id: { $in: ids } };
    const cursor = await this.#link.cursor(
      database,
      { find: collection, filter, batchSize: documents.length },
      { batch: documents.length, signal },
    );
    const now = new Map<string, Buffer>();
    await this.#link.told(signal, async () => {
      try {
        for await (const document of cursor) now.set(idText(document as unknown as Buffer), document as unknown as Buffer);
      } finally {
        await cursor.close();
      }
    });
    const others = documents.filter((document) => !now.get(idText(document))?.equals(document));
    if (others.length > 0) throw changed(others.length);
  }
}

/** One document, or a list, in shell syntax or Extended JSON. */
export function readDocuments(text: string): ShellDocument[] {
  const value = parseShell(text);
  if (value instanceof Map) return [value];
  if (Array.isArray(value) && value.length > 0 && value.every((each) => each instanceof Map)) return value as ShellDocument[];
  return wrongAt('A document in braces, or a list of them, is wanted here.', 0, text.length);
}

export function withId(document: ShellDocument): ShellDocument {
  return document.has('_id') ? document : new Map<string, ShellValue>([['_id', new ObjectId()], ...document]);
}

/** The document that takes the place of another: its _id is the other's, and stands first as the server puts it. */
function withOwnId(before: Buffer, after: ShellDocument, text: string): ShellDocument {
  const own = idText(before);
  if (after.has('_id') && idText(bytesOf(new Map([['_id', after.get('_id') as ShellValue]]) as never)) !== own) {
    wrongAt(
      'The _id of a document cannot be changed.',
      Math.max(0, text.indexOf('_id')),
      3,
      'Duplicate the document to store it under another one.',
    );
  }
  return new Map<string, ShellValue>([['_id', idValue(before)], ...[...after].filter(([name]) => name !== '_id')]);
}

const guarded = new Set(['string', 'int', 'long', 'double', 'bool', 'objectId', 'date']);

/** Finds the document only while its plain fields are as they were read. */
function guard(bytes: Buffer): Document {
  const document = BSON.deserialize(bytes, exactly);
  const fields: [string, unknown][] = [['_id', exact(document._id)]];
  for (const [name, value] of Object.entries(document)) {
    const element = elementNamed(bytes, name);
    const plain = element !== undefined && guarded.has(element.type) && element.to - element.from <= 1_024 && !/^\$|\./.test(name);
    const real = !(value instanceof Date) || !Number.isNaN(value.getTime());
    if (plain && real && name !== '_id' && name !== '' && !Number.isNaN((value as { value?: number }).value)) fields.push([name, value]);
    if (fields.length > 50) break;
  }
  return Object.fromEntries(fields);
}

function mustBeWhole(result: Result) {
  const { command, database, collection } = result.source;
  if ('find' in command && !('projection' in command)) return { database, collection };
  throw new NoodleError({
    code: 'bad-argument',
    what: 'These are not the documents as they are stored.',
    why: 'find' in command ? 'The projection leaves fields out.' : 'A pipeline made them.',
    todo: 'Run a query without a projection.',
  });
}

function changed(documents: number): NoodleError {
  return new NoodleError({
    code: 'conflict',
    what:
      documents === 1
        ? 'This document was changed or deleted since it was read.'
        : `${documents} of these documents were changed or deleted since they were read.`,
    todo: 'Run the query again to see it as it is, then make the change anew.',
  });
}
