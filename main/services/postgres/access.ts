import type { ServiceAccess } from '../kind.ts';
import type { PostgresSession } from './session.ts';
import { verify } from './verify.ts';

export const access: ServiceAccess<PostgresSession> = {
  verify,
  letGo: async (connection, signal) => (await import('./physical/let-go.ts')).letGo(connection, signal),
  seedTarget: async (connection) => (await import('./seed.ts')).openSeedTarget(connection),
  content: async (connection) => (await import('./content.ts')).openContent(connection),
  session: async (connection, place) => (await import('./session.ts')).openSession(connection, place),
  dumper: async () => (await import('./dump/dumper.ts')).dumper,
  portionSource: async (connection, options) => (await import('./portion/open.ts')).openSource(connection, options),
  portionLoader: async (connection, service, index) => (await import('./portion/loader.ts')).openPortionLoader(connection, service, index),
};
