/** What a server cheaply tells of itself: numbers by name. */
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import type { Connection } from '../../services/kind.ts';

export interface Gauges {
  /** Counters as they stand, sizes in bytes, times in ms. @throws when the server does not answer */
  gauges(signal: AbortSignal): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

/** Opens what asks one kind of server; drivers are loaded when they are needed. */
export const openGauges: Readonly<Record<ServiceKindName, (connection: Connection, signal: AbortSignal) => Promise<Gauges>>> = {
  postgres: async (connection, signal) => (await import('./postgres.ts')).postgresGauges(connection, signal),
  redis: async (connection, signal) => (await import('./redis.ts')).redisGauges(connection, signal),
  pulsar: async (connection) => (await import('./pulsar.ts')).pulsarGauges(connection),
  mongodb: async (connection, signal) => (await import('./mongodb.ts')).mongodbGauges(connection, signal),
  influxdb: async (connection) => (await import('./influxdb.ts')).influxdbGauges(connection),
};

/** Only what is a number: servers leave things out, or say "N/A". */
export function numbers(values: Readonly<Record<string, unknown>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const number = typeof value === 'bigint' || typeof value === 'string' ? Number(value) : value;
      return typeof number === 'number' && Number.isFinite(number) && value !== '' ? [[name, number]] : [];
    }),
  );
}
