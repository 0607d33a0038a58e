import { useEffect, useMemo, useState } from 'react';
import type { LagSample } from '../../../../preload/contract/index.ts';
import { api } from '../../../api/client.ts';
import { useSettings } from '../../../api/settings.ts';
import { follow } from '../../../api/stream.ts';
import { TimeChart } from '../../../ui/chart/time-chart.tsx';
import css from '../topics.module.css';
import type { Place } from '../use-catalog.ts';
import { lagSeries } from './lag-series.ts';

/** As many as the core keeps. */
const kept = 1_800;

/** Backlogs of all subscriptions, as the core has sampled them. */
export function LagChart({ place: { stack, service }, topic }: { place: Place; topic: string }) {
  const [samples, setSamples] = useState<readonly LagSample[]>([]);
  const zone = useSettings()?.times ?? 'local';
  useEffect(() => {
    let fresh = true;
    return follow<LagSample[]>({
      open: (stream, signal) => {
        fresh = true;
        return api.topics.lag({ stack, service, topic, stream }, { signal });
      },
      onBatch: (batch) => {
        const begin = fresh;
        fresh = false;
        setSamples((before) => [...(begin ? [] : before), ...batch].slice(-kept));
      },
      reopenAfter: 2_000,
    });
  }, [stack, service, topic]);
  const { times, series } = useMemo(() => lagSeries(samples), [samples]);
  return (
    <div className={css.section} data-testid="lag-chart">
      <h2>Messages that wait, sampled every 2 s</h2>
      {series.length > 0 ? (
        <TimeChart label="Backlog of each subscription" times={times} series={series} unit="count" height={150} zone={zone} />
      ) : (
        <span className="dim">Samples come while this is open, and for ten minutes after.</span>
      )}
    </div>
  );
}
