/** A point as it goes into a bundle. */
import type { FieldFilter } from '../../portion.ts';
import type { Point } from '../point.ts';

/** @returns undefined for a point whose value is masked away */
export function filteredPoint(point: Point, filter: FieldFilter): Point | undefined {
  if (filter.passesAll) return point;
  const { measurement } = point;
  const tags = point.tags.flatMap(([key, value]) => {
    const instead = filter.value(measurement, key, value);
    return instead === null || instead === '' ? [] : [[key, instead] as const];
  });
  if (point.type !== 'string') return { ...point, tags };
  const value = filter.value(measurement, point.field, point.value);
  return value === null ? undefined : { ...point, tags, value };
}
