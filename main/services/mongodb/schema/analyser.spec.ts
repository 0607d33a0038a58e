import { describe, expect, it } from 'vitest';
import { limits } from '../../../limits.ts';
import { bytesOf } from '../bson/ejson.ts';
import { SchemaAnalyser } from './analyser.ts';

describe('the schema of a sample', () => {
  it('tells fields in their order, with their types and how many have them', () => {
    const analyser = new SchemaAnalyser();
    analyser.add(bytesOf({ _id: 1, name: 'a', tags: ['x', 'y'], owner: { id: 'u' } }));
    analyser.add(bytesOf({ _id: 2, name: 5, tags: [], owner: { id: 'u', extra: true } }));
    analyser.add(bytesOf({ _id: 3, name: null }));
    const fields = analyser.fields();
    expect(fields.map(({ path, count, of }) => [path, count, of])).toEqual([
      ['_id', 3, 3],
      ['name', 3, 3],
      ['tags', 2, 3],
      ['tags[]', 2, 2],
      ['owner', 2, 3],
      ['owner.id', 2, 2],
      ['owner.extra', 1, 2],
    ]);
    expect(fields[1]!.types.map(({ type, count }) => [type, count])).toEqual([
      ['string', 1],
      ['int', 1],
      ['null', 1],
    ]);
    expect(fields[0]!.types[0]).toMatchObject({ least: '1', most: '3', distinct: 3 });
    expect(fields[5]!.types[0]!.values).toEqual([{ text: 'u', count: 2 }]);
  });

  it('keeps no more than it may, however many fields and values come', () => {
    const analyser = new SchemaAnalyser();
    for (let index = 0; index < 3_000; index++) analyser.add(bytesOf({ n: index, [`field${index}`]: `value${index}` }));
    const fields = analyser.fields();
    expect(fields).toHaveLength(limits.documentSchemaFields);
    expect(analyser.cut).toBe(true);
    const [n] = fields;
    expect(n!.types[0]).toMatchObject({ count: 3_000, least: '0', most: '2999', distinct: null });
    expect(n!.types[0]!.histogram!.counts.reduce((sum, each) => sum + each, 0)).toBe(limits.documentSchemaNumbers);
  });
});
