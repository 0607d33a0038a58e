import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import type { Connection } from '../../services/kind.ts';
import type { Gauges } from './gauges.ts';

/** Opens what asks one kind of server; drivers are loaded when they are needed. */
export const openGauges: Readonly<Record<ServiceKindName, (connection: Connection, signal: AbortSignal) => Promise<Gauges>>> = {
  postgres: async (connection, signal) => (await import('./postgres.ts')).postgresGauges(connection, signal),
  redis: async (connection, signal) => (await import('./redis.ts')).redisGauges(connection, signal),
  pulsar: async (connection) => (await import('./pulsar.ts')).pulsarGauges(connection),
  mongodb: async (connection, signal) => (await import('./mongodb.ts')).mongodbGauges(connection, signal),
  influxdb: async (connection) => (await import('./influxdb.ts')).influxdbGauges(connection),
};
