/** What a bundle takes of a MongoDB database: documents that carry an id where ids stand, or all, as exact BSON. */
import type { Document } from 'mongodb';
import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import type { FieldFilter, PortionSource, PortionWork } from '../../portion.ts';
import { ejsonOfValue } from '../bson/ejson.ts';
import { elementNamed } from '../bson/reader.ts';
import { Catalog } from '../panel/catalog.ts';
import { Link } from '../panel/link.ts';
import { plain } from '../panel/plain.ts';
import { streamed } from '../panel/raw.ts';
import { forms, idFields } from '../panel/trace.ts';
import { verify } from '../verify.ts';
import { IdSet } from './carries.ts';
import type { IndexedCollection } from './index-file.ts';
import { rewriteBson } from './rewrite.ts';

/** @throws NoodleError wrong-password, service-unreachable */
export async function openPortionSource(connection: Connection, { signal }: { readonly signal: AbortSignal }): Promise<PortionSource> {
  const { version } = await verify(connection, signal);
  const link = new Link(connection);
  const catalog = new Catalog(link);
  const { database } = link;
  // FerretDB looks at every document itself, and compares each with every id.
  const asksWell = !version.startsWith('FerretDB');
  const collections = async (stop: AbortSignal) =>
    (await catalog.collections(database, stop)).filter(({ type, name }) => type !== 'view' && !name.startsWith('system.'));
  return {
    version,
    outline: async (stop) => (await collections(stop)).map(({ name }) => ({ place: name, fields: undefined })),
    async read(ids, to, work) {
      const all = await collections(work.signal);
      const wanted = ids ? all.filter(({ name }) => !name.startsWith('noodlebox_')) : all;
      const indexed: IndexedCollection[] = [];
      for (const { name, options } of wanted) {
        const part = `documents/${indexed.length}.bson`;
        const writer = await to.part(part);
        let documents = 0;
        for await (const document of documentsOf(link, name, ids, asksWell, work)) {
          await writer.write(to.filter.passesAll ? document : filtered(document, name, to.filter));
          documents++;
          if (documents % 100 === 0) work.progress(documents, 0, `documents of ${name}`);
        }
        await writer.end();
        indexed.push({ name, options, indexes: await indexesOf(link, name, work.signal), documents, part });
      }
      return {
        index: { format: 1, collections: indexed },
        counts: indexed.map(({ name, documents: rows }) => ({ name, rows })),
      };
    },
    close: () => link.close(),
  };
}

function filtered(document: Buffer, place: string, filter: FieldFilter): Buffer {
  return rewriteBson(document, (path, value) => filter.value(place, path, value));
}

async function* documentsOf(
  link: Link,
  collection: string,
  ids: ReadonlySet<string> | undefined,
  asksWell: boolean,
  { signal }: PortionWork,
): AsyncGenerator<Buffer> {
  if (!ids) {
    yield* streamed(link, link.database, { find: collection, filter: {} }, signal);
    return;
  }
  const fields = await idFields(link, link.database, collection, signal, limits.bundleSampled);
  if (!asksWell) {
    const [wanted, where] = [new IdSet(ids), new Set(fields)];
    for await (const document of streamed(link, link.database, { find: collection, filter: {} }, signal)) {
      if (wanted.isIn(document, where)) yield document;
    }
    return;
  }
  const all = [...ids].flatMap(forms);
  /** A document may carry several of the ids. */
  const seen = new Set<string>();
  for (let at = 0; at < all.length; at += limits.bundleBatch) {
    const values = { $in: all.slice(at, at + limits.bundleBatch) };
    const find = { find: collection, filter: { $or: fields.map((field) => ({ [field]: values })) } };
    for await (const document of streamed(link, link.database, find, signal)) {
      const own = elementNamed(document, '_id');
      const key = own ? `${own.type} ${document.toString('latin1', own.from, own.to)}` : document.toString('latin1');
      if (seen.has(key)) continue;
      seen.add(key);
      yield document;
    }
  }
}

/** As Extended JSON, without the one that every collection has. */
async function indexesOf(link: Link, collection: string, signal: AbortSignal): Promise<string[]> {
  const { cursor } = await link.command(link.database, { listIndexes: collection, cursor: { batchSize: 1_000 } }, signal);
  return (cursor.firstBatch as Document[]).filter((index) => plain(index.name) !== '_id_').map((index) => ejsonOfValue(index));
}
