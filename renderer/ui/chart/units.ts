/** Numbers as an axis or a legend has them. */
import { bytes, duration } from '../format.ts';

const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumFractionDigits: 1 });

/** @param unit `bytes`, `ms`, `count`, `share`, or a word put behind the number; undefined: the bare number */
export function inUnit(value: number | null | undefined, unit?: string): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (unit === 'bytes') return value < 0 ? `-${bytes(-value)}` : bytes(Math.round(value));
  if (unit === 'ms') return Math.abs(value) < 1 && value !== 0 ? `${value.toPrecision(2)} ms` : duration(value);
  if (unit === 'share') return `${(value * 100).toFixed(Math.abs(value) < 0.1 ? 1 : 0)} %`;
  const text = Math.abs(value) >= 10_000 ? compact.format(value) : bare(value);
  return unit === undefined || unit === 'count' ? text : `${text} ${unit}`;
}

function bare(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(1) : size >= 0.01 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
