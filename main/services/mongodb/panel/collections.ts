/** Collections made, renamed and dropped, and the rules their documents must keep. */
import type { Document } from 'mongodb';
import type { Validation } from '../../../../preload/contract/documents.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { ejsonOf, ejsonOfValue } from '../bson/ejson.ts';
import { parseDocument } from '../shell/parse.ts';
import type { Catalog } from './catalog.ts';
import { estimatedCount } from './count.ts';
import { placed, reading } from './failure.ts';
import type { Link } from './link.ts';
import { plain } from './plain.ts';
import { readPipeline } from './query.ts';
import { rawDocuments } from './raw.ts';

interface NewCollection {
  readonly viewOn?: string;
  readonly pipeline: string;
  /** Shell syntax: `{ capped: true, size: 1048576 }`. */
  readonly options: string;
}

export class Collections {
  readonly #link: Link;
  readonly #catalog: Catalog;

  constructor(link: Link, catalog: Catalog) {
    this.#link = link;
    this.#catalog = catalog;
  }

  async create(database: string, name: string, { viewOn, pipeline, options }: NewCollection, signal: AbortSignal): Promise<void> {
    const view = viewOn === undefined ? {} : { viewOn, pipeline: readPipeline(pipeline) };
    const given = Object.fromEntries(reading('Options', options, parseDocument));
    await this.#link.write(database, { create: name, ...view, ...given }, signal);
  }

  async rename(database: string, from: string, to: string, signal: AbortSignal): Promise<void> {
    await this.#link.write('admin', { renameCollection: `${database}.${from}`, to: `${database}.${to}` }, signal);
  }

  async drop(database: string, name: string, signal: AbortSignal): Promise<void> {
    await this.#link.write(database, { drop: name }, signal);
  }

  async dropDatabase(database: string, signal: AbortSignal): Promise<void> {
    await this.#link.write(database, { dropDatabase: 1 }, signal);
  }

  /** What dropping a collection, or all of them, deletes: in words. */
  async losses(database: string, collection: string | undefined, signal: AbortSignal): Promise<string[]> {
    const all = await this.#catalog.collections(database, signal);
    const wanted = collection === undefined ? all : all.filter(({ name }) => name === collection);
    const told = wanted.slice(0, limits.documentSizesAtOnce).map(async ({ name, type, viewOn }) => {
      if (type === 'view') return `the view ${name}; ${viewOn} keeps its documents`;
      const documents = await estimatedCount(this.#link, database, name, signal);
      return `${documents.toLocaleString('en')} documents of ${name}, with its indexes`;
    });
    const lines = await Promise.all(told);
    return wanted.length > lines.length ? [...lines, `and ${wanted.length - lines.length} more collections`] : lines;
  }

  async validation(database: string, collection: string, signal: AbortSignal): Promise<Validation> {
    const { cursor } = await this.#link.command(database, { listCollections: 1, filter: { name: collection }, cursor: {} }, signal);
    const [found] = cursor.firstBatch as Document[];
    if (!found) throw new NoodleError({ code: 'not-found', what: `There is no collection ${JSON.stringify(collection)} in ${database}.` });
    const { validator, validationLevel, validationAction } = (found.options ?? {}) as Document;
    return {
      validator: validator && Object.keys(validator).length > 0 ? ejsonOfValue(validator) : '',
      level: (['off', 'moderate'] as const).find((level) => level === plain(validationLevel)) ?? 'strict',
      action: plain(validationAction) === 'warn' ? 'warn' : 'error',
    };
  }

  async setValidation(database: string, collection: string, { validator, level, action }: Validation, signal: AbortSignal): Promise<void> {
    const rules = reading('Validator', validator, parseDocument);
    await this.#link
      .write(database, { collMod: collection, validator: rules, validationLevel: level, validationAction: action }, signal)
      .catch((error: unknown) => {
        throw placed(error, 'Validator', validator);
      });
  }

  /** Documents that the rules would refuse. */
  async failing(database: string, collection: string, validator: string, timeout: number, signal: AbortSignal) {
    const rules = reading('Validator', validator, parseDocument);
    if (rules.size === 0) return { failing: 0, documents: [] };
    const filter = { $nor: [rules] };
    try {
      const [{ n }, documents] = await Promise.all([
        this.#link.command(database, { count: collection, query: filter, maxTimeMS: timeout }, signal),
        rawDocuments(this.#link, database, { find: collection, filter, limit: limits.documentChangePreview, maxTimeMS: timeout }, signal),
      ]);
      return { failing: Number(n), documents: documents.map((document) => ejsonOf(document)) };
    } catch (error) {
      throw placed(error, 'Validator', validator);
    }
  }
}
