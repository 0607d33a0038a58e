/** uPlot's options for our charts: thin lines, quiet grid, the theme's colours. */
import uPlot from 'uplot';
import type { Zone } from '../format.ts';
import { barsBeside } from './bars.ts';
import { type ChartSeries, palette } from './series.ts';
import { timeLabels } from './time-axis.ts';
import { axisLabels } from './units.ts';

interface ChartShape {
  readonly width: number;
  readonly height: number;
  readonly series: readonly ChartSeries[];
  readonly draw: 'line' | 'band' | 'bar';
  readonly unit: string | undefined;
  readonly zone: Zone;
  readonly syncKey: string | undefined;
  readonly joinGaps: boolean;
  /** Where the theme's colours are read from. */
  readonly element: HTMLElement;
  range(): readonly [number, number] | undefined;
  onZoom(from: number, to: number): void;
  onCursor(index: number | null): void;
}

export function chartOptions(shape: ChartShape): uPlot.Options {
  const { width, height, series, draw, unit, zone, syncKey, element } = shape;
  const colour = (css: string) => resolved(element, css);
  const text = colour('var(--nb-text-2)');
  const font = '11px Inter, system-ui, sans-serif';
  const axis = { stroke: text, font, grid: { stroke: colour('var(--nb-border)'), width: 1 }, ticks: { show: false } };
  const drawn: uPlot.Series[] = [{}];
  const bands: uPlot.Band[] = [];
  for (const [at, each] of series.entries()) {
    const stroke = colour(each.colour ?? palette[at % palette.length]!);
    drawn.push({
      label: each.name,
      stroke,
      width: draw === 'bar' ? 0 : 1.25,
      fill: draw === 'bar' ? withAlpha(stroke, 0.75) : undefined,
      paths: draw === 'bar' ? barPaths(at, series.length) : undefined,
      points: { show: (_plot, _series, from, to) => draw !== 'bar' && to - from < 40, size: 4, fill: stroke },
      spanGaps: shape.joinGaps,
    });
    if (draw === 'band') {
      const edge: uPlot.Series = {
        label: `${each.name} edge`,
        stroke: 'transparent',
        width: 0,
        points: { show: false },
        spanGaps: shape.joinGaps,
      };
      drawn.push(edge, { ...edge });
      bands.push({ series: [at * 3 + 3, at * 3 + 2], fill: withAlpha(stroke, 0.16) });
    }
  }
  return {
    width,
    height,
    series: drawn,
    bands,
    legend: { show: false },
    padding: [8, 8, 0, 0],
    tzDate: zone === 'utc' ? (seconds) => uPlot.tzDate(new Date(seconds * 1000), 'UTC') : undefined,
    scales: {
      x: { time: true, range: (_plot, min, max) => (shape.range()?.map((ms) => ms / 1000) as [number, number] | undefined) ?? [min, max] },
      y: { range: (_plot, min, max) => yRange(min, max, draw) },
    },
    axes: [
      {
        ...axis,
        size: 28,
        gap: 4,
        values: (_plot, splits, _axis, _space, step) =>
          timeLabels(
            splits.map((seconds) => seconds * 1000),
            step * 1000,
            zone,
          ),
      },
      { ...axis, size: 64, gap: 6, values: (_plot, splits) => axisLabels(splits, unit) },
    ],
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: { size: 6, width: 1 },
      y: false,
      ...(syncKey === undefined ? {} : { sync: { key: syncKey, setSeries: false } }),
    },
    hooks: {
      setCursor: [(plot) => shape.onCursor(plot.cursor.idx ?? null)],
      setSelect: [
        (plot) => {
          if (plot.select.width < 4) return;
          const from = plot.posToVal(plot.select.left, 'x') * 1000;
          const to = plot.posToVal(plot.select.left + plot.select.width, 'x') * 1000;
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          shape.onZoom(Math.round(from), Math.round(to));
        },
      ],
    },
  };
}

/** uPlot draws all bars of a window at one place, unless it is told where. */
function barPaths(at: number, of: number): uPlot.Series.PathBuilder {
  const beside = (plot: uPlot) => barsBeside(plot.data[0] as number[], at, of);
  return uPlot.paths.bars!({
    size: [0.8, Number.POSITIVE_INFINITY],
    disp: {
      x0: { unit: 1, values: (plot) => beside(plot).starts },
      size: { unit: 1, values: (plot) => [beside(plot).width] },
    },
  });
}

/** Bars stand on zero; a line that is flat is not magnified. */
function yRange(min: number | null, max: number | null, draw: ChartShape['draw']): [number, number] {
  if (min === null || max === null) return [0, 1];
  const low = draw === 'bar' ? Math.min(0, min) : min;
  const high = draw === 'bar' ? Math.max(0, max) : max;
  if (low === high) return [low - Math.max(1, Math.abs(low) * 0.1), high + Math.max(1, Math.abs(high) * 0.1)];
  const room = (high - low) * 0.06;
  return [low >= 0 && low - room < 0 ? 0 : low - (draw === 'bar' && low === 0 ? 0 : room), high + room];
}

/** A canvas takes no variables: the colour as it is now. */
function resolved(element: HTMLElement, css: string): string {
  const name = /^var\((--[\w-]+)\)$/.exec(css)?.[1];
  return name === undefined ? css : getComputedStyle(element).getPropertyValue(name).trim() || '#888888';
}

/** @param colour `#rrggbb` */
function withAlpha(colour: string, alpha: number): string {
  return /^#[0-9a-f]{6}$/i.test(colour)
    ? `${colour}${Math.round(alpha * 255)
        .toString(16)
        .padStart(2, '0')}`
    : colour;
}
