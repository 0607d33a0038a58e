const hues: Readonly<Record<string, string>> = {
  string: 'var(--nb-chart-3)',
  int: 'var(--nb-chart-1)',
  long: 'var(--nb-chart-1)',
  double: 'var(--nb-chart-1)',
  decimal: 'var(--nb-chart-1)',
  date: 'var(--nb-chart-5)',
  timestamp: 'var(--nb-chart-5)',
  objectId: 'var(--nb-chart-4)',
  binData: 'var(--nb-chart-4)',
  bool: 'var(--nb-chart-2)',
  object: 'var(--nb-chart-7)',
  array: 'var(--nb-chart-6)',
};

/** The colour of a type in bars; its word stands beside. */
export function hueOfType(type: string): string {
  return hues[type] ?? 'var(--nb-chart-8)';
}

/** A share in words: never 0 % of something that is there, nor 100 % of what lacks in places. */
export function percent(part: number, whole: number): string {
  if (whole === 0 || part === 0) return '0 %';
  if (part === whole) return '100 %';
  const share = (part / whole) * 100;
  return share < 1 ? '<1 %' : share > 99 ? '>99 %' : `${Math.round(share)} %`;
}
