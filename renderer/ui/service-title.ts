import type { ServiceKindName } from '../../preload/contract/index.ts';

/** What the servers call themselves. */
export const serviceTitles: Readonly<Record<ServiceKindName, string>> = {
  postgres: 'PostgreSQL',
  redis: 'Redis',
  pulsar: 'Pulsar',
  mongodb: 'MongoDB',
  influxdb: 'InfluxDB',
};
