import { expect, test } from 'vitest';
import { sameServers } from './rehearsed.ts';

const redis = { image: 'redis:7', version: '7.4.1', definition: 'a' };
const then = { redis, postgres: { image: 'postgres:17', version: '17.2', definition: 'b' } };

test('servers of the same image, version and definition are the same, whichever of them are asked for', () => {
  expect(sameServers(then, then)).toBe(true);
  expect(sameServers(then, { redis })).toBe(true);
});

test('another image, version or definition, one that is not there, and one that was not asked then are not', () => {
  for (const change of [{ image: 'redis:8' }, { version: '7.4.2' }, { definition: 'c' }, { image: '' }]) {
    expect(sameServers(then, { redis: { ...redis, ...change } }), JSON.stringify(change)).toBe(false);
  }
  expect(sameServers({ redis: { ...redis, image: '' } }, { redis: { ...redis, image: '' } })).toBe(false);
  expect(sameServers({ redis }, then)).toBe(false);
  expect(sameServers({}, { toString: redis })).toBe(false);
});

test('a server that does not run now tells no version, and its image speaks for it', () => {
  expect(sameServers(then, { redis: { ...redis, version: null } })).toBe(true);
});
