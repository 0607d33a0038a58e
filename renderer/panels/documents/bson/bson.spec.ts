import { describe, expect, it } from 'vitest';
import { fieldOf, parseEjson } from './bson.ts';
import { cellOf } from './cell.ts';
import { diffLines, hunks } from './diff.ts';
import { shellLine, shellText } from './shell.ts';

describe('documents in the window', () => {
  it('keep the order of their fields and the type of each value', () => {
    const document = parseEjson('{"10":{"$numberInt":"1"},"2":{"$numberDouble":"1.0"},"__proto__":null,"d":{"$date":{"$numberLong":"0"}}}');
    expect(shellLine(document)).toBe("{ '10': 1, '2': Double('1.0'), __proto__: null, d: ISODate('1970-01-01T00:00:00.000Z') }");
    expect(fieldOf(document, '2')).toEqual({ kind: 'double', text: '1.0' });
  });

  it('are written on lines of their own when they are long, and cut when they are previewed', () => {
    const document = parseEjson(`{"a":"${'x'.repeat(90)}","b":[{"$numberInt":"1"}]}`);
    expect(shellText(document)).toBe(`{\n  a: '${'x'.repeat(90)}',\n  b: [1]\n}`);
    expect(shellLine(document, 20).length).toBeLessThan(40);
  });

  it('stand in cells that tell null, empty, missing and binary apart', () => {
    const document = parseEjson(
      '{"n":null,"e":"","b":{"$binary":{"base64":"aGk=","subType":"00"}},"l":{"$numberLong":"9007199254740993"}}',
    );
    expect(['n', 'e', 'x', 'b', 'l'].map((name) => cellOf(fieldOf(document, name)).kind)).toEqual([
      'null',
      'empty',
      'missing',
      'binary',
      'number',
    ]);
    expect(cellOf(fieldOf(document, 'l')).text).toBe('9007199254740993');
    expect(cellOf(fieldOf(document, 'b')).text).toBe('2 bytes');
  });

  it('broken texts are no documents', () => {
    for (const text of ['{', '{"a"}', '[1', '{"a":1}x', '"']) expect(() => parseEjson(text)).toThrow(SyntaxError);
  });
});

describe('a diff', () => {
  it('tells the lines that go and come, between those that stay', () => {
    const lines = diffLines('{\n  a: 1,\n  b: 2\n}', '{\n  a: 1,\n  b: 3,\n  c: 4\n}');
    expect(lines.map(({ tone, text }) => `${tone[0]}${text}`)).toEqual(['s{', 's  a: 1,', 'r  b: 2', 'a  b: 3,', 'a  c: 4', 's}']);
  });

  it('shows only what is near a change', () => {
    const many = Array.from({ length: 50 }, (_, n) => `line ${n}`);
    const after = many.with(10, 'other').with(40, 'other');
    const told = hunks(diffLines(many.join('\n'), after.join('\n')));
    expect(told.filter((line) => line === null)).toHaveLength(1);
    expect(told.filter((line) => line !== null)).toHaveLength(12);
    expect(hunks(diffLines('a', 'a'))).toEqual([]);
  });
});
