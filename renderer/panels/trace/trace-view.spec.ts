import { expect, it } from 'vitest';
import type { StoreTrace, TraceFinding } from '../../../preload/contract/index.ts';
import { numbered, timeline } from './trace-view.ts';

const finding = (name: string, time: number | null): TraceFinding => ({
  what: 'row',
  place: 'users',
  name,
  relation: 'its own id',
  time,
  content: '{}',
  link: { panel: 'sql', service: 'postgres', search: {} },
});
const store = (service: string, ...findings: TraceFinding[]): StoreTrace => ({
  service,
  kind: 'postgres',
  findings,
  cut: false,
  took: 1,
  problem: null,
});

it('findings are numbered through all stores', () => {
  const found = numbered([store('a', finding('x', 1), finding('y', 2)), store('b'), store('c', finding('z', null))]);
  expect(found.map(({ number, service, name }) => `${number} ${service} ${name}`)).toEqual(['0 a x', '1 a y', '2 c z']);
});

it('the time line reaches from the first to the last, and leaves out what has no time', () => {
  const line = timeline(numbered([store('a', finding('x', 100), finding('y', 200), finding('z', null), finding('w', 150))]));
  expect(line).toMatchObject({ from: 100, to: 200 });
  expect(line?.marks.map(({ at }) => at)).toEqual([0, 1, 0.5]);
});

it('one moment stands in the middle, and none makes no line', () => {
  expect(timeline(numbered([store('a', finding('x', 7))]))?.marks[0]?.at).toBe(0.5);
  expect(timeline(numbered([store('a', finding('x', null))]))).toBeNull();
});
