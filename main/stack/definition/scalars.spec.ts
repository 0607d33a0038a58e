import { describe, expect, it } from 'vitest';
import { parseYaml } from './document.ts';
import { bytes, duration, words } from './scalars.ts';

const value = (text: string) => parseYaml('compose.yaml', `key: ${JSON.stringify(text)}`, {}).get('key')!;

describe('a command line', () => {
  it.each([
    ['redis-server --save ""', ['redis-server', '--save', '']],
    [`sh -c 'echo "a b"' c\\ d`, ['sh', '-c', 'echo "a b"', 'c d']],
    ['a"b c"d', ['ab cd']],
    ['  spaced\n  out  ', ['spaced', 'out']],
  ])('%s is split as a shell would', (line, expected) => expect(words(value(line))).toEqual(expected));

  it.each([`echo 'a`, 'echo "a', 'a"b c', 'a\\'])('%s is refused: its quote is not closed', (line) =>
    expect(() => words(value(line))).toThrow(/not closed/));
});

describe('a duration and a size', () => {
  it.each([
    ['10s', 10_000],
    ['1m30s', 90_000],
    ['1h', 3_600_000],
    ['1.5s', 1_500],
    ['500ms', 500],
  ])('%s is %d ms', (text, expected) => expect(duration(value(text))).toBe(expected));

  it.each([
    ['1024', 1_024],
    ['64m', 64 * 2 ** 20],
    ['2gb', 2 * 2 ** 30],
    ['1.5G', 1.5 * 2 ** 30],
    ['512b', 512],
    ['4 kb', 4_096],
  ])('%s is %d bytes', (text, expected) => expect(bytes(value(text))).toBe(expected));

  it.each(['', '10', 'ten', '10s5', '-1s', '1d'])('"%s" is no duration', (text) =>
    expect(() => duration(value(text))).toThrow(/a duration/));
  it.each(['', 'm', '12x', '-1', '1bb'])('"%s" is no size', (text) => expect(() => bytes(value(text))).toThrow(/a size/));
});
