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

const scales = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** Labels of one axis: as `inUnit`, but with as many digits as it takes to tell neighbours apart. */
export function axisLabels(values: readonly number[], unit?: string): string[] {
  const labels = values.map((value) => inUnit(value, unit));
  if (new Set(labels).size === labels.length || unit !== 'bytes') return labels;
  const most = Math.max(...values.map(Math.abs));
  const power = Math.min(scales.length - 1, Math.max(0, Math.floor(Math.log2(most) / 10)));
  for (let digits = 2; digits < 6; digits++) {
    const finer = values.map((value) => `${(value / 2 ** (10 * power)).toFixed(digits)} ${scales[power]}`);
    if (new Set(finer).size === finer.length) return finer;
  }
  return labels;
}

function bare(value: number): string {
  if (Number.isInteger(value)) return String(value);
  const size = Math.abs(value);
  return size >= 100 ? value.toFixed(1) : size >= 0.01 ? String(Number(value.toPrecision(3))) : value.toExponential(1);
}
