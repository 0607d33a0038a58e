/** Documents of all collections of the stack's database, byte for byte, and their indexes. */
import { createHash } from 'node:crypto';
import { limits } from '../../limits.ts';
import { type ContentItem, type StoreContent, shownText } from '../content.ts';
import type { Connection } from '../kind.ts';
import { ejsonOf, ejsonOfElement, ejsonOfValue } from './bson/ejson.ts';
import { elements } from './bson/reader.ts';
import { type MongodbClient, openMongodb } from './client.ts';

const indexes = '(indexes)';

/** @throws NoodleError wrong-password, service-unreachable */
export async function openContent(connection: Connection): Promise<StoreContent> {
  const client = await openMongodb(connection);
  return {
    item: 'document',
    notes: [`Only the database ${connection.parts.database} is compared, without views.`],
    async parts(signal) {
      const names = await collections(client);
      signal.throwIfAborted();
      const counted = await Promise.all(
        names.map(async (name) => ({ name, items: await client.database.collection(name).countDocuments({}, { signal }), digest: null })),
      );
      const all = await indexItems(client, names);
      return [{ name: indexes, items: all.length, digest: null }, ...counted];
    },
    async *items(part, signal) {
      if (part === indexes) return yield await indexItems(client, await collections(client));
      const cursor = client.database.collection(part).find({}, { raw: true, batchSize: limits.fetchSize, signal });
      let batch: ContentItem[] = [];
      for await (const document of cursor) {
        batch.push(itemOf(document as unknown as Buffer));
        if (batch.length < limits.fetchSize) continue;
        yield batch;
        batch = [];
      }
      yield batch;
    },
    close: () => client.close(),
  };
}

async function collections({ database }: MongodbClient): Promise<string[]> {
  const all = await database.listCollections().toArray();
  return all.flatMap(({ name, type }) => (type === 'view' || name.startsWith('system.') ? [] : [name])).sort();
}

function itemOf(bytes: Buffer): ContentItem {
  const id = [...elements(bytes)].find(({ name }) => name === '_id');
  return {
    key: id ? ejsonOfElement(bytes, id, 'relaxed') : '',
    digest: createHash('sha256').update(bytes).digest('hex'),
    text: shownText(ejsonOf(bytes, 'relaxed'), limits.diffText),
  };
}

async function indexItems({ database }: MongodbClient, names: readonly string[]): Promise<ContentItem[]> {
  const all = await Promise.all(
    names.map(async (name) => {
      const found = await database.collection(name).listIndexes().toArray();
      return found.map((index) => {
        const text = ejsonOfValue(index, 'relaxed');
        return { key: `${name}.${index.name}`, digest: text, text: shownText(text, limits.diffText) };
      });
    }),
  );
  return all.flat();
}
