import { describe, expect, it } from 'vitest';
import type { PersonalField } from '../../../../preload/contract/index.ts';
import {
  everything,
  freeName,
  holdsWords,
  idsOf,
  idsProblem,
  likeWords,
  nameProblem,
  requestOf,
  rowsOf,
  scopeWords,
  secretKeysOf,
  warningOf,
} from './bundle-view.ts';

describe('what is asked for', () => {
  it('takes ids a line each, once, and leaves empty lines out', () => {
    expect(idsOf(' a \r\n\nusers:42\na\n')).toEqual(['a', 'users:42']);
  });

  it('says why ids cannot be asked for before they are', () => {
    expect(idsProblem('')).toBeNull();
    expect(idsProblem('users:42\n905ac2ca-9dd8-4341-b595-012d45bebcb0')).toBeNull();
    expect(idsProblem(Array.from({ length: 1_001 }, (_, n) => `id-${n}`).join('\n'))).toMatch(/^1,001 ids/);
  });

  it('is everything, masked, where nothing was changed', () => {
    expect(requestOf(everything)).toEqual({ ids: null, mask: true, rules: null, note: null });
  });

  it('is nothing while there are no ids, or too many', () => {
    const many = Array.from({ length: 1_001 }, (_, n) => `id-${n}`).join('\n');
    expect(requestOf({ ...everything, what: 'reached' })).toBeNull();
    expect(requestOf({ ...everything, what: 'reached', ids: many })).toBeNull();
  });

  it('keeps rules as they were written, and none where there are none', () => {
    const wanted = { ...everything, what: 'reached', ids: 'users:42', note: ' a bug ', mask: false } as const;
    expect(requestOf({ ...wanted, rules: 'limit: 5\n' })).toEqual({ ids: ['users:42'], mask: false, rules: 'limit: 5\n', note: 'a bug' });
    expect(requestOf({ ...wanted, rules: ' \n' })?.rules).toBeNull();
  });
});

describe('what is told', () => {
  it('counts what a store gives, and names what is there', () => {
    const counts = [
      { name: 'users', rows: 1 },
      { name: 'jobs', rows: 1_200 },
      { name: 'empty', rows: 0 },
    ];
    expect(rowsOf({ counts })).toBe(1_201);
    expect(holdsWords({ counts })).toBe('1 users · 1,200 jobs');
    expect(holdsWords({ counts: [] })).toBe('nothing');
  });

  it('says how far it goes without naming every id', () => {
    expect(scopeWords({ what: 'everything' })).toBe('everything');
    expect(scopeWords({ what: 'reached', ids: ['a'], reached: 1 })).toBe('what a reached: 1 id');
    expect(scopeWords({ what: 'reached', ids: ['a', 'b', 'c', 'd', 'e'], reached: 1_400 })).toBe(
      'what a, b, c and 2 more reached: 1,400 ids',
    );
  });

  it('says why a field looks personal', () => {
    const field = { like: 'an e-mail address', by: 'name', found: 0, looked: 0 } as PersonalField;
    expect(likeWords(field)).toBe('an e-mail address, by its name');
    expect(likeWords({ ...field, by: 'content', found: 93, looked: 1_000 })).toBe('an e-mail address, in 93 of 1,000 values');
  });
});

it('warns of what is not masked', () => {
  const field = {} as PersonalField;
  expect(warningOf({ masked: true, report: { masked: [], personal: [] } })).toBeNull();
  expect(warningOf({ masked: true, report: { masked: [], personal: [field] } })).toBe(
    '1 field looks personal and is not masked: see below.',
  );
  expect(warningOf({ masked: true, report: { masked: [], personal: [field, field] } })).toMatch(/^2 fields look personal and are not/);
  expect(warningOf({ masked: false, report: { masked: [], personal: [] } })).toMatch(/^Nothing is masked/);
});

describe('the new stack', () => {
  it('is offered a name that is free and fits', () => {
    expect(freeName('shop', [])).toBe('shop-bundle');
    expect(freeName('shop', ['shop-bundle', 'shop-bundle-2'])).toBe('shop-bundle-3');
    expect(freeName(null, ['shop'])).toBe('bundle');
    expect(nameProblem(freeName('x'.repeat(63), []), [])).toBeNull();
  });

  it('is refused names that cannot be, or are taken', () => {
    expect(nameProblem('bug-17', ['shop'])).toBeNull();
    for (const name of ['', 'Bug', '-bug', 'bug 17', '../bug', 'x'.repeat(64)]) expect(nameProblem(name, []), name).toMatch(/^Start with/);
    expect(nameProblem('shop', ['shop'])).toMatch(/^There is a stack shop/);
  });
});

it('finds the keys in the text of a key file', () => {
  expect(secretKeysOf('# created: 2026\n# public key: age1x\nAGE-SECRET-KEY-1A\n')).toEqual(['AGE-SECRET-KEY-1A']);
  expect(secretKeysOf(' AGE-SECRET-KEY-1A  AGE-SECRET-KEY-1B ')).toEqual(['AGE-SECRET-KEY-1A', 'AGE-SECRET-KEY-1B']);
  expect(secretKeysOf('')).toEqual([]);
});
