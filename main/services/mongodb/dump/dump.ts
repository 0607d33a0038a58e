/** Documents as the bytes they came as: nothing of them is read. */
import type { MongoClient } from 'mongodb';
import { limits } from '../../../limits.ts';
import { UnorderedChecksum } from '../../checksum.ts';
import { inChunks, jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import { openMongodb } from '../client.ts';
import { type Collection, catalogPart, readCatalog } from './catalog.ts';

export async function withClient<T>({ connection }: DumpPlace, signal: AbortSignal, act: (client: MongoClient) => Promise<T>): Promise<T> {
  const { driver } = await openMongodb(connection, signal, { readPreference: 'primaryPreferred' });
  try {
    return await act(driver);
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    await driver.close().catch(() => {});
  }
}

export function counts(place: DumpPlace, signal: AbortSignal): Promise<readonly DumpCount[]> {
  return withClient(place, signal, async (client) => {
    const { collections } = await readCatalog(client, signal);
    return Promise.all(
      collections
        .filter(({ part }) => part !== null)
        .map(async (collection) => countOf(collection, await countDocuments(client, collection.database, collection.name, signal), null)),
    );
  });
}

export function dump(place: DumpPlace, put: PutPart, signal: AbortSignal): Promise<DumpFacts> {
  return withClient(place, signal, async (client) => {
    const { collections, notes } = await readCatalog(client, signal);
    await put(catalogPart, jsonPart({ collections }));
    const counts: DumpCount[] = [];
    for (const collection of collections) {
      if (collection.part === null) continue;
      const checksum = new UnorderedChecksum();
      let count = 0;
      const counted = async function* () {
        for await (const document of documents(client, collection, signal)) {
          count++;
          checksum.add(document);
          yield document;
        }
      };
      await put(collection.part, inChunks(counted()));
      counts.push(countOf(collection, count, checksum.toString()));
    }
    return {
      counts,
      notes: [
        ...notes,
        'Collections are read one after another while the server goes on: they are not of one moment. Users and roles are not kept.',
      ],
    };
  });
}

async function* documents(client: MongoClient, { database, name }: Collection, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const found = client.db(database).collection(name).find({}, { raw: true, batchSize: limits.documentWriteBatch, signal });
  try {
    for await (const document of found) yield document as unknown as Uint8Array;
  } finally {
    await found.close().catch(() => {});
  }
}

export async function countDocuments(client: MongoClient, database: string, name: string, signal: AbortSignal): Promise<number> {
  const { n } = await client.db(database).command({ count: name, query: {} }, { signal });
  return Number(n);
}

export function countOf({ database, name }: Pick<Collection, 'database' | 'name'>, count: number, checksum: string | null): DumpCount {
  return { name: `${database}.${name}`, count, checksum };
}
