import { describe, expect, it } from 'vitest';
import { anyCaseGlob, bytesOf, escapedGlob, givenBytes, globOf, nameOf, shownBytes } from './bytes.ts';

describe('names', () => {
  it('are written as they read', () => {
    expect(nameOf(Buffer.from('session:ünï ✓ 👩‍💻 "q"'))).toBe('session:ünï ✓ 👩‍💻 "q"');
  });

  it('escape what cannot be seen, and bytes that are no text', () => {
    expect(nameOf(Buffer.from('a\nb\r\t\\c\0'))).toBe('a\\nb\\r\\t\\\\c\\x00');
    expect(nameOf(Buffer.from([0x61, 0xff, 0xc3, 0xa9, 0xc3]))).toBe('a\\xffé\\xc3');
    expect(nameOf(Buffer.from('\ufeffx\u202ey'))).toBe('\\xef\\xbb\\xbfx\\xe2\\x80\\xaey');
  });

  it('come back byte for byte, whatever they are', () => {
    let seed = 7;
    const random = () => {
      seed = (seed * 1103515245 + 12345) % 2 ** 31;
      return seed / 2 ** 31;
    };
    for (let round = 0; round < 2_000; round++) {
      const bytes = Buffer.from(Array.from({ length: Math.floor(random() * 12) }, () => Math.floor(random() * 256)));
      expect(bytesOf(nameOf(bytes)).equals(bytes)).toBe(true);
    }
    for (const text of ['\\x41', '\\\\n', 'a\\', '\\', '', ':', '👩‍💻\\xff']) {
      expect(bytesOf(nameOf(Buffer.from(text))).toString()).toBe(text);
    }
  });

  it('with a backslash that stands alone are refused, with its place', () => {
    expect(() => bytesOf('ab\\c')).toThrow(expect.objectContaining({ problem: expect.objectContaining({ at: { offset: 2, length: 2 } }) }));
  });
});

describe('values', () => {
  it('are text where they are text, also when cut within a character', () => {
    expect(shownBytes(Buffer.from('añb'), 2)).toEqual({ data: 'a', binary: false, bytes: 4, cut: true });
    expect(shownBytes(Buffer.from('a\nb'), 10)).toEqual({ data: 'a\nb', binary: false, bytes: 3, cut: false });
  });

  it('are base64 where they are not', () => {
    expect(shownBytes(Buffer.from([1, 255]), 10)).toEqual({ data: 'Af8=', binary: true, bytes: 2, cut: false });
    expect(givenBytes({ data: 'Af8=', binary: true })).toEqual(Buffer.from([1, 255]));
    expect(() => givenBytes({ data: 'no base64!', binary: true })).toThrow('no base64');
  });
});

describe('patterns', () => {
  it('made of bytes match them and nothing else', () => {
    expect(escapedGlob(Buffer.from('a*[b-c]?^\\')).toString()).toBe(String.raw`a\*\[b\-c\]\?\^\\`);
  });

  it('typed without wildcards are looked for anywhere', () => {
    expect(globOf('').toString()).toBe('*');
    expect(globOf('user').toString()).toBe('*user*');
    expect(globOf('user:*').toString()).toBe('user:*');
    expect(globOf('a\\nb')).toEqual(Buffer.from('*a\nb*'));
    expect(globOf('a\\q').toString()).toBe('*a\\\\q*');
  });

  it('can leave case alone', () => {
    expect(anyCaseGlob('Ab-1').toString()).toBe('*[aA][bB]\\-1*');
  });
});
