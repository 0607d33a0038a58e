import { createBrowserHistory, createHashHistory, createRootRoute, createRoute, createRouter } from '@tanstack/react-router';
import { LogsPanel } from './panels/logs/logs-panel.tsx';
import { logsSearch } from './panels/logs/search.ts';
import { OverviewPanel } from './panels/overview/overview-panel.tsx';
import { Shell } from './shell/shell.tsx';

const root = createRootRoute({ component: Shell, notFoundComponent: OverviewPanel });
const overview = createRoute({ getParentRoute: () => root, path: '/', component: OverviewPanel });
const logs = createRoute({ getParentRoute: () => root, path: '/logs', component: LogsPanel, validateSearch: logsSearch });

/** The web door answers every route with this page; elsewhere (Electron's own scheme) routes live behind the hash. */
const history = location.protocol.startsWith('http') ? createBrowserHistory() : createHashHistory();

export const router = createRouter({ routeTree: root.addChildren([overview, logs]), history });

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
