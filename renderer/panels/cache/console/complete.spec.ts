import { expect, it } from 'vitest';
import { completions, helpFor } from './complete.ts';

const doc = (name: string, summary = '') => ({ name, summary, group: '', since: '', usage: name, complexity: '', danger: null });
const docs = [
  doc('CONFIG GET'),
  doc('CONFIG SET'),
  doc('GET', 'Returns the string value of a key.'),
  doc('GETRANGE'),
  doc('TTL', 'Returns the expiration time.'),
];
const names = (line: string) => completions(docs, line).map(({ name }) => name);

it('offers what begins as it was typed, else what speaks of it', () => {
  expect(names('get')).toEqual(['GET', 'GETRANGE']);
  expect(names('config ')).toEqual(['CONFIG GET', 'CONFIG SET']);
  expect(names('expiration')).toEqual(['TTL']);
  expect(names('get key')).toEqual([]);
  expect(names('')).toEqual([]);
});

it('finds the help of what is being written', () => {
  expect(helpFor(docs, 'config set maxmemory')?.name).toBe('CONFIG SET');
  expect(helpFor(docs, '  get k')?.name).toBe('GET');
  expect(helpFor(docs, 'nope')).toBeUndefined();
});
