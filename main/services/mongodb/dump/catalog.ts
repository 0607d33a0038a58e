/** The collections of all databases but the server's own, with how they were made. */
import { BSON, type Document, type MongoClient } from 'mongodb';
import { z } from 'zod';

/** A document of few fields, as its BSON in base64: every type stays what it is. */
const Bson = z.base64();

export const Collection = z.object({
  database: z.string(),
  name: z.string(),
  /** null: a view, which holds nothing */
  part: z.string().nullable(),
  options: Bson,
  indexes: z.array(Bson),
});
export type Collection = z.infer<typeof Collection>;

export const Catalog = z.object({ collections: z.array(Collection) });
export const catalogPart = 'catalog.json';

const ownDatabases: ReadonlySet<string> = new Set(['admin', 'config', 'local']);
/** Everything stays the type that it came as. */
const exactly = { promoteValues: false, promoteLongs: false, bsonRegExp: true } as const;

export const freshName = (id: string, at: number) => `noodlebox_new_${id}_${at}`;

export async function readCatalog(client: MongoClient, signal: AbortSignal): Promise<{ collections: Collection[]; notes: string[] }> {
  const collections: Collection[] = [];
  const notes: string[] = [];
  const { databases } = await client.db('admin').command({ listDatabases: 1, nameOnly: true }, { signal });
  for (const { name: database } of databases as { name: string }[]) {
    if (ownDatabases.has(database)) continue;
    for (const { name, type, options } of await listed(client, database, signal)) {
      if (name.startsWith('system.') || name.startsWith('noodlebox_new_')) continue;
      const view = type === 'view';
      if (type === 'timeseries')
        notes.push(`${database}.${name} is a time series: its documents are kept, and come back in a plain collection.`);
      const { timeseries: _, ...rest } = options;
      collections.push({
        database,
        name,
        part: view ? null : `${String(collections.length + 1).padStart(6, '0')}.bson`,
        options: encoded(type === 'timeseries' ? {} : rest),
        indexes: view || type === 'timeseries' ? [] : (await indexesOf(client, database, name)).map(encoded),
      });
    }
  }
  return { collections, notes };
}

interface Listed {
  readonly name: string;
  readonly type: string;
  readonly options: Document;
}

export async function listed(client: MongoClient, database: string, signal: AbortSignal): Promise<Listed[]> {
  const found = await client
    .db(database)
    .listCollections({}, { ...exactly, signal })
    .toArray();
  return found
    .map((entry) => entry as unknown as Record<string, unknown>)
    .map(({ name, type, options }) => ({ name: String(name), type: String(type ?? 'collection'), options: (options ?? {}) as Document }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

async function indexesOf(client: MongoClient, database: string, name: string): Promise<Document[]> {
  const found = await client.db(database).collection(name).listIndexes(exactly).toArray();
  // That on _id is made with the collection; a version and a name of the collection are the server's business.
  return found.filter(({ name: index }) => String(index) !== '_id_').map(({ v: _v, ns: _ns, ...index }) => index);
}

export function encoded(document: Document): string {
  return Buffer.from(BSON.serialize(document)).toString('base64');
}

export function decoded(bson: string): Document {
  return BSON.deserialize(Buffer.from(bson, 'base64'), exactly);
}
