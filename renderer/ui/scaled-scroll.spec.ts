import { describe, expect, it } from 'vitest';
import { lastTop, physicalHeight, rowsInSight, type ScrollSpace, tallest, toPhysical, topShowing, toVirtual } from './scaled-scroll.ts';

const short: ScrollSpace = { rows: 100, rowHeight: 20, view: 600 };
const long: ScrollSpace = { rows: 2_000_000, rowHeight: 20, view: 600 };

describe('a list that fits', () => {
  it('scrolls pixel by pixel', () => {
    expect(physicalHeight(short)).toBe(2_000);
    expect(toVirtual(700, short)).toBe(700);
    expect(toPhysical(700, short)).toBe(700);
  });
});

describe('a list too long for a browser', () => {
  it('is never laid out taller than one can be', () => expect(physicalHeight(long)).toBe(tallest));

  it('reaches its first and its last row', () => {
    expect(rowsInSight(toVirtual(0, long), long).from).toBe(0);
    expect(rowsInSight(toVirtual(tallest - long.view, long), long).to).toBe(long.rows);
    expect(toVirtual(tallest - long.view, long)).toBe(lastTop(long));
  });

  it('finds its way back from the scroll bar', () => {
    for (const top of [0, 1234, 20_000_000, lastTop(long)]) expect(toVirtual(toPhysical(top, long), long)).toBeCloseTo(top, 3);
  });
});

describe('showing a row', () => {
  it('moves no further than needed', () => {
    expect(topShowing(50, 0, short)).toBe(50 * 20 + 20 - 600);
    expect(topShowing(2, 100, short)).toBe(40);
    expect(topShowing(10, 100, short)).toBe(100);
  });
});
