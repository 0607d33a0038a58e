import { expect, test } from 'vitest';
import { bytesOf, ejsonOf } from '../bson/ejson.ts';
import { parseDocument } from '../shell/parse.ts';
import { rewriteBson } from './rewrite.ts';

const document = (text: string) => bytesOf(parseDocument(text) as never);
const odd =
  '{"_id":{"$oid":"65f000000000000000000001"},"10":{"$numberLong":"9223372036854775807"},"2":{"$numberDouble":"5.0"},' +
  '"when":{"$date":{"$numberLong":"8640000000000000"}},"name":"Ada","home":{"city":"London","zip":{"$numberInt":"7"}},' +
  '"tags":["x",{"note":"y"}],"bin":{"$binary":{"base64":"aGk=","subType":"80"}},"re":{"$regularExpression":{"pattern":"a","options":"i"}},"n":null}';

test('bytes that nothing is replaced in stay the same', () => {
  expect(rewriteBson(document(odd), () => undefined).equals(document(odd))).toBe(true);
});

test('texts are replaced by their path, longer, shorter or by null, in lists and documents inside', () => {
  const seen: string[] = [];
  const rewritten = rewriteBson(document(odd), (path, value) => {
    seen.push(`${path}=${value}`);
    if (path === 'name') return 'a much longer näme 🍜';
    if (path === 'home.city') return null;
    return path === 'tags.note' ? '' : undefined;
  });
  expect(seen).toEqual(['name=Ada', 'home.city=London', 'tags=x', 'tags.note=y']);
  expect(ejsonOf(rewritten)).toBe(
    ejsonOf(document(odd.replace('"Ada"', '"a much longer näme 🍜"').replace('"London"', 'null').replace('"note":"y"', '"note":""'))),
  );
});
