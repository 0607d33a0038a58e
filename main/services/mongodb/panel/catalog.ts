/** Databases, collections, their sizes. */
import type { Document } from 'mongodb';
import type { CollectionInfo, CollectionSizes, DocumentDatabase } from '../../../../preload/contract/documents.ts';
import { ejsonOfValue } from '../bson/ejson.ts';
import type { Link } from './link.ts';
import { plain, plainNumber } from './plain.ts';

export class Catalog {
  readonly #link: Link;

  constructor(link: Link) {
    this.#link = link;
  }

  /** The stack's own first, then by name; `own` is there even while nothing is in it. */
  async databases(signal: AbortSignal): Promise<DocumentDatabase[]> {
    const { databases } = await this.#link.command('admin', { listDatabases: 1 }, signal);
    const own = this.#link.database;
    const told = (databases as Document[]).map((each) => ({
      name: String(plain(each.name)),
      bytes: plainNumber(each.sizeOnDisk),
      own: plain(each.name) === own,
      system: systemDatabases.has(String(plain(each.name))),
    }));
    if (!told.some((each) => each.own)) told.push({ name: own, bytes: 0, own: true, system: false });
    return told.sort((a, b) => Number(b.own) - Number(a.own) || Number(a.system) - Number(b.system) || byName(a, b));
  }

  async collections(database: string, signal: AbortSignal): Promise<CollectionInfo[]> {
    const found = await this.#all(database, { listCollections: 1, cursor: {} }, signal);
    return found
      .map((each) => {
        const options = (each.options ?? {}) as Document;
        return {
          name: String(plain(each.name)),
          type: (['view', 'timeseries'] as const).find((type) => type === plain(each.type)) ?? ('collection' as const),
          capped: plain(options.capped) === true,
          viewOn: options.viewOn === undefined ? null : String(plain(options.viewOn)),
          validated: options.validator !== undefined,
          options: ejsonOfValue(options, 'relaxed'),
        };
      })
      .sort(byName);
  }

  /** Estimated counts and sizes. Collections that cannot be measured (views) are left out. */
  async sizes(database: string, collections: readonly string[], signal: AbortSignal): Promise<CollectionSizes[]> {
    const sizes = await Promise.all(collections.map((name) => this.#size(database, name, signal).catch(ifAway)));
    return sizes.filter((each) => each !== undefined);
  }

  async #size(database: string, name: string, signal: AbortSignal): Promise<CollectionSizes> {
    const stats = await this.#link.command(database, { collStats: name }, signal);
    return {
      name,
      documents: plainNumber(stats.count) ?? 0,
      bytes: plainNumber(stats.size) ?? 0,
      average: plainNumber(stats.avgObjSize),
      storage: plainNumber(stats.storageSize) ?? 0,
      indexes: plainNumber(stats.nindexes) ?? 0,
      indexBytes: plainNumber(stats.totalIndexSize) ?? 0,
    };
  }

  /** All documents of a command that answers with a cursor, where they are known to be few. */
  async #all(database: string, command: Document, signal: AbortSignal): Promise<Document[]> {
    const { cursor } = await this.#link.command(database, command, signal);
    const found: Document[] = [...cursor.firstBatch];
    for (let id = cursor.id; !isZero(id); ) {
      const { cursor: next } = await this.#link.command(database, { getMore: id, collection: '$cmd.listCollections' }, signal);
      found.push(...next.nextBatch);
      id = next.id;
    }
    return found;
  }
}

const systemDatabases = new Set(['admin', 'config', 'local']);

function byName(a: { readonly name: string }, b: { readonly name: string }): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}

function isZero(id: unknown): boolean {
  return String(id) === '0';
}

function ifAway(error: { readonly problem?: { readonly code: string } }): undefined {
  if (error.problem?.code === 'service-unreachable' || error.problem?.code === 'cancelled') throw error;
}
