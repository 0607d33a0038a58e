import { expect, it } from 'vitest';
import { isWhole, queryOf, titleOf, viewOf } from './view.ts';

it('asks for the edges of a band, and for wider windows for bars', () => {
  const view = { bucket: 'b', measurement: 'm' };
  expect(queryOf({ ...view, draw: 'band' }, { last: 1 }, 800)).toMatchObject({ band: true, pixels: 800, aggregate: 'mean', group: [] });
  expect(queryOf({ ...view, draw: 'bar' }, { last: 1 }, 800)).toMatchObject({ band: false, pixels: 200 });
});

it('takes the chart out of an address, and nothing else', () => {
  expect(viewOf({ bucket: 'b', measurement: 'm', last: 5, tab: 'flux', service: 's' })).not.toHaveProperty('last');
  expect(isWhole({ bucket: 'b' })).toBe(false);
});

it('has a title that says what is drawn', () => {
  const filters = [{ key: 'host', values: ['a'] }, { key: 'zone', values: ['x', 'y'] }]; // biome-ignore format: one line
  expect(titleOf({ bucket: 'b', measurement: 'm', fields: ['v'], filters, group: ['id'], aggregate: 'max' })).toBe(
    'max of m v by id, host a, zone (2)',
  );
});
