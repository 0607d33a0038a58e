import {
  IconActivity,
  IconBroadcast,
  IconChartLine,
  IconChartPie,
  IconHourglass,
  IconKey,
  type IconProps,
  IconTerminal2,
  IconUsers,
} from '@tabler/icons-react';
import { type ComponentType, lazy, Suspense } from 'react';
import { ServiceGate } from '../../ui/service-gate.tsx';
import { PanelTabs } from '../../ui/tabs.tsx';
import css from './cache.module.css';
import { ServiceProvider, useCacheSearch } from './context.ts';
import { KeysTab } from './keys/keys-tab.tsx';
import type { CacheTab } from './search.ts';

interface Place {
  readonly label: string;
  readonly icon: ComponentType<IconProps>;
  readonly view: ComponentType;
}

// Only the keys are there at once: the others come when they are first opened.
const places: Readonly<Record<CacheTab, Place>> = {
  keys: { label: 'Keys', icon: IconKey, view: KeysTab },
  console: {
    label: 'Console',
    icon: IconTerminal2,
    view: lazy(async () => ({ default: (await import('./console/console-tab.tsx')).ConsoleTab })),
  },
  changes: {
    label: 'Changes',
    icon: IconBroadcast,
    view: lazy(async () => ({ default: (await import('./watch/changes-tab.tsx')).ChangesTab })),
  },
  profiler: {
    label: 'Profiler',
    icon: IconActivity,
    view: lazy(async () => ({ default: (await import('./watch/profiler-tab.tsx')).ProfilerTab })),
  },
  'slow-log': {
    label: 'Slow log',
    icon: IconHourglass,
    view: lazy(async () => ({ default: (await import('./watch/slow-log-tab.tsx')).SlowLogTab })),
  },
  clients: {
    label: 'Clients',
    icon: IconUsers,
    view: lazy(async () => ({ default: (await import('./watch/clients-tab.tsx')).ClientsTab })),
  },
  memory: {
    label: 'Memory',
    icon: IconChartPie,
    view: lazy(async () => ({ default: (await import('./memory/memory-tab.tsx')).MemoryTab })),
  },
  charts: {
    label: 'Charts',
    icon: IconChartLine,
    view: lazy(async () => ({ default: (await import('./charts/charts-tab.tsx')).ChartsTab })),
  },
};

const tabs = Object.entries(places).map(([id, { label, icon }]) => ({ id, label, icon }));

/** Redis: its keys and values, and what goes on in it. */
export function CachePanel() {
  const [search, set] = useCacheSearch();
  const tab = search.tab ?? 'keys';
  const { view: View } = places[tab];
  return (
    <ServiceGate kind="redis" service={search.service}>
      {(service) => (
        <ServiceProvider value={service}>
          <div className={css.panel} data-testid="cache-panel">
            <PanelTabs label="Views of the cache" tabs={tabs} active={tab} onChange={(id) => set({ tab: id as CacheTab })} />
            <div className={css.view} role="tabpanel" aria-label={places[tab].label}>
              <Suspense fallback={null}>
                <View />
              </Suspense>
            </div>
          </div>
        </ServiceProvider>
      )}
    </ServiceGate>
  );
}
