import { describe, expect, it } from 'vitest';
import { nextName, type OpenTab, parseTabs, planTab, searchOf, tableTab, wantedTab, without } from './open-tabs.ts';

const query: OpenTab = { kind: 'query', id: 'q1', name: 'Query 1' };

describe('open tabs', () => {
  it('are found from an address and back, whatever a table is called', () => {
    for (const name of ['users', 'a.b', '"x"', 'ü/😀']) {
      const tab = tableTab('my "schema"', name);
      expect(wantedTab(searchOf(tab), [])).toEqual(tab);
    }
    expect(wantedTab(searchOf(query), [query])).toBe(query);
    expect(wantedTab(searchOf(planTab), [])).toEqual(planTab);
    expect(wantedTab({}, [query])).toBeUndefined();
  });

  it('leave their place to a neighbour', () => {
    const open = [query, planTab];
    expect(without(open, 'plan')).toEqual({ left: [query], next: query });
    expect(without([query], 'q1')).toEqual({ left: [], next: undefined });
  });

  it('are read again, but not when they are something else', () => {
    expect(parseTabs(JSON.stringify([query, { kind: 'table', id: 'x' }, 7]))).toEqual([query]);
    expect(parseTabs('not json')).toEqual([]);
    expect(nextName([query])).toBe('Query 2');
  });
});
