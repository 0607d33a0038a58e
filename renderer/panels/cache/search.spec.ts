import { expect, it } from 'vitest';
import { cacheSearch } from './search.ts';

it('keeps what it knows and nothing else', () => {
  expect(cacheSearch({ service: 'redis', tab: 'memory', text: 'session:*', type: 'hash', list: true, key: 'a\\xff', other: 1 })).toEqual({
    service: 'redis',
    tab: 'memory',
    text: 'session:*',
    type: 'hash',
    list: true,
    key: 'a\\xff',
  });
});

it('leaves out what makes no sense, and the first tab', () => {
  expect(cacheSearch({ tab: 'keys', text: '', type: 'blob', list: 'yes', service: 3 })).toEqual({});
});

it('takes a key of digits, and the empty key, for what they are', () => {
  expect(cacheSearch({ key: 42 })).toEqual({ key: '42' });
  expect(cacheSearch({ key: '' })).toEqual({ key: '' });
});
