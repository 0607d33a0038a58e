import {
  createBrowserHistory,
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  lazyRouteComponent,
} from '@tanstack/react-router';
import { cacheSearch } from './panels/cache/search.ts';
import { documentsSearch } from './panels/documents/search.ts';
import { LogsPanel } from './panels/logs/logs-panel.tsx';
import { logsSearch } from './panels/logs/search.ts';
import { metricsSearch } from './panels/metrics/search.ts';
import { OverviewPanel } from './panels/overview/overview-panel.tsx';
import { snapshotsSearch } from './panels/snapshots/search.ts';
import { sqlSearch } from './panels/sql/search.ts';
import { topicsSearch } from './panels/topics/search.ts';
import { traceSearch } from './panels/trace/search.ts';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: OverviewPanel });
const at = () => root;
const routes = [
  createRoute({ getParentRoute: at, path: '/', component: OverviewPanel }),
  createRoute({ getParentRoute: at, path: '/logs', component: LogsPanel, validateSearch: logsSearch }),
  // Those with an editor or a chart are loaded when they are first opened.
  createRoute({
    getParentRoute: at,
    path: '/sql',
    validateSearch: sqlSearch,
    component: lazyRouteComponent(() => import('./panels/sql/sql-panel.tsx'), 'SqlPanel'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/cache',
    validateSearch: cacheSearch,
    component: lazyRouteComponent(() => import('./panels/cache/cache-panel.tsx'), 'CachePanel'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/topics',
    validateSearch: topicsSearch,
    component: lazyRouteComponent(() => import('./panels/topics/topics-panel.tsx'), 'TopicsPanel'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/documents',
    validateSearch: documentsSearch,
    component: lazyRouteComponent(() => import('./panels/documents/documents-panel.tsx'), 'DocumentsPanel'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/metrics',
    validateSearch: metricsSearch,
    component: lazyRouteComponent(() => import('./panels/metrics/metrics-panel.tsx'), 'MetricsPanel'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/trace',
    validateSearch: traceSearch,
    component: lazyRouteComponent(() => import('./panels/trace/trace-panel.tsx'), 'TracePanel'),
  }),
  createRoute({
    getParentRoute: at,
    path: '/snapshots',
    validateSearch: snapshotsSearch,
    component: lazyRouteComponent(() => import('./panels/snapshots/snapshots-panel.tsx'), 'SnapshotsPanel'),
  }),
] as const;

/** The web door answers every route with this page; elsewhere (Electron's own scheme) routes live behind the hash. */
const history = location.protocol.startsWith('http') ? createBrowserHistory() : createHashHistory();

export const router = createRouter({ routeTree: root.addChildren(routes), history });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
