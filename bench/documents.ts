/** The first page of a million documents, through the panel's session, against the bare driver's find on the same server. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMongodb } from '../main/services/mongodb/client.ts';
import { MongodbSession } from '../main/services/mongodb/session.ts';
import { lacking, makeStack, quietRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';
import { inTurn } from './measure.ts';

const million = 1_000_000;
const first = 50;
const [database, collection] = ['bench', 'documents'] as const;

export const documents: Bench = {
  async run(rounds) {
    const lacks = await lacking('native', ['mongodb']);
    if (lacks) throw new Skip(lacks);
    const bed = await makeStack('native');
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-bench-'));
    try {
      await bed.stack.up(['mongodb'], { seed: false, install: false }, quietRun());
      const connection = await bed.stack.connection('mongodb');
      const { driver, close } = await openMongodb(connection);
      const bare = driver.db(database).collection<{ _id: string }>(collection);
      for (let from = 0; from < million; from += 10_000) await bare.insertMany(Array.from({ length: 10_000 }, (_, n) => made(from + n)));
      const session = new MongodbSession(connection, { spool: async () => folder });
      const signal = new AbortController().signal;
      const query = { database, collection, filter: '', project: '', sort: '', collation: '', skip: 0, limit: 0, timeout: 600_000 };
      const panel = async () => {
        const began = performance.now();
        const { result, page } = await session.results.find(query, first, signal);
        const took = performance.now() - began;
        if (page.documents.length !== first) throw new Error(`${page.documents.length} documents came`);
        await session.results.close(result);
        return took;
      };
      const peer = async () => {
        const began = performance.now();
        const cursor = bare.find({}, { batchSize: first });
        let read = 0;
        while (read < first && (await cursor.next()) !== null) read++;
        const took = performance.now() - began;
        await cursor.close();
        return took;
      };
      // Both have their connections before they are measured.
      await panel();
      await peer();
      const results = await inTurn(Math.max(rounds, 15), panel, peer);
      await session.close();
      await close();
      return [
        {
          kind: 'comparison',
          name: `first ${first} of ${million.toLocaleString('en')} documents`,
          ...results,
          unit: 'ms',
          bound: { at: 'most', ratio: 1.5 },
          note: "against the bare driver's find",
        },
      ] as const;
    } finally {
      await bed.clear();
      await rm(folder, { recursive: true, force: true });
    }
  },
};

function made(n: number) {
  return {
    _id: `document-${n}`,
    n,
    name: `a document that is number ${n}`,
    tags: ['one', 'two', 'three'],
    nested: { at: new Date(1_700_000_000_000 + n * 1_000), share: n / million },
  };
}
