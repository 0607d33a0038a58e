import 'uplot/dist/uPlot.min.css';
import { useComputedColorScheme } from '@mantine/core';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import type { Zone } from '../format.ts';
import { Legend } from './legend.tsx';
import { chartOptions } from './options.ts';
import type { ChartSeries } from './series.ts';
import css from './time-chart.module.css';

export type { ChartSeries } from './series.ts';

export interface TimeChartProps {
  label: string;
  /** ms since the epoch, ascending; one for each value of every series */
  times: readonly number[];
  series: readonly ChartSeries[];
  draw?: 'line' | 'band' | 'bar';
  /** See `inUnit`. */
  unit?: string;
  /** px */
  height?: number;
  zone?: Zone;
  /** A range that was dragged over the chart, ms since the epoch. */
  onZoom?: (from: number, to: number) => void;
  /** Wheel with Ctrl, or arrow keys: by how much of the width to move, negative to the past. */
  onPan?: (share: number) => void;
  /** Charts of one key share their crosshair. */
  syncKey?: string;
  legend?: boolean;
  /** Draws over gaps, for series that do not come at every time. */
  joinGaps?: boolean;
  /** The whole range asked for, ms; default: that of the times. */
  range?: readonly [number, number];
}

/** Lines, bands or bars over time: quiet grid, shared crosshair, zoom by dragging, a legend with min, max, mean and last. */
export function TimeChart(props: TimeChartProps) {
  const {
    label,
    times,
    series,
    draw = 'line',
    unit,
    height = 220,
    zone = 'local',
    syncKey,
    legend = true,
    range,
    joinGaps = false,
  } = props;
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(props);
  latest.current = props;
  const scheme = useComputedColorScheme('light');
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [cursor, setCursor] = useState<number | null>(null);
  const shown = useMemo(() => series.map((each) => !hidden.has(each.name)), [series, hidden]);
  const data = useMemo(() => alignedData(times, series, draw), [times, series, draw]);
  // A chart is made anew when its shape changes, and only given other numbers otherwise.
  const shape = JSON.stringify([scheme, draw, unit, zone, syncKey, height, joinGaps, series.map(({ name, colour }) => [name, colour])]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the shape stands for all that is drawn by
  useLayoutEffect(() => {
    const element = host.current!;
    const options = chartOptions({
      width: Math.max(120, element.clientWidth),
      height,
      series,
      draw,
      unit,
      zone,
      syncKey,
      joinGaps,
      element,
      range: () => latest.current.range,
      onZoom: (from, to) => latest.current.onZoom?.(from, to),
      onCursor: setCursor,
    });
    const made = new uPlot(options, data, element);
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: Math.max(120, element.clientWidth), height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
  }, [shape]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a range asked for draws the same numbers elsewhere
  useEffect(() => plot.current?.setData(data), [data, range?.[0], range?.[1]]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a chart made anew shows all of its series
  useEffect(() => {
    for (const [at, show] of shown.entries()) {
      for (const index of seriesIndexes(at, draw)) plot.current?.setSeries(index, { show });
    }
  }, [shown, shape]);

  return (
    <figure
      className={css.chart}
      aria-label={label}
      tabIndex={props.onPan ? 0 : undefined}
      onKeyDown={(event) => {
        const share = { ArrowLeft: -0.25, ArrowRight: 0.25 }[event.key];
        if (share === undefined || !props.onPan) return;
        event.preventDefault();
        props.onPan(share);
      }}
    >
      <div ref={host} className={css.plot} style={{ minHeight: height }} />
      {legend ? (
        <Legend
          series={series}
          cursor={cursor}
          unit={unit}
          hidden={hidden}
          onToggle={(name, alone) =>
            setHidden((before) => {
              if (alone) {
                const others = series.map((each) => each.name).filter((each) => each !== name);
                return before.size === others.length && !before.has(name) ? new Set() : new Set(others);
              }
              const next = new Set(before);
              if (!next.delete(name)) next.add(name);
              return next;
            })
          }
        />
      ) : null}
    </figure>
  );
}

/** uPlot's columns: times in seconds, then each series, with the edges of its band behind it. */
function alignedData(times: readonly number[], series: readonly ChartSeries[], draw: TimeChartProps['draw']): uPlot.AlignedData {
  const columns: (readonly (number | null)[])[] = [];
  for (const each of series) {
    columns.push(each.values);
    if (draw === 'band') columns.push(each.low ?? each.values, each.high ?? each.values);
  }
  return [times.map((time) => time / 1000), ...columns] as unknown as uPlot.AlignedData;
}

function seriesIndexes(at: number, draw: TimeChartProps['draw']): number[] {
  return draw === 'band' ? [1 + at * 3, 2 + at * 3, 3 + at * 3] : [1 + at];
}
