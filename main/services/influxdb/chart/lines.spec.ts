import { linesToRowsIterable } from '@influxdata/influxdb-client';
import { expect, it } from 'vitest';
import { assemble, divided, keyOf, numberOf, readWindows } from './lines.ts';

async function* csv(...rows: string[]) {
  yield '#datatype,string,long,dateTime:RFC3339,double,string,string';
  yield '#group,false,false,false,false,true,true';
  yield '#default,_result,,,,,';
  yield ',result,table,_time,_value,_field,host';
  yield* rows;
}

const columns = ['_field', 'host'];
const a = keyOf({ _field: 'v', host: 'a' }, columns);
const rows = () =>
  linesToRowsIterable(
    csv(
      ',,0,1970-01-01T00:00:01Z,5,v,a',
      ',,1,1970-01-01T00:00:01Z,3,v,a',
      ',,1,1970-01-01T00:00:02Z,,v,a',
      ',,2,1970-01-01T00:00:01Z,9,v,b',
    ),
  );

it('merges what several series say of one window, and passes over lines that are not wanted', async () => {
  const windows = await readWindows(rows(), columns, new Set([a]), Math.min);
  expect([...windows]).toEqual([[a, new Map([[1_000, 3]])]]);
});

it('draws lines over the times of all of them', () => {
  const windows = new Map([
    ['x', new Map([[1, 10], [3, 30]])],
    ['y', new Map([[2, 5]])],
  ]); // biome-ignore format: a table
  const { times, lines } = assemble(
    [
      { key: 'x', labels: { l: 'x' } },
      { key: 'y', labels: { l: 'y' } },
      { key: 'z', labels: {} },
    ],
    windows,
  );
  expect(times).toEqual([1, 2, 3]);
  expect(lines).toEqual([
    { labels: { l: 'x' }, values: [10, null, 30] },
    { labels: { l: 'y' }, values: [null, 5, null] },
  ]);
});

it('divides sums by counts, window by window', () => {
  expect(
    divided(new Map([['x', new Map([[1, 10]])]]), new Map([['x', new Map([[1, 4]])]]))
      .get('x')
      ?.get(1),
  ).toBe(2.5);
});

it('draws no infinities', () => {
  expect(['1.5', '', '+Inf', 'NaN', 'true'].map(numberOf)).toEqual([1.5, null, null, null, 1]);
});
