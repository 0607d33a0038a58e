export interface ChartSeries {
  name: string;
  values: readonly (number | null)[];
  /** A colour of CSS; default: the next of the palette. */
  colour?: string;
  /** Edges of a band, as many as values. */
  low?: readonly (number | null)[];
  high?: readonly (number | null)[];
}

/** Colours of series that name none, told apart in both themes. */
export const palette = [
  'var(--nb-chart-1)',
  'var(--nb-chart-2)',
  'var(--nb-chart-3)',
  'var(--nb-chart-4)',
  'var(--nb-chart-5)',
  'var(--nb-chart-6)',
  'var(--nb-chart-7)',
  'var(--nb-chart-8)',
];
