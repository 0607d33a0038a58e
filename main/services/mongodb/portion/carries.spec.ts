import { expect, test } from 'vitest';
import { bytesOf } from '../bson/ejson.ts';
import { parseDocument } from '../shell/parse.ts';
import { IdSet } from './carries.ts';

const id = 'c56a4180-65aa-42ec-a945-5fd21dec0538';
const ids = new IdSet(new Set([id, '65f000000000000000000001', 'customer-7']));
const carries = (text: string, ...fields: string[]) => ids.isIn(bytesOf(parseDocument(text) as never), new Set(fields));

test('an id is found as text, ObjectId or UUID, in the fields that hold ids and nowhere else', () => {
  expect(carries(`{"user_id":"${id}"}`, '_id', 'user_id')).toBe(true);
  expect(carries(`{"note":"${id}"}`, '_id', 'user_id')).toBe(false);
  expect(carries('{"_id":{"$oid":"65f000000000000000000001"}}', '_id')).toBe(true);
  expect(carries(`{"u":{"$uuid":"${id}"}}`, 'u')).toBe(true);
  expect(carries('{"a":{"b":{"customer_id":"customer-7"}}}', 'a.b.customer_id')).toBe(true);
  expect(carries('{"ids":["x","customer-7"]}', 'ids')).toBe(true);
  expect(carries('{"ids":["x",["customer-7"]]}', 'ids')).toBe(false);
  expect(carries('{"_id":"customer-77"}', '_id')).toBe(false);
});
