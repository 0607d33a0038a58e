import { Button } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconChartLine } from '@tabler/icons-react';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';
import { tell } from '../../../api/actions.tsx';
import { api } from '../../../api/client.ts';
import { useExport } from '../../../api/exports.tsx';
import { useTasks } from '../../../api/tasks.tsx';
import { EmptyState } from '../../../ui/empty-state.tsx';
import { count, duration, plural } from '../../../ui/format.ts';
import { Panes } from '../../../ui/panes.tsx';
import { FootBar, Spring, Toolbar } from '../../../ui/toolbar.tsx';
import { askPin } from '../boards/ask-pin.tsx';
import { steppedPixels, useChart, useDistribution } from '../charts/use-chart.ts';
import css from '../metrics.module.css';
import { rangeOf } from '../search.ts';
import { useBuckets, useMeasurements } from '../use-catalog.ts';
import { useMetrics } from '../use-metrics.ts';
import { choiceOf, isWhole, queryOf, titleOf, viewOf, type WholeView } from '../view.ts';
import { askDelete } from './ask-delete.tsx';
import { ChartArea } from './chart-area.tsx';
import { ChartActs, ChartTools } from './chart-tools.tsx';
import { firstLook } from './defaults.ts';
import { spanWord } from './range.ts';
import { RangePicker } from './range-picker.tsx';
import { SourceTree } from './source-tree.tsx';
import { TagsPane } from './tags-pane.tsx';

/** Bucket, measurement, field and tags to a chart. */
export function ExploreView({ onFlux }: { onFlux: (text: string) => void }) {
  const { input, search, set } = useMetrics();
  const view = viewOf(search);
  /** Looks at what a measurement has, and shows it in a way that says something. */
  const choose = async (bucket: string, measurement: string) => {
    if (bucket === search.bucket && measurement === search.measurement) return;
    set({ bucket, measurement, fields: undefined, group: undefined, filters: undefined, aggregate: undefined, every: undefined });
    try {
      const [fields, tags] = await Promise.all([
        api.metrics.names.fields({ ...input, bucket, measurement }),
        api.metrics.names.tags({ ...input, bucket, measurement }),
      ]);
      const values = await Promise.all(
        tags.names.slice(0, 20).map(async (key) => [key, await api.metrics.names.values({ ...input, bucket, measurement, key })] as const),
      );
      set({ bucket, measurement, ...firstLook(fields, Object.fromEntries(values)) });
    } catch (error) {
      tell(error);
    }
  };
  return (
    <Panes
      id="metrics"
      tree={<SourceTree onMeasurement={(bucket, measurement) => void choose(bucket, measurement)} />}
      inspector={
        isWhole(view) ? <TagsPane key={`${view.bucket}/${view.measurement}`} bucket={view.bucket} measurement={view.measurement} /> : null
      }
    >
      {isWhole(view) ? (
        <Explored view={view} onFlux={onFlux} />
      ) : (
        <NothingChosen onMeasurement={(bucket, measurement) => void choose(bucket, measurement)} />
      )}
    </Panes>
  );
}

function Explored({ view, onFlux }: { view: WholeView; onFlux: (text: string) => void }) {
  const { ref, width } = useElementSize();
  const { input, search } = useMetrics();
  const queries = useQueryClient();
  const exporting = useExport();
  const { current, started } = useTasks();
  const range = rangeOf(search);
  const refresh = 'last' in range ? search.refresh || undefined : undefined;
  const query = queryOf(view, range, steppedPixels(width));
  const spread = view.draw === 'heat' || view.draw === 'histogram';
  const lines = useChart(query, { refresh, enabled: width > 0 && !spread });
  const distribution = useDistribution(query, view.draw === 'histogram' ? 60 : 40, { refresh, enabled: width > 0 && spread });
  const asked = spread ? distribution : lines;
  // What a task has deleted or written is not shown for longer than the task takes.
  const ended = current !== null && current.summary.state !== 'running' ? current.summary.id : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: each task that ends counts
  useEffect(() => {
    if (ended !== null)
      for (const key of ['metrics-chart', 'metrics-distribution']) void queries.invalidateQueries({ queryKey: [key, input] });
  }, [ended]);
  return (
    <div ref={ref} className={css.explored}>
      <Toolbar label="Range">
        <RangePicker
          busy={asked.isFetching}
          onRefresh={() => void queries.invalidateQueries({ queryKey: [spread ? 'metrics-distribution' : 'metrics-chart', input] })}
        />
        <Spring />
        <ChartActs
          onPin={() => askPin(input, { title: titleOf(view), view })}
          onFlux={() => api.metrics.chart.flux({ ...input, query }).then(({ text }) => onFlux(text), tell)}
          onExport={() => exporting(() => api.metrics.chart.export({ ...input, query }))}
          onDelete={() => askDelete(input, choiceOf({ ...view, fields: [] }), range, started)}
        />
      </Toolbar>
      <Toolbar label="Chart">
        <ChartTools drawn={asked.data?.every} />
      </Toolbar>
      <h2 className={css.title}>{titleOf(view)}</h2>
      <ChartArea
        view={view}
        chart={lines.data}
        distribution={distribution.data}
        error={asked.error}
        pending={asked.isPending}
        stale={asked.isPlaceholderData}
      />
      <FootBar>
        {spread && distribution.data ? (
          <span>
            {distribution.data.of.kind === 'points'
              ? `${plural(distribution.data.points, 'point')}, each counted`
              : `${plural(distribution.data.points, 'point')}, counted as means of ${spanWord(distribution.data.of.every)}`}
            , {duration(distribution.data.took)}
          </span>
        ) : null}
        {!spread && lines.data ? (
          <>
            <span data-testid="metrics-points">
              {plural(lines.data.points, 'point')} as {count(lines.data.times.length)} windows of {spanWord(lines.data.every)}
              {because(lines.data.everyBecause)}
            </span>
            {lines.data.cut ? (
              <span>the first {lines.data.lines.length} lines are drawn: filter or group by fewer tags to see the others</span>
            ) : null}
            <span>{duration(lines.data.took)}</span>
          </>
        ) : null}
      </FootBar>
    </div>
  );
}

function because(why: 'pixels' | 'data' | 'asked' | 'bound'): string {
  return { pixels: ' (fits the width)', data: ' (as the data come)', asked: '', bound: ' (the shortest a chart can have)' }[why];
}

function NothingChosen({ onMeasurement }: { onMeasurement: (bucket: string, measurement: string) => void }) {
  const own = useBuckets().data?.find((bucket) => bucket.own)?.name;
  const [measurements] = useMeasurements(own === undefined ? [] : [own], '');
  const first = measurements?.data?.names[0];
  return (
    <div className={css.aside}>
      <EmptyState
        icon={IconChartLine}
        line="Points are kept in buckets, by measurement, tags and field. Choose a measurement to see its points as a chart."
        button={
          own !== undefined && first !== undefined ? <Button onClick={() => onMeasurement(own, first)}>Draw {first}</Button> : undefined
        }
        example="npx noodlebox flux 'buckets()'"
      />
    </div>
  );
}
