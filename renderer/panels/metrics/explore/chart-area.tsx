import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconChartLine } from '@tabler/icons-react';
import { useState } from 'react';
import type { Chart, Distribution } from '../../../../preload/contract/index.ts';
import { tell } from '../../../api/actions.tsx';
import { api, problemOf } from '../../../api/client.ts';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { useAfter } from '../../../ui/use-now.ts';
import { ChartTable } from '../charts/chart-table.tsx';
import { HeatMap } from '../charts/heat-map.tsx';
import { Histogram } from '../charts/histogram.tsx';
import { unitOf, unitWords } from '../charts/labels.ts';
import { LinesChart } from '../charts/lines-chart.tsx';
import { SingleValues } from '../charts/single-value.tsx';
import css from '../metrics.module.css';
import { ofRange, rangeOf } from '../search.ts';
import { useMetrics } from '../use-metrics.ts';
import { choiceOf, type WholeView } from '../view.ts';
import { around, panned } from './range.ts';

interface ChartAreaProps {
  view: WholeView;
  chart: Chart | undefined;
  distribution: Distribution | undefined;
  error: unknown;
  pending: boolean;
  /** What was drawn belongs to an earlier question. */
  stale: boolean;
}

/** The chart itself, as large as there is room, or why there is none. */
export function ChartArea({ view, chart, distribution, error, pending, stale }: ChartAreaProps) {
  const { ref, width, height } = useElementSize();
  const { search, set, zone } = useMetrics();
  const late = useAfter(200);
  const draw = view.draw ?? 'line';
  const range = rangeOf(search);
  const onZoom = (from: number, to: number) => to - from >= 2 && set(ofRange({ start: from, stop: to }), false);
  const onPan = (share: number) => set(ofRange(panned(range, share, Date.now())));
  const spread = draw === 'heat' || draw === 'histogram';
  const points = (spread ? distribution : chart)?.points;
  const body = () => {
    // What was drawn stays while the server is away: a banner says so.
    if (error && !(points !== undefined && problemOf(error).code === 'service-unreachable')) return <div className={css.aside}><ProblemBox problem={problemOf(error)} /></div>; // biome-ignore format: one line
    if (points === undefined) return pending && late ? <div className={css.skeleton} aria-busy /> : null;
    if (points === 0) return <NoPoints view={view} />;
    const words = unitWords(chart?.lines ?? [], view.filters ?? []);
    const unit =
      view.aggregate === 'count' ? 'count' : view.aggregate === 'rate' ? undefined : unitOf(words.length > 0 ? words : (view.fields ?? []));
    if (distribution && draw === 'heat')
      return <HeatMap distribution={distribution} unit={unit} zone={zone} height={height} onZoom={onZoom} />;
    if (distribution && draw === 'histogram') return <Histogram distribution={distribution} unit={unit} height={height} />;
    if (!chart) return null;
    if (draw === 'value') return <SingleValues chart={chart} measurement={view.measurement} unit={unit} zone={zone} />;
    if (draw === 'table') return <ChartTable chart={chart} measurement={view.measurement} zone={zone} />;
    const legend = Math.min(200, 44 + Math.min(6, chart.lines.length) * 26);
    return (
      <LinesChart
        label={`Chart of ${view.measurement}`}
        chart={chart}
        measurement={view.measurement}
        draw={draw as 'line' | 'band' | 'bar'}
        unit={unit}
        height={Math.max(140, height - legend)}
        zone={zone}
        onZoom={onZoom}
        onPan={onPan}
      />
    );
  };
  return (
    <div ref={ref} className={css.chart} data-stale={stale || undefined} data-testid="metrics-chart">
      {width > 0 ? body() : null}
    </div>
  );
}

/** Nothing in the range: where there is something, if anywhere. */
function NoPoints({ view }: { view: WholeView }) {
  const { input, search, set } = useMetrics();
  const [looking, setLooking] = useState(false);
  const [none, setNone] = useState(false);
  const go = async () => {
    setLooking(true);
    try {
      const { time } = await api.metrics.chart.newest({ ...input, choice: choiceOf(view) });
      if (time === null) setNone(true);
      else set(ofRange(around(time, rangeOf(search), Date.now())));
    } catch (error) {
      tell(error);
    } finally {
      setLooking(false);
    }
  };
  return (
    <div className={css.aside}>
      <EmptyState
        icon={IconChartLine}
        line={none ? 'There are no such points at any time: choose other tags or fields.' : 'There are no such points in this range.'}
        button={
          none ? undefined : (
            <Button loading={looking} onClick={() => void go()}>
              Go to the last data
            </Button>
          )
        }
      />
    </div>
  );
}
