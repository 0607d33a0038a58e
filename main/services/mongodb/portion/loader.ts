/** Loads documents of a bundle into an empty database, byte by byte as they were. */
import type { Readable } from 'node:stream';
import { asNoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { checkedIndex, notAsSaid } from '../../bundle-parts.ts';
import type { Connection } from '../../kind.ts';
import type { PortionLoader } from '../../portion.ts';
import { DocumentSequence } from '../dump/document-sequence.ts';
import { countOf } from '../panel/count.ts';
import { Link } from '../panel/link.ts';
import { parseDocument } from '../shell/parse.ts';
import type { ShellDocument } from '../shell/values.ts';
import { Index, type IndexedCollection } from './index-file.ts';

/** Options that a collection is made with here. What would expire or be computed is left to whoever wants it. */
const taken = ['capped', 'size', 'max', 'validator', 'validationLevel', 'validationAction', 'collation', 'timeseries', 'clusteredIndex'];

/** @throws NoodleError archive-damaged, wrong-password, service-unreachable */
export async function openPortionLoader(connection: Connection, service: string, index: unknown): Promise<PortionLoader> {
  const { collections } = checkedIndex(Index, index, service);
  const link = new Link(connection);
  await link.client();
  return {
    async load(name, content, work) {
      const collection = collections.find(({ part }) => part === name);
      if (!collection) throw notAsSaid(`${service} has no part ${name}`);
      await make(link, collection, work.signal);
      let done = 0;
      for await (const documents of batches(content, `${service}/${name}`)) {
        await insert(link, collection.name, documents, work.signal);
        done += documents.length;
        work.progress(done, collection.documents, `documents of ${collection.name}`);
      }
    },
    async finish({ signal }) {
      for (const { name, indexes } of collections) {
        for (const index of indexes) {
          const wanted = withoutExpiry(parseDocument(index));
          await link.write(link.database, { createIndexes: name, indexes: [wanted] }, signal);
        }
      }
    },
    async counts(signal) {
      const counts = [];
      for (const { name } of collections) {
        const asked = { database: link.database, collection: name, filter: '{}', collation: '' };
        counts.push({ name, rows: await countOf(link, asked, signal) });
      }
      return counts;
    },
    close: () => link.close(),
  };
}

async function make(link: Link, { name, options }: IndexedCollection, signal: AbortSignal): Promise<void> {
  const all = parseDocument(options);
  const given = Object.fromEntries([...all].filter(([option]) => taken.includes(option)));
  try {
    await link.write(link.database, { create: name, ...given }, signal);
  } catch (error) {
    // A server without validators goes without, as it does when it is seeded.
    const lacks = asNoodleError(error).code === 'not-supported-by-server';
    if (!lacks || !('validator' in given)) throw error;
    const { validator: _, validationLevel: _level, validationAction: _action, ...rest } = given;
    await link.write(link.database, { create: name, ...rest }, signal);
  }
}

/** A document that is as old as the bug would be gone before anybody has looked at it. */
function withoutExpiry(index: ShellDocument): ShellDocument {
  return new Map([...index].filter(([option]) => !['expireAfterSeconds', 'v', 'ns'].includes(option)));
}

async function insert(link: Link, collection: string, documents: readonly Buffer[], signal: AbortSignal): Promise<void> {
  const sequence = new DocumentSequence('documents');
  for (const document of documents) sequence.push({}, document);
  const answer = await link.told(signal, async () => {
    const client = await link.client();
    // What it holds was taken by its first server: rules that came later are not held against it.
    const command = { insert: collection, documents: sequence, ordered: true, bypassDocumentValidation: true };
    return client.db(link.database).command(command, { signal });
  });
  const [refused] = (answer.writeErrors ?? []) as { readonly errmsg?: string }[];
  if (refused) throw notAsSaid(`${collection}: ${refused.errmsg}`);
}

/** @throws NoodleError archive-damaged */
async function* batches(content: Readable, part: string): AsyncGenerator<readonly Buffer[]> {
  let rest = Buffer.alloc(0);
  let documents: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of content as AsyncIterable<Buffer>) {
    rest = Buffer.concat([rest, chunk]);
    let at = 0;
    while (rest.length - at >= 4) {
      const size = rest.readInt32LE(at);
      if (size < 5 || size > limits.dumpDocumentBytes) throw notAsSaid(`${part} holds something that is no document`);
      if (rest.length - at < size) break;
      documents.push(rest.subarray(at, at + size));
      bytes += size;
      at += size;
      if (documents.length < limits.documentWriteBatch && bytes < limits.documentWriteBytes) continue;
      yield documents;
      documents = [];
      bytes = 0;
    }
    rest = rest.subarray(at);
  }
  if (rest.length > 0) throw notAsSaid(`${part} ends within a document`);
  if (documents.length > 0) yield documents;
}
