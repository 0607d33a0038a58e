import { describe, expect, it } from 'vitest';
import { sqlSearch } from './search.ts';

describe('the address of the SQL panel', () => {
  it('keeps what it understands and drops the rest', () => {
    const search = {
      service: 'postgres',
      schema: 'public',
      table: 'users',
      filters: [{ column: 'id', operator: '=', value: 'x' }],
      sort: { column: 'id', descending: true },
    };
    expect(sqlSearch({ ...search, nonsense: 1, view: 'other' })).toEqual(search);
  });

  it('forgives what a person may have typed', () => {
    expect(sqlSearch({ table: 2024, filters: [{ column: 'a', operator: 'drop', value: 1 }, 'x', { operator: '=' }], sort: 'a' })).toEqual({
      schema: 'public',
      table: '2024',
      filters: [{ column: 'a', operator: '=', value: '1' }],
    });
    expect(sqlSearch({ filters: [{ column: 'a' }], service: '' })).toEqual({});
    expect(sqlSearch({ query: 'query-1' })).toEqual({ query: 'query-1' });
  });
});
