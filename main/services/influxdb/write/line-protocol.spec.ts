import { describe, expect, it } from 'vitest';
import { checkLine, endOfLine } from './line-protocol.ts';

describe('a line that is a point', () => {
  it.each([
    'm v=1',
    'm,host=a,region=b v=1.5,w=2i,x=3u,ok=t,no=FALSE,s="text" 1700000000000',
    'my\\ place,ta\\,g=va\\=lue v=-1.5e-3',
    'm s="a \\"quoted\\" one, with = and \\\\" 1',
    'm s="over\ntwo lines",v=1 5',
    '  m v=1  ',
    'm v=.5',
    'ünï,ké=✓ v=1',
    'm v=1 -5',
  ])('%s', (line) => expect(checkLine(line, 'ms')).toEqual({ kind: 'point' }));
});

it.each(['', '   ', '# a remark v=1', '\r'])('%j is no point, and not wrong either', (line) => {
  expect(checkLine(line, 'ns')).toEqual({ kind: 'blank' });
});

describe('a line that is wrong is pointed at', () => {
  it.each([
    ['bad', 'd'],
    [',host=a v=1', ','],
    ['m,host= v=1', 'host='],
    ['m,host v=1', 'host'],
    ['m,=a v=1', '='],
    ['m,a=1,a=2 v=1', 'a'],
    ['m v=', '='],
    ['m v=1,w', 'w'],
    ['m v=truex', 'truex'],
    ['m v=1.5i', '1.5i'],
    ['m v=-1u', '-1u'],
    ['m v=99999999999999999999i', '99999999999999999999i'],
    ['m v=NaN', 'NaN'],
    ['m v="no end', '"no end'],
    ['m v=1 soon', 'soon'],
    ['m v=1 1.5', '1.5'],
  ])('%s', (line, marked) => {
    const verdict = checkLine(line, 'ms');
    expect(verdict).toMatchObject({ kind: 'wrong', reason: expect.stringMatching(/\.|\?$/) });
    if (verdict.kind === 'wrong') expect(line.slice(verdict.offset, verdict.offset + verdict.length)).toBe(marked);
  });
});

it('knows a time that the precision makes impossible', () => {
  expect(checkLine('m v=1 1700000000000000000', 'ns').kind).toBe('point');
  expect(checkLine('m v=1 1700000000000000000', 's')).toMatchObject({ kind: 'wrong', reason: expect.stringContaining('precision') });
});

it('ends a line at a newline that stands in no string', () => {
  const text = 'a s="one\ntwo",v=1 1\nb v=1\nc s="never';
  const first = endOfLine(text, 0, 1_000);
  expect(text.slice(0, first)).toBe('a s="one\ntwo",v=1 1');
  expect(text.slice(first + 1, endOfLine(text, first + 1, 1_000))).toBe('b v=1');
  const wrong = 'a s="never\nb v=1';
  expect(wrong.slice(0, endOfLine(wrong, 0, 1_000))).toBe('a s="never');
  expect(endOfLine('# it\'s a "remark\nb v="', 0, 1_000)).toBe(16);
  expect(endOfLine('m a=1', 0, 2)).toBe(5);
});
