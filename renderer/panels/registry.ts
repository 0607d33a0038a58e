/** The panels in the order of the rail. The router has a route for each. */
import {
  IconBolt,
  IconCamera,
  IconChartLine,
  IconDatabase,
  IconFileCode,
  IconLayoutDashboard,
  IconLogs,
  type IconProps,
  IconRoute,
  IconTopologyStar3,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import type { ServiceKindName } from '../../preload/contract/index.ts';

export interface PanelPlace {
  readonly to: '/' | '/logs' | '/sql' | '/cache' | '/topics' | '/documents' | '/metrics' | '/trace' | '/snapshots';
  readonly word: string;
  readonly icon: ComponentType<IconProps>;
  /** The kind of server it is for; undefined: all of them. */
  readonly kind?: ServiceKindName;
  /** The key that leads there. */
  readonly key: string;
}

export const places: readonly PanelPlace[] = [
  { to: '/', word: 'Overview', icon: IconLayoutDashboard, key: '1' },
  { to: '/logs', word: 'Logs', icon: IconLogs, key: '2' },
  { to: '/sql', word: 'SQL', icon: IconDatabase, kind: 'postgres', key: '3' },
  { to: '/cache', word: 'Cache', icon: IconBolt, kind: 'redis', key: '4' },
  { to: '/topics', word: 'Topics', icon: IconTopologyStar3, kind: 'pulsar', key: '5' },
  { to: '/documents', word: 'Documents', icon: IconFileCode, kind: 'mongodb', key: '6' },
  { to: '/metrics', word: 'Metrics', icon: IconChartLine, kind: 'influxdb', key: '7' },
  { to: '/trace', word: 'Trace', icon: IconRoute, key: '8' },
  { to: '/snapshots', word: 'Snapshots', icon: IconCamera, key: '9' },
];
