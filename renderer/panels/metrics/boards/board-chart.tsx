import { ActionIcon, Menu } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconArrowLeft, IconArrowRight, IconCode, IconDots, IconTelescope, IconTrash } from '@tabler/icons-react';
import { problemOf } from '../../../api/client.ts';
import { useAfter } from '../../../ui/use-now.ts';
import { ChartTable } from '../charts/chart-table.tsx';
import { HeatMap } from '../charts/heat-map.tsx';
import { Histogram } from '../charts/histogram.tsx';
import { unitOf, unitWords } from '../charts/labels.ts';
import { LinesChart } from '../charts/lines-chart.tsx';
import { SingleValues } from '../charts/single-value.tsx';
import { steppedPixels, useChart, useDistribution } from '../charts/use-chart.ts';
import { useFluxChart } from '../flux/use-flux-chart.ts';
import { ofRange, rangeOf } from '../search.ts';
import { useMetrics } from '../use-metrics.ts';
import { isWhole, queryOf, type WholeView } from '../view.ts';
import type { PinnedChart } from './board.ts';
import css from './boards.module.css';

interface BoardChartProps {
  chart: PinnedChart;
  onOpen: () => void;
  /** Of one's own dashboard only. */
  onRemove?: () => void;
  onMove?: (by: number) => void;
}

const plotHeight = 170;
/** Seconds between two looks at a dashboard. */
export const boardRefresh = 30;

/** One chart of a dashboard, with what leads from it. */
export function BoardChart({ chart, onOpen, onRemove, onMove }: BoardChartProps) {
  const { ref, width } = useElementSize();
  return (
    <section className={css.card} ref={ref} aria-label={chart.title}>
      <header className={css.cardHead}>
        <h3 className="cut" title={chart.title}>
          {chart.title}
        </h3>
        <Menu position="bottom-end" withinPortal>
          <Menu.Target>
            <ActionIcon size={24} aria-label={`More of ${chart.title}`}>
              <IconDots size={15} stroke={1.6} />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item
              leftSection={chart.flux === undefined ? <IconTelescope size={14} stroke={1.6} /> : <IconCode size={14} stroke={1.6} />}
              onClick={onOpen}
            >
              {chart.flux === undefined ? 'Explore' : 'Edit query'}
            </Menu.Item>
            {onMove ? (
              <>
                <Menu.Item leftSection={<IconArrowLeft size={14} stroke={1.6} />} onClick={() => onMove(-1)}>
                  Move before
                </Menu.Item>
                <Menu.Item leftSection={<IconArrowRight size={14} stroke={1.6} />} onClick={() => onMove(1)}>
                  Move behind
                </Menu.Item>
              </>
            ) : null}
            {onRemove ? (
              <Menu.Item color="red" leftSection={<IconTrash size={14} stroke={1.6} />} onClick={onRemove}>
                Remove
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </header>
      <div className={css.plot}>
        {width === 0 ? null : chart.flux !== undefined ? (
          <OfFlux chart={chart} text={chart.flux} width={width} />
        ) : chart.view && isWhole(chart.view) ? (
          <OfView chart={chart} view={chart.view} width={width} />
        ) : null}
      </div>
    </section>
  );
}

function OfView({ chart, view, width }: { chart: PinnedChart; view: WholeView; width: number }) {
  const { search, set, zone } = useMetrics();
  const range = rangeOf(search);
  const refresh = 'last' in range ? (search.refresh ?? boardRefresh) || undefined : undefined;
  const query = queryOf(view, range, steppedPixels(width));
  const spread = view.draw === 'heat' || view.draw === 'histogram';
  const lines = useChart(query, { refresh, enabled: !spread });
  const distribution = useDistribution(query, 24, { refresh, enabled: spread });
  const asked = spread ? distribution : lines;
  const onZoom = (from: number, to: number) => set(ofRange({ start: from, stop: to }), false);
  if (asked.error) return <Trouble error={asked.error} />;
  if (asked.data === undefined) return <Waiting />;
  if (asked.data.points === 0) return <p className={css.none}>No points in this range.</p>;
  const unit = chart.unit ?? unitOf(unitWords(lines.data?.lines ?? [], view.filters ?? []));
  if (distribution.data && view.draw === 'heat')
    return <HeatMap distribution={distribution.data} unit={unit} zone={zone} height={plotHeight + 56} onZoom={onZoom} />;
  if (distribution.data && view.draw === 'histogram')
    return <Histogram distribution={distribution.data} unit={unit} height={plotHeight + 56} />;
  if (!lines.data) return null;
  if (view.draw === 'value') return <SingleValues chart={lines.data} measurement={view.measurement} unit={unit} zone={zone} />;
  if (view.draw === 'table') return <ChartTable chart={lines.data} measurement={view.measurement} zone={zone} />;
  return (
    <LinesChart
      label={chart.title}
      chart={lines.data}
      measurement={chart.title}
      draw={view.draw === 'band' || view.draw === 'bar' ? view.draw : 'line'}
      unit={unit}
      height={plotHeight}
      zone={zone}
      onZoom={onZoom}
      syncKey="metrics-board"
      legend={lines.data.lines.length <= 12}
    />
  );
}

function OfFlux({ chart, text, width }: { chart: PinnedChart; text: string; width: number }) {
  const { search, set, zone } = useMetrics();
  const drawn = useFluxChart(text, rangeOf(search), steppedPixels(width));
  if (drawn.error) return <Trouble error={drawn.error} />;
  if (!drawn.data) return <Waiting />;
  return (
    <LinesChart
      label={chart.title}
      chart={drawn.data}
      measurement={chart.title}
      draw="line"
      unit={chart.unit}
      height={plotHeight}
      zone={zone}
      onZoom={(from, to) => set(ofRange({ start: from, stop: to }), false)}
      syncKey="metrics-board"
      legend={drawn.data.lines.length <= 12}
    />
  );
}

/** A dashboard asks for what may not be there yet: that is said quietly. */
function Trouble({ error }: { error: unknown }) {
  const { what, todo } = problemOf(error);
  const missing = what.includes('could not find bucket') || what.startsWith('Failed to initialize execute state');
  return <p className={css.none}>{missing ? 'Nothing has been kept yet.' : `${what} ${todo ?? ''}`}</p>;
}

function Waiting() {
  return useAfter(200) ? <div className={css.skeleton} aria-busy /> : null;
}
