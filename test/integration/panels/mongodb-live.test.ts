/** What only some servers can do, and what happens when a server goes away. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { asNoodleError } from '../../../main/errors.ts';
import type { WatchBatch } from '../../../main/services/mongodb/panel/watch.ts';
import { type MongoBed, never, openMongoBed, query } from './mongodb-bed.ts';

let bed: MongoBed;
beforeAll(async () => {
  bed = await openMongoBed();
});
afterAll(() => bed?.close());

const database = 'noodlebox_live';

describe('documents', () => {
  it('tell of their changes as they happen, until nobody listens', async (test) => {
    const session = bed.session('full', test);
    expect((await session.server(never)).can.changeStreams).toBe(true);
    const end = new AbortController();
    const batches: WatchBatch[] = [];
    const watching = (async () => {
      for await (const batch of session.watch({ database, collection: 'live', pipeline: '' }, end.signal)) batches.push(batch);
    })();
    await vi.waitFor(() => expect(batches[0]).toMatchObject({ watching: true, total: 0 }), { timeout: 60_000 });
    await session.writer.insert(database, 'live', "[{ _id: 'a', n: NumberLong('1') }, { _id: 'b' }]", never);
    await session.writer.insert(database, 'other', '{ _id: 1 }', never);
    const { result } = await session.results.find(query(database, 'live', { sort: '{ _id: 1 }' }), 10, never);
    await session.replace(result, 0, "{ _id: 'a', n: 2 }", never);
    await session.delete(result, [1], never);
    const events = () => batches.flatMap((batch) => batch.events);
    await vi.waitFor(() => expect(events()).toHaveLength(4), { timeout: 60_000 });
    expect(events().map(({ operation, id, collection }) => [operation, id, collection])).toEqual([
      ['insert', '"a"', 'live'],
      ['insert', '"b"', 'live'],
      [expect.stringMatching(/replace|update/), '"a"', 'live'],
      ['delete', '"b"', 'live'],
    ]);
    expect(events()[0]!.ejson).toContain('"n":{"$numberLong":"1"}');
    end.abort();
    await watching;
    await session.collections.dropDatabase(database, never);
  });

  it('that come faster than they are taken are counted as dropped', async (test) => {
    const session = bed.session('full', test);
    const end = new AbortController();
    const watching = session.watch({ database, collection: 'fast', pipeline: '' }, end.signal);
    await watching.next();
    const waiting = watching.next();
    await session.writer.insert(database, 'fast', '{}', never);
    await waiting;
    await session.writer.insert(database, 'fast', `[${Array.from({ length: 3_000 }, (_, n) => `{ _id: ${n} }`).join(',')}]`, never);
    // Nobody takes them for a while.
    await new Promise((resolve) => setTimeout(resolve, 4_000));
    const { value } = await watching.next();
    expect(value!.events.length).toBeLessThanOrEqual(1_000);
    expect(value!.total - 1).toBe(value!.events.length + value!.dropped);
    end.abort();
    await watching.return(undefined);
    await session.collections.dropDatabase(database, never);
  });

  it('are joined by $lookup, sampled by $sample and split by $facet where the server can', async (test) => {
    const session = bed.session('full', test);
    expect((await session.server(never)).stages).toEqual(expect.arrayContaining(['$lookup', '$sample', '$facet']));
    await session.writer.insert(database, 'a', "[{ _id: 1, b: 'x' }, { _id: 2, b: 'y' }]", never);
    await session.writer.insert(database, 'b', "[{ _id: 'x', n: 5 }]", never);
    const pipeline = "[{ $lookup: { from: 'b', localField: 'b', foreignField: '_id', as: 'joined' } }, { $sort: { _id: 1 } }]";
    const asked = { database, collection: 'a', collation: '', timeout: 60_000, allowDisk: false, write: false };
    const { page } = await session.results.aggregate({ ...asked, pipeline }, 10, never);
    expect(page.documents.map(({ ejson }) => ejson)).toEqual([
      '{"_id":{"$numberInt":"1"},"b":"x","joined":[{"_id":"x","n":{"$numberInt":"5"}}]}',
      '{"_id":{"$numberInt":"2"},"b":"y","joined":[]}',
    ]);
    const facet = await session.results.aggregate(
      { ...asked, pipeline: '[{ $facet: { all: [{ $match: {} }], one: [{ $limit: 1 }] } }]' },
      10,
      never,
    );
    expect(facet.page.documents).toHaveLength(1);
    await session.collections.dropDatabase(database, never);
  });

  it('are never asked for what the server lacks without it being said', async (test) => {
    const session = bed.session('stack', test);
    const { can, lacks } = await session.server(never);
    if (can.changeStreams) return;
    expect(lacks).toContain('change streams');
    const watching = session.watch({ database, pipeline: '' }, never);
    const problem = await watching.next().then(
      () => watching.next().catch((error: unknown) => asNoodleError(error).problem),
      (error: unknown) => asNoodleError(error).problem,
    );
    expect(problem).toMatchObject({ code: 'not-supported-by-server' });
    const lookup = {
      database,
      collection: 'a',
      collation: '',
      timeout: 60_000,
      allowDisk: false,
      write: false,
      pipeline: "[{ $lookup: { from: 'b', localField: 'a', foreignField: 'a', as: 'c' } }]",
    };
    const refused = await session.results.aggregate(lookup, 10, never).catch((error: unknown) => asNoodleError(error).problem);
    expect(refused).toMatchObject({ code: 'not-supported-by-server', at: { offset: 3, length: 7 } });
  });

  it('whose query is cancelled stop, and those that run anew are not disturbed', async (test) => {
    const session = bed.session('stack', test);
    const documents = Array.from({ length: 4_000 }, (_, n) => `{ _id: 'k${n}', text: '${'x'.repeat(500)}' }`).join(',');
    await session.writer.insert(database, 'slow', `[${documents}]`, never);
    const abort = new AbortController();
    const counting = session.count(
      { database, collection: 'slow', filter: '{ text: /(x+x+)+y/ }', collation: '', exact: true },
      abort.signal,
    );
    setTimeout(() => abort.abort(), 20);
    expect(
      await counting.then(
        () => 'counted',
        (error: unknown) => asNoodleError(error).code,
      ),
    ).toMatch(/cancelled|counted/);
    expect(await session.count({ database, collection: 'slow', filter: '', collation: '', exact: true }, never)).toBe(4_000);
    await session.collections.dropDatabase(database, never);
  });
});
