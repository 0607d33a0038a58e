import { useMemo } from 'react';
import type { Chart } from '../../../../preload/contract/index.ts';
import { type ChartSeries, TimeChart } from '../../../ui/chart/time-chart.tsx';
import type { Zone } from '../../../ui/format.ts';
import { lineNames } from './labels.ts';

interface LinesChartProps {
  label: string;
  chart: Chart;
  measurement: string;
  draw: 'line' | 'band' | 'bar';
  unit?: string;
  height: number;
  zone: Zone;
  onZoom?: (from: number, to: number) => void;
  onPan?: (share: number) => void;
  syncKey?: string;
  legend?: boolean;
}

/** A chart of the core as lines, bands or bars. */
export function LinesChart({ label, chart, measurement, draw, unit, height, zone, onZoom, onPan, syncKey, legend }: LinesChartProps) {
  const series = useMemo(() => seriesOf(chart, measurement), [chart, measurement]);
  return (
    <TimeChart
      label={label}
      times={chart.times}
      series={series}
      draw={draw}
      unit={unit}
      height={height}
      zone={zone}
      onZoom={onZoom}
      onPan={onPan}
      syncKey={syncKey}
      legend={legend}
      // Series do not come at the same times: a gap in one says nothing.
      joinGaps={draw !== 'bar'}
      range={[chart.start, chart.stop]}
    />
  );
}

export function seriesOf({ lines }: Chart, measurement: string): ChartSeries[] {
  const names = lineNames(lines, measurement);
  return lines.map(({ values, low, high }, index) => ({ name: names[index]!, values, low, high }));
}
