import { expect, test } from 'vitest';
import { rewriteJson } from './json-text.ts';

test('only what is asked for changes: numbers, order and spaces stay as they were written', () => {
  const text = '{ "b": 12345678901234567890.10, "a": {"mail" : "x@y.z"}, "b2": [ {"mail":"p@q"}, "loose" ], "n": null }';
  const seen: string[] = [];
  const rewritten = rewriteJson(text, (path, value) => {
    seen.push(`${path}=${value}`);
    return path.endsWith('mail') ? 'masked"\n' : undefined;
  });
  expect(rewritten).toBe(text.replace('"x@y.z"', '"masked\\"\\n"').replace('"p@q"', '"masked\\"\\n"'));
  expect(seen).toEqual(['b=12345678901234567890.10', 'a.mail=x@y.z', 'b2.mail=p@q', 'b2=loose']);
});

test('a value may become null, and a number a text', () => {
  expect(rewriteJson('{"a":"secret","b":42}', (path) => (path === 'a' ? null : 'x'))).toBe('{"a":null,"b":"x"}');
});

test('names with dots, quotes and surrogates are read as they are', () => {
  const paths: string[] = [];
  rewriteJson('{"a.b":{"\\"q\\u00e9\\ud83d\\ude00":"v"}}', (path) => void paths.push(path));
  expect(paths).toEqual(['a.b."qé😀']);
});

test('what is no JSON is told apart', () => {
  for (const text of ['', '{', '{"a"}', '[1,]', 'nul', '{"a":1}x', '"\u0001', '01', "{'a':1}", '['.repeat(2_000)]) {
    expect(
      rewriteJson(text, () => 'x'),
      text.slice(0, 20),
    ).toBeUndefined();
  }
});
