/** Restores into collections of their own, which then take the names of those that are there. */
import type { Document, MongoClient } from 'mongodb';
import { z } from 'zod';
import { limits } from '../../../limits.ts';
import { readJsonPart, recordsOf, wrongPart } from '../../dump-parts.ts';
import type { DumpCount, DumpPart, DumpPlace, Staged, StageOptions } from '../../dumper.ts';
import { isServerError } from '../errors.ts';
import { Catalog, type Collection, catalogPart, decoded, freshName, listed } from './catalog.ts';
import { countDocuments, countOf, withClient } from './dump.ts';

const Swaps = z.array(
  z.object({
    database: z.string(),
    /** What takes its name; null for a view, made from its options. */
    fresh: z.string().nullable(),
    name: z.string(),
    options: z.string(),
  }),
);

export function stage(place: DumpPlace, parts: AsyncIterable<DumpPart>, { id, signal }: StageOptions): Promise<Staged> {
  const reading = parts[Symbol.asyncIterator]();
  const next = async () => ((await reading.next()) as IteratorResult<DumpPart, undefined>).value;
  return withClient(place, signal, async (client) => {
    const { collections } = await readJsonPart(await next(), catalogPart, Catalog);
    const notes: string[] = [];
    const counts: DumpCount[] = [];
    const swaps: z.infer<typeof Swaps> = [];
    for (const [at, collection] of collections.entries()) {
      const { database, name, part: wanted, options } = collection;
      const fresh = wanted === null ? null : freshName(id, at);
      swaps.push({ database, fresh, name, options });
      if (fresh === null) continue;
      const part = await next();
      if (part?.name !== wanted) throw wrongPart(wanted!, 'it is missing');
      await create(client, collection, fresh, notes, signal);
      await insertAll(client, database, fresh, part, signal);
      await makeIndexes(client, collection, fresh, signal);
      counts.push(countOf(collection, await countDocuments(client, database, fresh, signal), null));
    }
    return { record: swaps, counts, notes };
  });
}

export function swap(place: DumpPlace, record: unknown, { signal }: StageOptions): Promise<void> {
  const swaps = Swaps.parse(record);
  return withClient(place, signal, async (client) => {
    const databases = new Set(swaps.map(({ database }) => database));
    for (const database of databases) {
      const of = swaps.filter((each) => each.database === database);
      const wanted = new Set(of.map(({ name }) => name));
      const there = new Set((await listed(client, database, signal)).map(({ name }) => name));
      for (const { fresh, name, options } of of) {
        // Where it is gone it has its name already.
        if (fresh !== null && !there.has(fresh)) continue;
        if (there.has(name)) await client.db(database).command({ drop: name }, { signal });
        if (fresh === null) await client.db(database).command({ create: name, ...decoded(options) }, { signal });
        else await client.db('admin').command({ renameCollection: `${database}.${fresh}`, to: `${database}.${name}` }, { signal });
      }
      const others = [...there].filter((name) => !wanted.has(name) && !name.startsWith('system.') && !name.startsWith('noodlebox_new_'));
      for (const name of others) await client.db(database).command({ drop: name }, { signal });
    }
  });
}

export function discard(place: DumpPlace, { id, signal }: Pick<StageOptions, 'id' | 'signal'>): Promise<void> {
  return withClient(place, signal, async (client) => {
    const { databases } = await client.db('admin').command({ listDatabases: 1, nameOnly: true }, { signal });
    for (const { name: database } of databases as { name: string }[]) {
      for (const { name } of await listed(client, database, signal)) {
        if (name.startsWith(`noodlebox_new_${id}_`)) await client.db(database).command({ drop: name }, { signal });
      }
    }
  });
}

/** A server that lacks an option has the collection without it. */
async function create(client: MongoClient, { database, name, options }: Collection, fresh: string, notes: string[], signal: AbortSignal) {
  const wanted: Document = decoded(options);
  try {
    await client.db(database).command({ create: fresh, ...wanted }, { signal });
  } catch (error) {
    if (!isServerError(error) || Object.keys(wanted).length === 0) throw error;
    await client.db(database).command({ create: fresh }, { signal });
    notes.push(`${database}.${name} is made without ${Object.keys(wanted).join(', ')}, which this server does not have.`);
  }
}

async function makeIndexes(client: MongoClient, { database, indexes }: Collection, fresh: string, signal: AbortSignal): Promise<void> {
  if (indexes.length === 0) return;
  await client.db(database).command({ createIndexes: fresh, indexes: indexes.map(decoded) }, { signal });
}

/** As the server's own clients insert: bytes beside the command (OP_MSG's document sequence), so that they stay what they are. */
async function insertAll(
  client: MongoClient,
  database: string,
  fresh: string,
  { name, content }: DumpPart,
  signal: AbortSignal,
): Promise<void> {
  const { DocumentSequence } = await import('./document-sequence.ts');
  let documents = new DocumentSequence('documents');
  let count = 0;
  let bytes = 0;
  const write = async () => {
    if (count === 0) return;
    const command = { insert: fresh, documents, ordered: true, bypassDocumentValidation: true };
    const answer = await client.db(database).command(command, { signal });
    const [refused] = (answer.writeErrors ?? []) as { errmsg?: string }[];
    if (refused) throw wrongPart(name, String(refused.errmsg));
    documents = new DocumentSequence('documents');
    count = 0;
    bytes = 0;
  };
  for await (const document of recordsOf(content, name, bsonLength, limits.dumpDocumentBytes)) {
    documents.push({}, document);
    count++;
    bytes += document.length;
    if (count >= limits.documentWriteBatch || bytes >= limits.documentWriteBytes) await write();
  }
  await write();
}

/** A document begins with its length (https://bsonspec.org/spec.html). */
function bsonLength(bytes: Buffer): number | undefined {
  return bytes.length < 4 ? undefined : bytes.readInt32LE(0);
}
