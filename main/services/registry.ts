/** Every server Noodlebox knows. A sixth is one more line here and one more folder beside the others. */
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import { influxdb } from './influxdb/kind.ts';
import type { ServiceKind } from './kind.ts';
import { mongodb } from './mongodb/kind.ts';
import { postgres } from './postgres/kind.ts';
import { pulsar } from './pulsar/kind.ts';
import { redis } from './redis/kind.ts';

export const serviceKinds: Readonly<Record<ServiceKindName, ServiceKind>> = { postgres, redis, pulsar, mongodb, influxdb };

export function kindOf(name: ServiceKindName): ServiceKind {
  return serviceKinds[name];
}
