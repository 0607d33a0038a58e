import { describe, expect, it } from 'vitest';
import { shortName } from './names.ts';
import { type Catalog, treeRows } from './tree-rows.ts';

const base = 'persistent://public/default/';
const catalog: Catalog = {
  tenants: [
    { tenant: 'public', namespaces: ['public/default', 'public/other'] },
    { tenant: 'empty', namespaces: [] },
  ],
  topics: new Map([
    [
      'public/default',
      [
        { topic: `${base}ai-events`, partitions: 0, deadLetter: null },
        { topic: `${base}many`, partitions: 2, deadLetter: null },
      ],
    ],
  ]),
};
const shown = (open: string[], filter = '') =>
  treeRows(catalog, (id) => open.includes(id), filter).map(({ depth, label, state }) => `${depth} ${label} ${state}`);

describe('the tree of topics', () => {
  it('shows what is opened', () => {
    expect(shown([])).toEqual(['0 public closed', '0 empty leaf']);
    expect(shown(['tenant:public', 'namespace:public/default', 'namespace:public/other'])).toEqual([
      '0 public open',
      '1 default open',
      '2 ai-events leaf',
      '2 many closed',
      '1 other loading',
      '0 empty leaf',
    ]);
    expect(shown(['tenant:public', 'namespace:public/default', `${base}many`])).toContain('3 partition 1 leaf');
  });

  it('shows what a filter finds, and the way there', () => {
    expect(shown([], 'AI-')).toEqual(['0 public open', '1 default open', '2 ai-events leaf']);
    expect(shown([], 'nothing')).toEqual([]);
  });

  it('names topics of the stack by their names alone', () => {
    expect([shortName(`${base}a`), shortName('persistent://t/n/a')]).toEqual(['a', 't/n/a']);
  });
});
