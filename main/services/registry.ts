/** Every server Noodlebox knows. A sixth is one more line here and one more folder beside the others. */
import type { PanelName, ServiceKindName } from '../../preload/contract/kinds.ts';
import { influxdb } from './influxdb/kind.ts';
import type { ServiceKind, ServiceSession } from './kind.ts';
import { mongodb } from './mongodb/kind.ts';
import { postgres } from './postgres/kind.ts';
import { pulsar } from './pulsar/kind.ts';
import { redis } from './redis/kind.ts';

export const serviceKinds = { postgres, redis, pulsar, mongodb, influxdb } as const satisfies Readonly<
  Record<ServiceKindName, ServiceKind>
>;

const panels: Readonly<Record<ServiceKindName, PanelName>> = {
  postgres: 'sql',
  redis: 'cache',
  pulsar: 'topics',
  mongodb: 'documents',
  influxdb: 'metrics',
};

/** The panel that shows services of that kind. */
export function panelOf(kind: ServiceKindName): PanelName {
  return panels[kind];
}

/** What a service of that kind is asked through. */
export type SessionOf<Kind extends ServiceKindName> =
  (typeof serviceKinds)[Kind] extends ServiceKind<infer Session extends ServiceSession> ? Session : never;

export function kindOf<Kind extends ServiceKindName>(name: Kind): ServiceKind<SessionOf<Kind>> {
  return serviceKinds[name] as unknown as ServiceKind<SessionOf<Kind>>;
}
