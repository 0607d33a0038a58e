import { expect, it } from 'vitest';
import { KeyEdit, type KeyEditInput } from '../../../../preload/contract/cache-models.ts';
import { planEdit, printedPlan } from './edits.ts';

const printed = (edit: KeyEditInput, key = 'k') => printedPlan(planEdit(key, KeyEdit.parse(edit)));

it('prints what will run, with every byte where it belongs', () => {
  expect(printed({ kind: 'string-set', value: { data: 'a b' } })).toBe('SET k "a b" KEEPTTL');
  expect(printed({ kind: 'hash-put', field: 'f\\n', value: { data: '/w==', binary: true } }, 'a\\xff')).toBe(
    String.raw`HSET "a\xff" "f\n" "\xff"`,
  );
  expect(printed({ kind: 'expire', ttl: null })).toBe('PERSIST k');
  expect(printed({ kind: 'stream-add', fields: [{ name: { data: 'f' }, value: { data: '\r\nFLUSHALL\r\n' } }] })).toBe(
    'XADD k * f "\\r\\nFLUSHALL\\r\\n"',
  );
  expect(printed({ kind: 'delete' })).toBe('UNLINK k');
});

it('removes a list element by its place, as one', () => {
  const lines = printed({ kind: 'list-remove', index: 3 }).split('\n');
  const mark = lines[1]!.split(' ').at(-1)!;
  expect(lines).toEqual(['MULTI', `LSET k 3 ${mark}`, `LREM k 1 ${mark}`, 'EXEC']);
});

it('compares what was seen, though it was only a part', () => {
  const was = { data: 'abc', binary: false, bytes: 10, cut: true };
  const { checks } = planEdit('k', KeyEdit.parse({ kind: 'string-set', value: { data: 'x' }, was }));
  expect(checks.map(({ ask }) => ask.slice(0, 1).concat(ask.slice(2)))).toEqual([['STRLEN'], ['GETRANGE', 0, 2]]);
  expect(checks[0]!.holds('10')).toBe(true);
  expect(checks[0]!.holds('11')).toBe(false);
  expect(checks[1]!.holds(Buffer.from('abd'))).toBe(false);
});

it('refuses scores, ids and JSON that are none', () => {
  for (const score of ['1e400x', '', 'nan', '1 2'])
    expect(KeyEdit.safeParse({ kind: 'zset-put', member: { data: 'm' }, score }).success).toBe(false);
  expect(KeyEdit.safeParse({ kind: 'zset-put', member: { data: 'm' }, score: '-inf' }).success).toBe(true);
  expect(KeyEdit.safeParse({ kind: 'stream-remove', ids: ['0-0 MAXLEN'] }).success).toBe(false);
  expect(() => planEdit('k', KeyEdit.parse({ kind: 'json-set', json: '{"a":}' }))).toThrow(
    expect.objectContaining({ problem: expect.objectContaining({ at: { offset: 5, length: 1 } }) }),
  );
});
