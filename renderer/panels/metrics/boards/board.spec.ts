import { expect, it } from 'vitest';
import { boardBody, chartsFrom, moved } from './board.ts';

const chart = (id: string) => ({ id, title: id, view: { bucket: 'b', measurement: 'm' } });

it('reads what it has written', () => {
  const charts = [
    { ...chart('a'), unit: 'ms' },
    { id: 'q', title: 'Query', flux: 'buckets()' },
  ];
  expect(chartsFrom(boardBody(charts))).toEqual([
    { ...charts[0], view: expect.objectContaining({ bucket: 'b', measurement: 'm' }) },
    charts[1],
  ]);
});

it('leaves out what it does not understand', () => {
  expect(chartsFrom('junk')).toEqual([]);
  expect(chartsFrom('{"charts":[1,{"id":"a"},{"id":"a","title":"t","view":{"bucket":"b"}}]}')).toEqual([]);
});

it('moves a chart within its board', () => {
  const charts = ['a', 'b', 'c'].map(chart);
  expect(moved(charts, 'a', 1).map(({ id }) => id)).toEqual(['b', 'a', 'c']);
  expect(moved(charts, 'a', -1).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
  expect(moved(charts, 'c', 1).map(({ id }) => id)).toEqual(['a', 'b', 'c']);
});
