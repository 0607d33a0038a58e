import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ResultColumn, ResultFilter, ResultSort, ValueKind } from '../../../../preload/contract/sql.ts';
import { Arrangement } from './arrangement.ts';
import { rowTexts } from './row.ts';
import { Spool } from './spool.ts';
import { dataRowOf } from './testing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-arrange-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function arranged(
  rows: readonly (string | null)[][],
  kinds: readonly ValueKind[],
  { filters = [], sort = null }: { filters?: ResultFilter[]; sort?: ResultSort | null },
) {
  const spool = await Spool.create(join(folder, crypto.randomUUID()));
  const columns = kinds.map((kind, index): ResultColumn => ({ name: `c${index}`, type: kind, kind }));
  for (let at = 0; at < rows.length; at += 1_000) {
    const batch = rows.slice(at, at + 1_000).map(dataRowOf);
    await spool.take(Buffer.concat(batch), batch.length);
  }
  await spool.finish();
  const view = await Arrangement.create(spool, join(folder, crypto.randomUUID()));
  for await (const _ of view.make({ filters, sort }, columns, new AbortController().signal, 500));
  const found: (string | null)[][] = [];
  for await (const { bytes } of view.read(0, view.rows)) found.push(rowTexts(bytes, 0));
  await view.remove();
  await spool.remove();
  return found;
}

const sorted = async (values: (string | null)[], kind: ValueKind, descending = false) =>
  (
    await arranged(
      values.map((value) => [value]),
      [kind],
      { sort: { column: 0, descending } },
    )
  ).map(([value]) => value);

describe('an arrangement', () => {
  it('sorts numbers exactly, NaN above infinity and NULL above all', async () => {
    const order = [
      '-Infinity',
      '-2',
      '0.10',
      '9007199254740992',
      '9007199254740993',
      '123456789012345678.1',
      '123456789012345678.12',
      'Infinity',
      'NaN',
      null,
    ];
    expect(await sorted(order.toReversed(), 'number')).toEqual(order);
    expect(await sorted(order, 'number', true)).toEqual(order.toReversed());
  });

  it('sorts times by when they were', async () => {
    const order = [
      '-infinity',
      '0044-03-15 00:00:00+00 BC',
      '2020-01-01 12:00:00+02',
      '2020-01-01 11:00:00+00',
      '2020-01-01 11:00:00.5+00',
      '12020-01-01 00:00:00+00',
      'infinity',
    ];
    expect(await sorted(order.toReversed(), 'time')).toEqual(order);
    const intervals = ['-1 days', '00:00:10.5', '1 day 00:00:01', '1 mon', '31 days', '1 year 2 mons'];
    expect(await sorted(intervals.toReversed(), 'time')).toEqual(intervals);
  });

  it('merges more rows than it holds in memory', async () => {
    const rows = Array.from({ length: 3_000 }, (_, at) => [String((at * 7919) % 3_000), `name ${(at * 31) % 1000}`]);
    const byNumber = await arranged(rows, ['number', 'text'], { sort: { column: 0, descending: false } });
    expect(byNumber.every(([n], at) => n === String(at))).toBe(true);
    const byName = await arranged(rows, ['number', 'text'], { sort: { column: 1, descending: true } });
    expect(byName).toHaveLength(3_000);
    expect(byName.every(([, name], at) => at === 0 || name! <= byName[at - 1]![1]!)).toBe(true);
  });

  it('filters by a column or by any', async () => {
    const rows = [
      ['1', 'Ändern'],
      ['2', null],
      ['10', ''],
      ['3', 'x10'],
    ];
    const by = async (filter: ResultFilter) => (await arranged(rows, ['number', 'text'], { filters: [filter] })).map(([n]) => n);
    expect(await by({ column: 0, operator: '>', value: '2' })).toEqual(['10', '3']);
    expect(await by({ column: 1, operator: 'contains', value: 'äND' })).toEqual(['1']);
    expect(await by({ column: 1, operator: 'is null', value: '' })).toEqual(['2']);
    expect(await by({ column: 1, operator: '=', value: '' })).toEqual(['10']);
    expect(await by({ column: null, operator: 'contains', value: '10' })).toEqual(['10', '3']);
  });
});
