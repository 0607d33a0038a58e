import { useDebouncedCallback } from '@mantine/hooks';
import { IconChartLine, IconCode, IconDatabase, IconLayoutDashboard, IconPencilPlus } from '@tabler/icons-react';
import { useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import { tell } from '../../api/actions.tsx';
import { api } from '../../api/client.ts';
import { ServiceGate } from '../../ui/service-gate.tsx';
import { PanelTabs } from '../../ui/tabs.tsx';
import { BoardsView } from './boards/boards-view.tsx';
import { BucketsView } from './buckets/buckets-view.tsx';
import { ExploreView } from './explore/explore-view.tsx';
import { FluxView } from './flux/flux-view.tsx';
import css from './metrics.module.css';
import type { MetricsTab } from './search.ts';
import { ServiceName, useMetrics } from './use-metrics.ts';
import { WriteView } from './write/write-view.tsx';

const tabs = [
  { id: 'explore', label: 'Explore', icon: IconChartLine },
  { id: 'flux', label: 'Flux', icon: IconCode },
  { id: 'boards', label: 'Dashboards', icon: IconLayoutDashboard },
  { id: 'write', label: 'Write', icon: IconPencilPlus },
  { id: 'buckets', label: 'Buckets', icon: IconDatabase },
] as const;

/** Points over time: explored, asked for, kept on dashboards, written, and kept house with. */
export function MetricsPanel() {
  const search = useSearch({ from: '/metrics' });
  return (
    <ServiceGate kind="influxdb" service={search.service}>
      {(service) => (
        <ServiceName value={service}>
          <Metrics />
        </ServiceName>
      )}
    </ServiceGate>
  );
}

function Metrics() {
  const { input, search, set } = useMetrics();
  const [text, setText] = useDraft(input.stack);
  const tab: MetricsTab = search.tab ?? 'explore';
  useSaved(input.stack, search.saved, (query) => {
    setText(query);
    set({ saved: undefined });
  });
  const toFlux = (query: string) => {
    setText(query);
    set({ tab: 'flux' }, false);
  };
  return (
    <div className={css.panel}>
      <PanelTabs label="Metrics" tabs={tabs} active={tab} onChange={(id) => set({ tab: id as MetricsTab }, false)} />
      {tab === 'explore' ? <ExploreView onFlux={toFlux} /> : null}
      {tab === 'flux' ? <FluxView text={text} onText={setText} /> : null}
      {tab === 'boards' ? <BoardsView onFlux={toFlux} /> : null}
      {tab === 'write' ? <WriteView /> : null}
      {tab === 'buckets' ? <BucketsView /> : null}
    </div>
  );
}

/** Hands on the saved query that the address names. */
function useSaved(stack: string, saved: string | undefined, onText: (text: string) => void): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the address decides
  useEffect(() => {
    if (saved === undefined) return;
    api.notebook.saved({ stack, panel: 'metrics', kind: 'query' }).then((items) => {
      const item = items.find(({ id }) => id === saved);
      if (item !== undefined) onText(item.body);
    }, tell);
  }, [stack, saved]);
}

const draft = { id: 'flux-draft', panel: 'metrics', kind: 'draft', name: 'What stands in the Flux editor' } as const;

/** The editor's text, kept in the notebook: it is there again after a restart. */
function useDraft(stack: string): [string, (text: string) => void] {
  const [text, setText] = useState('');
  const keep = useDebouncedCallback(
    (body: string) => void api.notebook.save({ stack, item: { ...draft, body } }).catch(() => undefined),
    600,
  );
  useEffect(() => {
    let stale = false;
    api.notebook
      .saved({ stack, panel: 'metrics', kind: draft.kind })
      .then(([kept]) => {
        if (!stale && kept) setText((now) => (now === '' ? kept.body : now));
      })
      .catch(() => undefined);
    return () => {
      stale = true;
    };
  }, [stack]);
  const change = useCallback(
    (next: string) => {
      setText(next);
      keep(next);
    },
    [keep],
  );
  return [text, change];
}
