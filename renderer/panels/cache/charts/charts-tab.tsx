import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import type { CacheSample, ProblemData } from '../../../../preload/contract/index.ts';
import { api, problemOf } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { type ChartSeries, TimeChart } from '../../../ui/chart/time-chart.tsx';
import { ProblemBox } from '../../../ui/problem.tsx';
import { Spring, Toolbar } from '../../../ui/toolbar.tsx';
import css from '../cache.module.css';
import { useFacts, useTarget } from '../context.ts';

/** Hit rate, memory, evictions and load of the last hour, from INFO. */
export function ChartsTab() {
  const target = useTarget();
  const facts = useFacts();
  const zone = useSettings()?.times ?? 'local';
  const { samples, problem } = useSamples(target.stack, target.service);
  const [zoom, setZoom] = useState<readonly [number, number] | null>(null);
  const shown = zoom === null ? samples : samples.filter(({ time }) => time >= zoom[0] && time <= zoom[1]);
  const times = shown.map(({ time }) => time);
  const of = (name: keyof CacheSample) => shown.map((sample) => sample[name]);
  const chart = (title: string, about: string, unit: string, series: ChartSeries[]) => (
    <section className={css.chart}>
      <h3>
        {title} <small>{about}</small>
      </h3>
      <TimeChart
        label={title}
        times={times}
        series={series}
        unit={unit}
        height={150}
        zone={zone}
        syncKey="cache"
        onZoom={(from, to) => setZoom([from, to])}
      />
    </section>
  );
  const limited = facts !== undefined && facts.maxmemory > 0;
  return (
    <div className={css.tab}>
      <Toolbar label="Charts">
        <span className="dim">INFO every 2 s, an hour of it; drag over a chart to look closer</span>
        <Spring />
        <Button variant="default" disabled={zoom === null} onClick={() => setZoom(null)}>
          Whole hour
        </Button>
      </Toolbar>
      {problem ? <ProblemBox problem={problem} /> : null}
      {samples.length < 2 ? <p className={css.remark}>The first samples are there in a few seconds.</p> : null}
      <div className={css.charts} data-testid="charts" hidden={samples.length < 2}>
        {chart('Hit rate', 'lookups that found their key', 'share', [{ name: 'hits', values: of('hitRate') }])}
        {chart('Memory', limited ? facts.policy : 'no limit is set', 'bytes', [
          { name: 'used', values: of('memory') },
          ...(limited ? [{ name: 'maxmemory', values: of('maxmemory'), colour: 'var(--nb-text-3)' }] : []),
        ])}
        {chart('Evicted and expired', 'keys a second', 'count', [
          { name: 'evicted', values: of('evicted'), colour: 'var(--nb-chart-2)' },
          { name: 'expired', values: of('expired'), colour: 'var(--nb-chart-1)' },
        ])}
        {chart('Commands', 'a second', 'count', [{ name: 'commands', values: of('commands') }])}
        {chart('Keys', 'in database 0', 'count', [{ name: 'keys', values: of('keys') }])}
        {chart('Clients', 'connected', 'count', [{ name: 'clients', values: of('clients') }])}
        {chart('Network', 'bytes a second', 'bytes', [
          { name: 'in', values: of('inputBytes') },
          { name: 'out', values: of('outputBytes') },
        ])}
        {chart('Fragmentation', 'memory of the process to memory used', 'count', [{ name: 'ratio', values: of('fragmentation') }])}
      </div>
    </div>
  );
}

/** Samples so far, with the new ones every 2 s. */
function useSamples(stack: string, service: string): { samples: readonly CacheSample[]; problem: ProblemData | null } {
  const [samples, setSamples] = useState<readonly CacheSample[]>([]);
  const [problem, setProblem] = useState<ProblemData | null>(null);
  useEffect(() => {
    let closed = false;
    let last = 0;
    setSamples([]);
    const take = async () => {
      try {
        const more = await api.cache.samples({ stack, service, since: last });
        if (closed) return;
        last = more.at(-1)?.time ?? last;
        if (more.length > 0) setSamples((before) => [...before, ...more].slice(-1_800));
        setProblem(null);
      } catch (error) {
        if (!closed) setProblem(problemOf(error));
      }
    };
    void take();
    const taking = setInterval(() => void take(), 2_000);
    return () => {
      closed = true;
      clearInterval(taking);
    };
  }, [stack, service]);
  return { samples, problem };
}
