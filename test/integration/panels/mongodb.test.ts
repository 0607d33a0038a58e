/** What the documents panel asks, of the stack's own server and of one that can do more. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asNoodleError } from '../../../main/errors.ts';
import { lookInto } from '../../../main/services/mongodb/transfer/import.ts';
import { hostile } from '../services/hostile.ts';
import { type MongoBed, never, openMongoBed, query, quiet } from './mongodb-bed.ts';

let bed: MongoBed;
beforeAll(async () => {
  bed = await openMongoBed();
});
afterAll(() => bed?.close());

const database = 'noodlebox_test';
const problemOf = (error: unknown) => asNoodleError(error).problem;

describe.each(['stack', 'full'] as const)('documents on the %s server', (which) => {
  it('are paged from one cursor, forwards and back, without counting', async (test) => {
    const session = bed.session(which, test);
    const documents = Array.from({ length: 1_234 }, (_, n) => `{ _id: ${n}, n: ${n} }`);
    await session.writer.insert(database, 'paged', `[${documents.join(',')}]`, never);
    const { result, page } = await session.results.find(query(database, 'paged', { sort: '{ n: -1 }' }), 50, never);
    expect(page).toMatchObject({ from: 0, done: false });
    expect(page.documents.map(({ ejson }) => ejson)[49]).toBe('{"_id":{"$numberInt":"1184"},"n":{"$numberInt":"1184"}}');
    const far = await session.results.page(result, 1_200, 100, never);
    expect([far.documents.length, far.known, far.done]).toEqual([34, 1_234, true]);
    expect((await session.results.page(result, 0, 1, never)).documents[0]!.id).toBe('{"$numberInt":"1233"}');
    expect(await session.count({ database, collection: 'paged', filter: '{ n: { $lt: 10 } }', collation: '', exact: true }, never)).toBe(
      10,
    );
    expect(await session.count({ database, collection: 'paged', filter: '', collation: '', exact: false }, never)).toBe(1_234);
    await session.results.close(result);
    await expect(session.results.page(result, 0, 1, never)).rejects.toThrow('no longer kept');
    await session.collections.drop(database, 'paged', never);
  });

  it('keep what the server can hold exactly, through view and edit', async (test) => {
    const session = bed.session(which, test);
    const text = `{ "_id": ObjectId('65f000000000000000000001'), i: 5, d: Double('5.0'), l: NumberLong('9007199254740993'), t: ISODate('2026-01-31T12:00:00.001Z'),
      u: UUID('00112233-4455-6677-8899-aabbccddeeff'), b: BinData(128, 'aGk='), s: '🍜 "\\n', n: null, e: {}, a: [1, [], 'x'], r: /^a.b/i, ts: Timestamp(7, 1) }`;
    const plain = which === 'stack' ? text.replace("[1, [], 'x']", "[1, 'x']") : text;
    await session.writer.insert(database, 'types', plain, never);
    const { result, page } = await session.results.find(query(database, 'types'), 10, never);
    const [row] = page.documents;
    expect(row!.ejson).toContain('"i":{"$numberInt":"5"},"d":{"$numberDouble":"5.0"},"l":{"$numberLong":"9007199254740993"}');
    const saved = await session.replace(result, 0, row!.ejson!.replace('"$numberInt":"5"', '"$numberInt":"6"'), never);
    const again = await session.results.find(query(database, 'types'), 10, never);
    expect(again.page.documents[0]!.ejson).toBe(row!.ejson!.replace('"$numberInt":"5"', '"$numberInt":"6"'));
    expect(saved.ejson).toBe(again.page.documents[0]!.ejson);
    expect(await session.results.whole(result, 0)).toBe(saved.ejson);
    await session.collections.drop(database, 'types', never);
  });

  it('are not saved or deleted over a change that was not seen', async (test) => {
    const session = bed.session(which, test);
    await session.writer.insert(database, 'conflict', "{ _id: 1, a: 1, deep: { b: ['x'] } }", never);
    const mine = await session.results.find(query(database, 'conflict'), 10, never);
    const theirs = await session.results.find(query(database, 'conflict'), 10, never);
    await session.replace(theirs.result, 0, "{ _id: 1, a: 1, deep: { b: ['y'] } }", never);
    expect(await session.replace(mine.result, 0, '{ _id: 1, a: 2 }', never).catch(problemOf)).toMatchObject({ code: 'conflict' });
    expect(await session.delete(mine.result, [0], never).catch(problemOf)).toMatchObject({ code: 'conflict' });
    expect(await session.replace(theirs.result, 0, '{ _id: 2, a: 2 }', never).catch(problemOf)).toMatchObject({
      code: 'bad-argument',
      at: { offset: 2 },
    });
    expect(await session.delete(theirs.result, [0], never)).toEqual({ deleted: 1 });
    const part = await session.results.find(query(database, 'conflict', { project: '{ a: 1 }' }), 10, never);
    expect(await session.replace(part.result, 0, '{ a: 1 }', never).catch(problemOf)).toMatchObject({ code: 'bad-argument' });
    await session.collections.drop(database, 'conflict', never);
  });

  it('that break a unique index are refused, and say which', async (test) => {
    const session = bed.session(which, test);
    await session.collections.create(database, 'unique', { pipeline: '', options: '' }, never);
    expect(await session.indexes.create(database, 'unique', '{ email: 1 }', '{ unique: true }', never)).toBe('email_1');
    await session.writer.insert(database, 'unique', "{ email: 'a' }", never);
    expect(await session.writer.insert(database, 'unique', "{ email: 'a' }", never).catch(problemOf)).toMatchObject({ code: 'conflict' });
    const indexes = await session.indexes.list(database, 'unique', false, never);
    expect(indexes.map(({ name, keys, unique }) => [name, keys, unique])).toContainEqual(['email_1', '{"email":{"$numberInt":"1"}}', true]);
    await session.indexes.drop(database, 'unique', 'email_1', never);
    expect((await session.indexes.list(database, 'unique', false, never)).map(({ name }) => name)).toEqual(['_id_']);
    await expect(session.indexes.drop(database, 'unique', '*', never)).rejects.toThrow('no name');
    await session.collections.drop(database, 'unique', never);
  });

  it('are changed and deleted in bulk, after a preview that changes nothing', async (test) => {
    const session = bed.session(which, test);
    await session.writer.insert(
      database,
      'bulk',
      `[${Array.from({ length: 2_500 }, (_, n) => `{ _id: ${n}, n: ${n}, at: 'x' }`).join(',')}]`,
      never,
    );
    const change = {
      database,
      collection: 'bulk',
      filter: '{ n: { $gte: 500 } }',
      collation: '',
      update: "{ $set: { at: 'y' } }",
      arrayFilters: '',
      timeout: 60_000,
    };
    const preview = await session.previewChange(change, never);
    expect(preview.matched).toBe(2_000);
    expect(preview.samples).toHaveLength(5);
    expect(preview.samples[0]!.before).toContain('"at":"x"');
    expect(preview.samples[0]!.after).toContain('"at":"y"');
    expect(await session.count({ database, collection: 'bulk', filter: "{ at: 'y' }", collation: '', exact: true }, never)).toBe(0);
    expect((await session.catalog.collections(database, never)).map(({ name }) => name)).toEqual(['bulk']);
    expect(await session.bulk.run(change, quiet)).toBe(2_000);
    const { update: _, ...deletion } = change;
    const seen: number[] = [];
    expect(await session.bulk.run(deletion, { signal: never, progress: (n) => seen.push(n) })).toBe(2_000);
    expect(seen).toEqual([0, 1_000, 2_000]);
    expect(await session.count({ database, collection: 'bulk', filter: '', collation: '', exact: true }, never)).toBe(500);
    expect(await session.previewChange({ ...change, update: '{ at: 1 }' }, never).catch(problemOf)).toMatchObject({ at: { offset: 0 } });
    await session.collections.drop(database, 'bulk', never);
  });

  it('say where a filter, a sort or a pipeline goes wrong, by our reading or the server’s', async (test) => {
    const session = bed.session(which, test);
    await session.writer.insert(database, 'wrong', '{ a: 1 }', never);
    const failed = (given: Parameters<typeof query>[2]) =>
      session.results.find(query(database, 'wrong', given), 10, never).then(() => undefined, problemOf);
    expect(await failed({ filter: '{ a: foo }' })).toMatchObject({
      code: 'bad-argument',
      what: expect.stringContaining('Filter: '),
      at: { offset: 5, length: 3 },
    });
    expect(await failed({ filter: '{ a: { $nope: 1 } }' })).toMatchObject({ at: { offset: 7, length: 5 } });
    expect(await failed({ sort: '{ a: 2 }' })).toMatchObject({ what: expect.stringContaining('The order'), at: { offset: 2 } });
    const pipeline = { database, collection: 'wrong', collation: '', timeout: 60_000, allowDisk: false, write: false };
    expect(await session.results.aggregate({ ...pipeline, pipeline: '[{ $nope: {} }]' }, 10, never).catch(problemOf)).toMatchObject({
      at: { offset: 3, length: 5 },
    });
    expect(await session.results.aggregate({ ...pipeline, pipeline: "[{ $out: 'x' }]" }, 10, never).catch(problemOf)).toMatchObject({
      code: 'confirmation-needed',
    });
    await session.collections.drop(database, 'wrong', never);
  });

  it('with hostile names and values stay what they are, in every field that reaches the server', async (test) => {
    const session = bed.session(which, test);
    for (const text of hostile) {
      // FerretDB itself pastes a collection's name between double quotes: it refuses names that hold one.
      const name = text.replaceAll('$', 'S').replaceAll('"', which === 'stack' ? "'" : '"');
      await session.writer.insert(database, name, JSON.stringify({ _id: text, value: text }), never);
      const found = await session.results.find(query(database, name, { filter: `{ _id: ${JSON.stringify(text)} }` }), 10, never);
      expect(JSON.parse(found.page.documents[0]!.ejson!)).toEqual({ _id: text, value: text });
      await session.collections.drop(database, name, never);
      // In the place of a filter it is no filter, or one that finds nothing: it never runs.
      await session.results
        .find(query(database, 'nowhere', { filter: text }), 1, never)
        .catch((error: unknown) => expect(problemOf(error).code).toMatch(/bad-argument|query-failed/));
      await expect(session.catalog.collections(`${text}/x`, never)).rejects.toThrow('no name of a database');
    }
    expect(await session.catalog.collections(database, never)).toEqual([]);
  });

  it('are exported and imported as JSON and CSV, the same again', async (test) => {
    const session = bed.session(which, test);
    const documents = Array.from(
      { length: 300 },
      (_, n) => `{ _id: ${n}, l: NumberLong('${n}'), deep: { text: 'a,"b"\\n${n}' }, t: new Date(${n}) }`,
    );
    await session.writer.insert(database, 'out', `[${documents.join(',')}]`, never);
    const asked = {
      database,
      collection: 'out',
      filter: '{ _id: { $gte: 100 } }',
      project: '',
      sort: '{ _id: 1 }',
      collation: '',
      pipeline: '',
      form: 'canonical' as const,
    };
    const into = { database, collection: 'in', types: 'infer' as const, there: 'refuse' as const, stopAtFirst: false };
    for (const format of ['lines', 'array', 'csv'] as const) {
      const path = join(bed.folder, `export.${format}`);
      expect(await session.exportTo(path, { ...asked, format }, quiet)).toBe(200);
      const look = await lookInto(path, undefined, 'infer');
      expect([look.format, look.problem, look.documents.length]).toEqual([format === 'csv' ? 'csv' : 'json', null, 20]);
      expect(await session.importFrom(path, { ...into, format: look.format }, quiet)).toBe(200);
      const again = join(bed.folder, `again.${format}`);
      await session.exportTo(again, { ...asked, collection: 'in', format }, quiet);
      expect(await readFile(again, 'utf8')).toBe(await readFile(path, 'utf8'));
      const twice = await session.importFrom(path, { ...into, format: look.format }, quiet).catch(problemOf);
      expect(twice).toMatchObject({
        what: expect.stringMatching(/200 documents were refused; 0 are stored/),
        why: expect.stringContaining('record 1:'),
      });
      expect(await session.importFrom(path, { ...into, format: look.format, there: 'replace' }, quiet)).toBe(200);
      await session.collections.drop(database, 'in', never);
    }
    await writeFile(join(bed.folder, 'broken.json'), '[{"a":1},\n{"b":}]');
    expect(await session.importFrom(join(bed.folder, 'broken.json'), { ...into, format: 'json' }, quiet).catch(problemOf)).toMatchObject({
      what: expect.stringContaining('Record 2'),
      at: { offset: 15 },
    });
    await session.collections.drop(database, 'out', never);
  });

  it('of 10 MB are told by their outline until they are asked for, and saved whole', async (test) => {
    const session = bed.session(which, test);
    const text = 'ü'.repeat(5 * 2 ** 20);
    await session.writer.insert(database, 'big', `{ _id: 'big', small: 1, text: ${JSON.stringify(text)} }`, never);
    await session.writer.insert(database, 'big', "{ _id: 'little' }", never);
    const { result, page } = await session.results.find(query(database, 'big', { sort: '{ _id: 1 }' }), 10, never);
    expect(page.documents[0]).toMatchObject({
      ejson: null,
      id: '"big"',
      outline: [
        { name: '_id' },
        { name: 'small', type: 'int', ejson: '{"$numberInt":"1"}' },
        { name: 'text', type: 'string', ejson: null },
      ],
    });
    expect(page.documents[1]!.ejson).toBe('{"_id":"little"}');
    const whole = await session.results.whole(result, 0);
    expect(whole.length).toBeGreaterThan(text.length);
    await session.replace(result, 0, whole.replace('"small":{"$numberInt":"1"}', '"small":{"$numberInt":"2"}'), never);
    expect(await session.count({ database, collection: 'big', filter: '{ small: 2 }', collation: '', exact: true }, never)).toBe(1);
    await session.collections.drop(database, 'big', never);
  });

  it('tell their schema from a sample, however it can be taken', async (test) => {
    const session = bed.session(which, test);
    await session.writer.insert(
      database,
      'schema',
      `[${Array.from({ length: 400 }, (_, n) => `{ _id: ${n}, mixed: ${n % 2 ? `'${n}'` : n}, deep: { list: [${n}] } }`).join(',')}]`,
      never,
    );
    let last: import('../../../preload/contract/documents.ts').SchemaReport | undefined;
    for await (const report of session.schema({ database, collection: 'schema', filter: '', size: 200, timeout: 60_000 }, never))
      last = report;
    expect(last).toMatchObject({ read: 200, done: true, by: (await session.server(never)).can.sample ? 'sample' : 'spread' });
    expect(last!.fields.map(({ path }) => path)).toEqual(['_id', 'mixed', 'deep', 'deep.list', 'deep.list[]']);
    expect(last!.fields[1]!.types.map(({ type }) => type).sort()).toEqual(['int', 'string']);
    await session.collections.drop(database, 'schema', never);
  });

  it('leave a stage of a pipeline one after another', async (test) => {
    const session = bed.session(which, test);
    await session.writer.insert(
      database,
      'stages',
      `[${Array.from({ length: 100 }, (_, n) => `{ _id: ${n}, kind: '${n % 3}' }`).join(',')}]`,
      never,
    );
    const stages = [
      { text: '{ $match: { _id: { $lt: 90 } } }', on: true },
      { text: "{ $group: { _id: '$kind', n: { $sum: 1 } } }", on: true },
      { text: '{ $sort: { _id: 1 } }', on: true },
    ];
    const at = (upTo: number, on = true, input = 10_000) =>
      session.stage(
        {
          database,
          collection: 'stages',
          stages: stages.map((stage, index) => (index === 1 ? { ...stage, on } : stage)),
          upTo,
          input,
          timeout: 60_000,
        },
        never,
      );
    expect(await at(0)).toMatchObject({ more: true, documents: { length: 20 } });
    expect((await at(2)).documents).toEqual(['0', '1', '2'].map((kind) => `{"_id":"${kind}","n":{"$numberInt":"30"}}`));
    expect((await at(2, false)).more).toBe(true);
    expect((await at(1, true, 30)).documents.map((text) => Number(JSON.parse(text).n.$numberInt)).reduce((a, b) => a + b)).toBe(30);
    expect(
      await session
        .stage({ database, collection: 'stages', stages: [{ text: "{ $out: 'x' }", on: true }], upTo: 0, input: 10, timeout: 1_000 }, never)
        .catch(problemOf),
    ).toMatchObject({ what: expect.stringContaining('not tried') });
    await session.collections.drop(database, 'stages', never);
  });

  it('are found by an id wherever they carry it, and by name', async (test) => {
    const session = bed.session(which, test);
    const id = '3f6f0a34-5a3e-4f70-9b2c-000000000001';
    await session.writer.insert(
      session.database,
      'things',
      `[{ _id: '${id}', created_at: new Date(5) }, { _id: 1, owner: { user_id: '${id}' } }, { _id: 2, member_ids: ['${id}'] }, { _id: 3, note_id: UUID('${id}') }, { _id: 4 }]`,
      never,
    );
    const { findings } = await session.trace(id, never);
    expect(findings.map(({ place, relation, time }) => [place, relation, time]).sort()).toEqual([
      ['things', 'as member_ids', null],
      ['things', 'as note_id', null],
      ['things', 'as owner.user_id', null],
      ['things', 'its own id', 5],
    ]);
    const { search } = findings.find(({ relation }) => relation === 'as owner.user_id')!;
    const { page } = await session.results.find(
      query(String(search.db), String(search.coll), { filter: String(search.filter) }),
      10,
      never,
    );
    expect(page.documents.map(({ id }) => id)).toEqual(['{"$numberInt":"1"}']);
    expect(await session.names('THING', never)).toContainEqual({
      what: 'collection',
      name: 'things',
      search: { db: session.database, coll: 'things' },
    });
    await session.collections.drop(session.database, 'things', never);
  });

  it('can be asked what the server can do, and lose nothing of what they are told', async (test) => {
    const session = bed.session(which, test);
    const { can, stages, lacks, database: own } = await session.server(never);
    expect(own).toBe(session.database);
    expect(stages).toEqual(expect.arrayContaining(['$match', '$group', '$project', '$sort', '$limit']));
    expect(can.sample).toBe(stages.includes('$sample'));
    expect(lacks.includes('change streams')).toBe(!can.changeStreams);
    expect((await session.catalog.databases(never)).map(({ name }) => name)).not.toContain('noodlebox_capability_probe');
  });

  it('whose collections are renamed, measured and dropped say what is lost', async (test) => {
    const session = bed.session(which, test);
    await session.writer.insert(database, 'old name 🍜', '[{ a: 1 }, { a: 2 }]', never);
    await session.collections.rename(database, 'old name 🍜', 'new name', never);
    expect(await session.catalog.sizes(database, ['new name'], never)).toMatchObject([{ name: 'new name', documents: 2 }]);
    expect(await session.collections.losses(database, 'new name', never)).toEqual(['2 documents of new name, with its indexes']);
    expect(await session.collections.losses(database, undefined, never)).toHaveLength(1);
    await session.collections.dropDatabase(database, never);
    expect(await session.catalog.collections(database, never)).toEqual([]);
  });
});
