import { expect, it } from 'vitest';
import { parseEjson } from '../../../../renderer/panels/documents/bson/bson.ts';
import { shellLine, shellText } from '../../../../renderer/panels/documents/bson/shell.ts';
import { bytesOf, ejsonOf } from '../bson/ejson.ts';
import { parseDocument } from './parse.ts';

const values = [
  '{"$oid":"65f000000000000000000001"}',
  ...['-5', '2147483647'].map((text) => `{"$numberInt":"${text}"}`),
  ...['5.0', '-0.0', 'NaN', 'Infinity', '-Infinity', '1.5', '1e+300', '5e-324', '-1e-7', '123456789012.0'].map(
    (text) => `{"$numberDouble":"${text}"}`,
  ),
  ...['0', '9223372036854775807', '-9223372036854775808'].map((text) => `{"$numberLong":"${text}"}`),
  ...['1.10', 'NaN', 'Infinity', '-0', '1E+6144', '9.999999999999999999999999999999999E-6143'].map(
    (text) => `{"$numberDecimal":"${text}"}`,
  ),
  ...['0', '-1', '-62135596800000', '253402300799999', '253402300800000', '8640000000000000', '-8640000000000000'].map(
    (text) => `{"$date":{"$numberLong":"${text}"}}`,
  ),
  ...['00', '02', '03', '05', '80'].map((subType) => `{"$binary":{"base64":"aGk=","subType":"${subType}"}}`),
  '{"$binary":{"base64":"","subType":"04"}}',
  '{"$binary":{"base64":"ABEiM0RVZneImaq7zN3u/w==","subType":"04"}}',
  ...['a', '', '^a/b', 'a\\\\/b', '[/]', '*', '\\\\', '\\n', "it's", 'a\\\\'].map(
    (pattern) => `{"$regularExpression":{"pattern":"${pattern}","options":"im"}}`,
  ),
  '{"$timestamp":{"t":4294967295,"i":0}}',
  '{"$minKey":1}',
  '{"$maxKey":1}',
  '{"$code":"function () { return \'x\' }"}',
  '{"$code":"f()","$scope":{"a b":{"$numberInt":"1"}}}',
  '{"$symbol":"s\'"}',
  ...['it\'s \\"quoted\\" \\\\ \\n\\t\\u0000', '🍜 \u2028 \ufeff', '${x} `y`', ''].map((text) => `"${text}"`),
  'null',
  'true',
  '{}',
  '[]',
  '[[],{"a":[{"b":{"$numberInt":"1"}}]}]',
  '{"10":null,"2":null,"a.b":null,"":null,"$gt":null,"__proto__":null,"ünï":null,"it\'s":null,"new":null}',
];

it.each(values)('%s is written in shell syntax and read back as it was', (value) => {
  const text = `{"v":${value}}`;
  const bytes = bytesOf(parseDocument(text) as never);
  const ejson = ejsonOf(bytes);
  for (const written of [shellText(parseEjson(ejson)), shellLine(parseEjson(ejson))]) {
    expect(bytesOf(parseDocument(written) as never).equals(bytes), written).toBe(true);
  }
});
