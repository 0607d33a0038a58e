import type { ServiceAccess } from '../kind.ts';
import { verify } from './verify.ts';

export const access: ServiceAccess = {
  verify,
  seedTarget: async (connection) => (await import('./seed.ts')).openSeedTarget(connection),
};
