import { describe, expect, it } from 'vitest';
import { linePath } from './spark-path.ts';

const box = { room: 5, least: 10, width: 100, height: 22 };

describe('a sparkline', () => {
  it('is empty until there are two values', () => {
    expect(linePath([], box)).toBe('');
    expect(linePath([3], box)).toBe('');
  });

  it('draws few values at the right end', () => {
    expect(linePath([0, 0], box)).toBe('M75.0 21.0L100.0 21.0');
  });

  it('keeps small values low and the newest values only', () => {
    const path = linePath([100, 1, 1, 1, 1, 1], box);
    expect(path.match(/[ML]/g)).toHaveLength(5);
    expect(path.startsWith('M0.0 19.2')).toBe(true);
  });
});
