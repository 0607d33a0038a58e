import { expect, it } from 'vitest';
import { CsvRecords, cellsOf } from './csv.ts';

const text = 'a,b\r\n,"with ""quotes"", a comma",\r\n\r\n,"two\r\nlines",x\r\n"\n",\n,last';
const records = ['a,b', ',"with ""quotes"", a comma",', '', ',"two\r\nlines",x', '"\n",', ',last'];

it('records are the same wherever the text was cut', () => {
  for (let size = 1; size <= text.length; size++) {
    const reader = new CsvRecords();
    const found: string[] = [];
    for (let at = 0; at < text.length; at += size) found.push(...reader.read(text.slice(at, at + size)));
    expect([...found, reader.end()]).toEqual(records);
  }
});

it('nothing is left of a text that ends with a line end', () => {
  const reader = new CsvRecords();
  expect([...reader.read('a\r\n')]).toEqual(['a']);
  expect(reader.end()).toBe('');
});

it('cells in quotes hold quotes, commas and line breaks', () => {
  expect(records.map(cellsOf)).toEqual([
    ['a', 'b'],
    ['', 'with "quotes", a comma', ''],
    [''],
    ['', 'two\r\nlines', 'x'],
    ['\n', ''],
    ['', 'last'],
  ]);
});
