import { describe, expect, it } from 'vitest';
import { defaultFrom, fromText, parseFrom, topicsSearch } from './search.ts';

describe('the address of the topics panel', () => {
  it('keeps what it understands', () => {
    const search = { topic: 'persistent://a/b/c', tab: 'publish', from: 'id:8:42', message: '8:42', filter: 'x', service: 'pulsar' };
    expect(topicsSearch({ ...search, other: 1 })).toEqual(search);
    expect(topicsSearch({ tab: 'nonsense', topic: 3, filter: '' })).toEqual({});
  });

  it('says where a tail begins', () => {
    for (const from of [
      { kind: 'latest' },
      { kind: 'earliest' },
      { kind: 'last', count: 7 },
      { kind: 'time', time: 1_700_000_000_000 },
      { kind: 'id', id: '8:42:1' },
    ] as const) {
      expect(parseFrom(fromText(from))).toEqual(from);
    }
    for (const text of [undefined, '', 'last:x', 'time:never', 'sideways']) expect(parseFrom(text)).toEqual(defaultFrom);
  });
});
