import { expect, it } from 'vitest';
import { escapePattern } from './client.ts';
import { parseInfo } from './verify.ts';

it('a pattern made of a text matches only that text', () => {
  expect(escapePattern('session:*[a-z]?^\\')).toBe(String.raw`session:\*\[a\-z\]\?\^\\`);
});

it('reads the sections of INFO, whatever the line ends are', () => {
  expect(parseInfo('# Server\r\nredis_version:8.0.2\r\nexecutable:/a:b\r\n\r\n# Memory\r\nmaxmemory:0\r\n')).toEqual({
    redis_version: '8.0.2',
    executable: '/a:b',
    maxmemory: '0',
  });
});
