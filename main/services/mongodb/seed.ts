/** Seeding MongoDB: declared collections, data by unordered bulk writes that may be repeated. */
import { type AnyBulkWriteOperation, type Db, MongoBulkWriteError } from 'mongodb';
import { z } from 'zod';
import { type CollectionName, collections, document, documentCounts, type SeedDocument } from '../../../seeds/mongodb/documents.ts';
import { limits } from '../../limits.ts';
import { readDeclared } from '../declared.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, LoadMark, SeedTarget } from '../seed-target.ts';
import { askCapabilities } from './capabilities.ts';
import { openMongodb } from './client.ts';
import { serverCode } from './errors.ts';

const ledgerName = 'noodlebox_ledger';
const loadId = 'load';

const index = z.strictObject({
  name: z.string(),
  keys: z.record(z.string(), z.union([z.literal(1), z.literal(-1)])),
  unique: z.boolean().default(false),
});
const collection = z.strictObject({
  indexes: z.array(index).default([]),
  validator: z.record(z.string(), z.unknown()).optional(),
});
const declared = z.strictObject({ collections: z.record(z.string(), collection) });

type LedgerDocument = { readonly _id: string } & (Omit<LedgerEntry, 'id'> | { readonly mark: LoadMark });

/** @throws NoodleError wrong-password, service-unreachable */
export async function openSeedTarget(connection: Connection): Promise<SeedTarget> {
  const { database, close } = await openMongodb(connection);
  const ledger = database.collection<LedgerDocument>(ledgerName);
  const keep = async (document: LedgerDocument) => {
    await ledger.replaceOne({ _id: document._id }, document, { upsert: true });
  };
  const keepMark = (mark: LoadMark) => keep({ _id: loadId, mark });

  return {
    kind: 'mongodb',
    async ledger() {
      const documents = await ledger
        .find({ _id: { $ne: loadId } }, { readPreference: 'primary' })
        .sort({ _id: 1 })
        .toArray();
      return documents.flatMap((row) => ('mark' in row ? [] : [{ id: row._id, checksum: row.checksum, state: row.state, at: row.at }]));
    },
    async migrate(migration, signal) {
      const row = (state: LedgerEntry['state']) => keep({ _id: migration.id, checksum: migration.checksum, state, at: Date.now() });
      const { collections } = readDeclared(migration, declared);
      await row('started');
      await build(database, collections, signal);
      await row('applied');
    },
    async loadMark() {
      const row = await ledger.findOne({ _id: loadId }, { readPreference: 'primary' });
      return row && 'mark' in row ? row.mark : undefined;
    },
    setLoadMark: keepMark,
    parts(sizes) {
      const counts = documentCounts(sizes);
      return collections.map((name) => ({ name, items: counts[name], batch: limits.seedBatch }));
    },
    async load(dataset, { part, from, to }, mark) {
      const operations: AnyBulkWriteOperation<SeedDocument>[] = [];
      for (let at = from; at < to; at++) operations.push({ insertOne: { document: document(dataset, part as CollectionName, at) } });
      await database.collection<SeedDocument>(part).bulkWrite(operations, { ordered: false }).catch(unlessThere);
      await keepMark(mark);
    },
    async clear(migrations, signal) {
      for (const name of collections) {
        signal.throwIfAborted();
        await empty(database, name);
      }
      for (const migration of migrations) await build(database, readDeclared(migration, declared).collections, signal);
    },
    async counts(signal) {
      const there = new Set((await database.listCollections({}, { nameOnly: true, signal }).toArray()).map(({ name }) => name));
      const names = collections.filter((name) => there.has(name));
      return Promise.all(
        names.map(async (name) => ({
          name,
          rows: await database.collection(name).countDocuments({}, { signal, readPreference: 'primary' }),
        })),
      );
    },
    close,
  };
}

/** Makes what is not there yet; what is there as declared stays as it is. */
async function build(database: Db, wanted: z.infer<typeof declared>['collections'], signal: AbortSignal): Promise<void> {
  const there = new Set((await database.listCollections({}, { nameOnly: true, signal }).toArray()).map(({ name }) => name));
  const { validators } = await askCapabilities(database, signal);
  for (const [name, { indexes, validator }] of Object.entries(wanted)) {
    signal.throwIfAborted();
    if (!there.has(name)) await database.createCollection(name);
    if (indexes.length > 0) {
      await database.collection(name).createIndexes(indexes.map(({ name, keys, unique }) => ({ name, key: keys, unique })));
    }
    if (validator && validators) await database.command({ collMod: name, validator }, { signal });
  }
}

/**
 * Deletes all documents and keeps all indexes, also those someone added. FerretDB cannot delete more than
 * 32,766 documents at once (SQLite's most variables): there the collection goes, and comes back as declared.
 */
async function empty(database: Db, name: string): Promise<void> {
  try {
    await database.collection(name).deleteMany({});
  } catch (error) {
    if (serverCode(error) !== internalError) throw error;
    await database.dropCollection(name);
  }
}

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
const internalError = 1;
const duplicateKey = 11_000;

/** A document that is there already was written by the same batch before it was cut off. */
function unlessThere(error: unknown): void {
  if (error instanceof MongoBulkWriteError) {
    const writeErrors = [error.writeErrors].flat();
    if (writeErrors.length > 0 && writeErrors.every(({ code }) => code === duplicateKey)) return;
  }
  throw error;
}
