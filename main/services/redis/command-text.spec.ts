import { expect, it } from 'vitest';
import { commandText, splitCommand } from './command-text.ts';

const split = (line: string) => splitCommand(line).map((part) => part.toString());

it('a line is cut as redis-cli cuts it', () => {
  expect(split('  SET  key "two words" \'it\\\'s\' ""  ')).toEqual(['SET', 'key', 'two words', "it's", '']);
  expect(split('SET k ünï✓👩‍💻')).toEqual(['SET', 'k', 'ünï✓👩‍💻']);
  expect(splitCommand('SET "\\x00\\xff\\n\\"" 1')[1]).toEqual(Buffer.from([0, 255, 10, 34]));
});

it('a quote that is never closed is told with its place', () => {
  expect(() => splitCommand('GET "abc')).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ at: { offset: 4, length: 4 } }) }),
  );
  expect(() => splitCommand(`GET 'abc'd`)).toThrow('more text');
});

it('what is printed is understood as it was', () => {
  const argv = ['SET', 'a b', Buffer.from([0, 255, 10, 34, 92]), 'ü"\\', '', '\r\nFLUSHALL\r\n', "it's", 7];
  expect(splitCommand(commandText(argv))).toEqual(argv.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(String(part)))));
});

it('long arguments are cut, with their size', () => {
  expect(commandText(['SET', 'k', 'x'.repeat(1000)], 5)).toBe('SET k xxxxx…(1000 bytes)');
});
