/** A server that goes away and comes back under a session that stays. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { asNoodleError } from '../../../main/errors.ts';
import { MongodbSession } from '../../../main/services/mongodb/session.ts';
import { lacking, makeStack, quietRun } from '../../lab/stack-bed.ts';
import { never, query } from './mongodb-bed.ts';

it('a session says that its server is away, and works again once it is back', async (test) => {
  const lacks = await lacking('native', ['mongodb']);
  if (lacks) return test.skip(lacks);
  const bed = await makeStack('native');
  const folder = await mkdtemp(join(tmpdir(), 'noodlebox-away-'));
  try {
    await bed.stack.up(['mongodb'], { seed: false, install: false }, quietRun());
    const session = new MongodbSession(await bed.stack.connection('mongodb'), { spool: async () => folder });
    await session.writer.insert('away', 'things', '[{ _id: 1 }, { _id: 2 }, { _id: 3 }]', never);
    const { result } = await session.results.find(query('away', 'things', { sort: '{ _id: 1 }' }), 1, never);
    await bed.stack.stop(['mongodb'], quietRun());
    for (let round = 0; round < 2; round++) {
      const error = await session.catalog.databases(never).catch(asNoodleError);
      expect(error).toMatchObject({ code: 'service-unreachable' });
    }
    await bed.stack.up(['mongodb'], { seed: false, install: false }, quietRun());
    expect(await session.count({ database: 'away', collection: 'things', filter: '', collation: '', exact: true }, never)).toBe(3);
    // What was read stays; what comes after is taken up where it was.
    const page = await session.results.page(result, 0, 3, never).catch(asNoodleError);
    expect(page).toMatchObject({ known: 3 });
    await session.close();
  } finally {
    await bed.clear();
    await rm(folder, { recursive: true, force: true });
  }
});
