import { describe, expect, it } from 'vitest';
import { asNoodleError } from '../../../errors.ts';
import { bytesOf, ejsonOf } from '../bson/ejson.ts';
import { parseDocument, parseDocuments, parseShell } from './parse.ts';

const ejson = (text: string) => ejsonOf(bytesOf(new Map([['v', parseShell(text)]]) as never)).slice('{"v":'.length, -1);
const problem = (text: string, read: (text: string) => unknown = parseShell) => {
  try {
    read(text);
  } catch (error) {
    return asNoodleError(error).problem;
  }
  throw new Error(`${text} was taken`);
};

describe('shell syntax', () => {
  it.each([
    ['1', '{"$numberInt":"1"}'],
    ['-0', '{"$numberDouble":"-0.0"}'],
    ['5.0', '{"$numberDouble":"5.0"}'],
    ['1e400', '{"$numberDouble":"Infinity"}'],
    ['2147483648', '{"$numberDouble":"2147483648.0"}'],
    ['9007199254740993n', '{"$numberLong":"9007199254740993"}'],
    ["NumberLong('-9223372036854775808')", '{"$numberLong":"-9223372036854775808"}'],
    ["Decimal128('1.10')", '{"$numberDecimal":"1.10"}'],
    ["Double('-0')", '{"$numberDouble":"-0.0"}'],
    ['NaN', '{"$numberDouble":"NaN"}'],
    ['-Infinity', '{"$numberDouble":"-Infinity"}'],
    ["ObjectId('65f000000000000000000001')", '{"$oid":"65f000000000000000000001"}'],
    ["ISODate('2026-01-31')", '{"$date":{"$numberLong":"1769817600000"}}'],
    ["new Date('2026-01-31T12:00:00.5+02:00')", '{"$date":{"$numberLong":"1769853600500"}}'],
    ['new Date(-1)', '{"$date":{"$numberLong":"-1"}}'],
    ["UUID('00112233-4455-6677-8899-aabbccddeeff')", '{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"04"}}'],
    ["BinData(0, 'aGk=')", '{"$binary":{"base64":"aGk=","subType":"00"}}'],
    ["HexData(128, '0a0b')", '{"$binary":{"base64":"Cgs=","subType":"80"}}'],
    ['Timestamp(1, 2)', '{"$timestamp":{"t":1,"i":2}}'],
    ['Timestamp({ t: 4294967295, i: 0 })', '{"$timestamp":{"t":4294967295,"i":0}}'],
    ['/a\\/b[/]/mi', '{"$regularExpression":{"pattern":"a/b[/]","options":"im"}}'],
    ['MinKey', '{"$minKey":1}'],
    ['MaxKey()', '{"$maxKey":1}'],
    ["Code('f()', { x: 1 })", '{"$code":"f()","$scope":{"x":{"$numberInt":"1"}}}'],
    ["Symbol('s')", '{"$symbol":"s"}'],
    ["'it\\'s \\u{1F35C} \\x41'", '"it\'s 🍜 A"'],
    ['{ $oid: "65f000000000000000000001" }', '{"$oid":"65f000000000000000000001"}'],
    ['{"$date":{"$numberLong":"1"}}', '{"$date":{"$numberLong":"1"}}'],
    ['{"$date":"1970-01-01T00:00:00.001Z"}', '{"$date":{"$numberLong":"1"}}'],
    ['60 * 60 * 24 - (2 + 1)', '{"$numberInt":"86397"}'],
    ["new Date(new Date('2026-01-02').getTime() - 86400000)", '{"$date":{"$numberLong":"1767225600000"}}'],
    ['/* a */ [1, // b\n "x",]', '[{"$numberInt":"1"},"x"]'],
  ])('reads %s', (text, wanted) => expect(ejson(text)).toBe(wanted));

  it('keeps the order of fields, those named by numbers and __proto__ too', () => {
    expect(ejson("{ '10': true, 2: null, __proto__: 'x', $gt: false, 'a.b': [] }")).toBe(
      '{"10":true,"2":null,"__proto__":"x","$gt":false,"a.b":[]}',
    );
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('runs nothing: calls, functions, members and templates are refused where they stand', () => {
    const wayOut = "{ a: ({}).__lookupGetter__('__proto__').constructor('return process')() }";
    for (const text of [
      wayOut,
      '{ a: process.exit() }',
      '{ a: function () {} }',
      '{ a: (() => 1)() }',
      '{ a: `${1}` }',
      '{ a: [].constructor }',
      '{ [x]: 1 }',
      "{ a: 'x'.repeat(9) }",
      'a = 1',
      '{ a: constructor() }',
      '{ a: hasOwnProperty(1) }',
    ]) {
      expect(problem(text)).toMatchObject({ code: 'bad-argument', at: { offset: expect.any(Number) } });
    }
  });

  it.each([
    ["{ a: ObjectId('zz') }", 5, 14],
    ['{ a: 1, b }', 10, 1],
    ['{ a: 1, a: 2 }', 8, 1],
    ["{ a: 'x", 5, 1],
    ['{ a: [1, 2', 10, 1],
    ['{ a: foo }', 5, 3],
    ["{ a: ISODate('soon') }", 5, 15],
    ['{ a: 1 } b', 9, 1],
    ["{ a: NumberLong('9223372036854775808') }", 5, 33],
  ])('says where %s goes wrong', (text, offset, length) => expect(problem(text).at).toEqual({ offset, length }));

  it('a document, a pipeline: and nothing else in their place', () => {
    expect(parseDocument('  ').size).toBe(0);
    expect(parseDocuments('[{ $match: {} }, { $limit: 1 }]')).toHaveLength(2);
    expect(problem('[1]', parseDocument).at).toEqual({ offset: 0, length: 3 });
    expect(problem('[1]', parseDocuments).what).toContain('list of documents');
    expect(problem('{'.repeat(3) + 'a:'.repeat(1), parseDocument).code).toBe('bad-argument');
    expect(problem('[[[['.repeat(60)).what).toContain('100 deep');
  });
});
