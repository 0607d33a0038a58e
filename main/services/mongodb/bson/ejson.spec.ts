import { BSON } from 'mongodb';
import { describe, expect, it } from 'vitest';
import { parseDocument } from '../shell/parse.ts';
import { bytesOf, ejsonOf } from './ejson.ts';
import { elementNamed, elements } from './reader.ts';

/** Every type that can be written, as canonical Extended JSON. */
const all = `{"_id":{"$oid":"65f000000000000000000001"},"10":{"$numberInt":"-5"},"2":{"$numberDouble":"5.0"},"zero":{"$numberDouble":"-0.0"},"nan":{"$numberDouble":"NaN"},"inf":{"$numberDouble":"-Infinity"},"long":{"$numberLong":"9223372036854775807"},"dec":{"$numberDecimal":"1.1000E-6143"},"text":"q\\"\\u0000\\n🍜","empty":"","none":null,"yes":true,"doc":{"9":[],"1":{}},"list":[{"$numberInt":"1"},[{"a":"b"}]],"date":{"$date":{"$numberLong":"-62135596800000"}},"uuid":{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"04"}},"bin":{"$binary":{"base64":"","subType":"80"}},"old":{"$binary":{"base64":"aGk=","subType":"02"}},"re":{"$regularExpression":{"pattern":"^a/b\\\\d","options":"im"}},"ts":{"$timestamp":{"t":4294967295,"i":1}},"min":{"$minKey":1},"max":{"$maxKey":1},"code":{"$code":"f()"},"scoped":{"$code":"g()","$scope":{"x":{"$numberInt":"1"}}},"sym":{"$symbol":"s"}}`;

describe('BSON as Extended JSON', () => {
  it('every type comes back as the same bytes and the same text, in the same order', () => {
    const bytes = bytesOf(parseDocument(all) as never);
    expect(ejsonOf(bytes)).toBe(all);
    expect(bytesOf(parseDocument(ejsonOf(bytes)) as never).equals(bytes)).toBe(true);
  });

  it('agrees with the driver about what it can hold', () => {
    const document = { a: 1, b: 1.5, c: [true, null, 'x'], d: new Date(0) };
    expect(ejsonOf(Buffer.from(BSON.serialize(document)))).toBe(BSON.EJSON.stringify(document, { relaxed: false }));
    expect(JSON.parse(ejsonOf(Buffer.from(BSON.serialize(document)), 'relaxed'))).toEqual(JSON.parse(BSON.EJSON.stringify(document)));
  });

  it('a long beyond the whole numbers of a double stays wrapped even when relaxed', () => {
    expect(ejsonOf(bytesOf(parseDocument('{ a: 9007199254740993n, b: 7n }') as never), 'relaxed')).toBe(
      '{"a":{"$numberLong":"9007199254740993"},"b":7}',
    );
  });

  it('a date that JavaScript cannot hold is told as it is', () => {
    const bytes = bytesOf(parseDocument('{ d: new Date(0) }') as never);
    bytes.writeBigInt64LE(2n ** 62n, elementNamed(bytes, 'd')!.from);
    expect(ejsonOf(bytes)).toBe(`{"d":{"$date":{"$numberLong":"${2n ** 62n}"}}}`);
  });

  it('bytes that are no BSON end in an error, not in a loop', () => {
    const bytes = bytesOf({ a: 1 });
    bytes[4] = 0x77;
    expect(() => [...elements(bytes)]).toThrow('unknown BSON type');
  });
});
