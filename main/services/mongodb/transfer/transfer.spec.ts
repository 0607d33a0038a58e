import { describe, expect, it } from 'vitest';
import { asNoodleError } from '../../../errors.ts';
import { bytesOf, ejsonOf } from '../bson/ejson.ts';
import { parseDocument } from '../shell/parse.ts';
import { rowDocument } from './csv-values.ts';
import { flatten } from './flatten.ts';
import { jsonValues } from './json-values.ts';

async function* inPieces(text: string, size: number) {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function valuesOf(text: string, size: number, most = 1_000): Promise<string[]> {
  const values: string[] = [];
  for await (const { text: value } of jsonValues(inPieces(text, size), most)) values.push(value);
  return values;
}

describe('the values of a JSON file', () => {
  const documents = ['{"a":"}]\\"\\\\"}', '{"b":[{"c":1},[]]}', '{}'];
  it.each([1, 2, 3, 7, 1_000])('are the same however it is cut: %i characters at a time', async (size) => {
    expect(await valuesOf(documents.join('\n'), size)).toEqual(documents);
    expect(await valuesOf(`\ufeff [${documents.join(' ,\n')}]\n`, size)).toEqual(documents);
    expect(await valuesOf(documents.join(''), size)).toEqual(documents);
  });

  it('that ends too early, holds something else or a document without end says where', async () => {
    await expect(valuesOf('[{"a":1', 3)).rejects.toThrow('ends within a document');
    await expect(valuesOf('[{"a":1}, 5]', 3)).rejects.toThrow('character 10');
    const error = await valuesOf(`{"a":"${'x'.repeat(5_000)}`, 100).catch(asNoodleError);
    expect(error).toMatchObject({ code: 'too-large' });
  });
});

describe('CSV', () => {
  const row = (columns: string[], cells: string[], types: 'infer' | 'text' = 'infer') =>
    ejsonOf(bytesOf(rowDocument(columns, cells, types) as never));

  it('takes cells for what they are, unless they would not come back as they were written', () => {
    expect(
      row(
        ['n', 'l', 'd', 'z', 'b', 't', 's', 'x.y', 'gone'],
        ['5', '9007199254740993', '1.5', '0123', 'true', '2026-01-31', 'ünï', '1e3', ''],
      ),
    ).toBe(
      '{"n":{"$numberInt":"5"},"l":{"$numberLong":"9007199254740993"},"d":{"$numberDouble":"1.5"},"z":"0123","b":true,"t":{"$date":{"$numberLong":"1769817600000"}},"s":"ünï","x":{"y":"1e3"}}',
    );
    expect(row(['n'], ['5'], 'text')).toBe('{"n":"5"}');
  });

  it('fields within documents are columns of their own', () => {
    const cells: [string, string][] = [];
    const document = bytesOf(
      parseDocument("{ _id: UUID('00112233-4455-6677-8899-aabbccddeeff'), a: { b: 1, c: {} }, l: [1], n: 7n, t: new Date(0) }") as never,
    );
    flatten(document, (path, text) => cells.push([path, text()]));
    expect(cells).toEqual(
      [
        ['_id', '00112233-4455-6677-8899-aabbccddeeff'],
        ['a.b', '1'],
        ['a.c', '{}'],
        ['l', '[1]'],
        ['n', '7'],
        ['t', '1970-01-01T00:00:00.000Z'],
      ].map(([path, text]) => [path, text]),
    );
  });
});
