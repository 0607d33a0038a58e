import { describe, expect, it } from 'vitest';
import { levelsFrom, logsSearch } from './search.ts';

describe('the view kept in the address', () => {
  it('keeps what it knows and nothing else', () => {
    expect(logsSearch({ services: ['redis', 3], level: 'warn', text: 'slow', other: 1 })).toEqual({
      services: ['redis'],
      level: 'warn',
      text: 'slow',
    });
  });

  it('leaves out what hides nothing, and what makes no sense', () => {
    expect(logsSearch({ services: [], level: 'debug', text: '' })).toEqual({});
    expect(logsSearch({ services: 'redis', level: 'loud', text: 7 })).toEqual({});
  });
});

it('a least level lets itself and the graver ones through', () => {
  expect(levelsFrom('warn')).toEqual(['warn', 'error']);
  expect(levelsFrom(undefined)).toEqual([]);
});
