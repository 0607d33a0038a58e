import { StringStream } from '@codemirror/language';
import { expect, it } from 'vitest';
import { fluxToken } from './language.ts';

/** Tokens of a line with their kinds, spaces left out. */
function tokens(line: string, state = { inString: false, braces: [] as number[], regexNext: false }): string[] {
  const stream = new StringStream(line, 2, 2);
  const all: string[] = [];
  while (!stream.eol()) {
    stream.start = stream.pos;
    const kind = fluxToken(stream, state);
    if (stream.pos === stream.start) throw new Error(`no progress at ${stream.pos}`);
    const text = stream.current();
    if (text.trim() !== '' && kind !== null) all.push(`${kind} ${text}`);
  }
  return all;
}

it('knows functions, parameters, durations and operators', () => {
  expect(tokens('from(bucket: "b") |> range(start: -1h30m)')).toEqual([
    'variableName.function from', 'propertyName bucket', 'string "b"', 'operator |>', 'variableName.function range', 'propertyName start', 'operator -', 'number 1h30m',
  ]); // biome-ignore format: a list
});

it('knows regular expressions where one may stand, and times', () => {
  expect(tokens('r.host =~ /a\\/b/ and 4 / 2')).toEqual(['variableName r', 'variableName host', 'operator =~', 'regexp /a\\/b/', 'keyword and', 'number 4', 'operator /', 'number 2']); // biome-ignore format: a list
  expect(tokens('2026-01-01T00:00:00Z // a "remark"')).toEqual(['number 2026-01-01T00:00:00Z', 'comment // a "remark"']);
});

it('sees code inside of strings, and strings over lines', () => {
  expect(tokens('"a ${b + "c"} d"')).toEqual(['string "a ${', 'variableName b', 'operator +', 'string "c"', 'string }', 'string  d"']);
  const state = { inString: false, braces: [], regexNext: false };
  expect(tokens('"one', state)).toEqual(['string "one']);
  expect(tokens('two" + x', state)).toEqual(['string two"', 'operator +', 'variableName x']);
});
