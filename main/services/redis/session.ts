import type { Connection, ServiceSession, SessionPlace } from '../kind.ts';
import { verify } from './verify.ts';

export interface RedisSession extends ServiceSession {
  version(signal: AbortSignal): Promise<string>;
}

export async function openSession(connection: Connection, _place: SessionPlace): Promise<RedisSession> {
  return {
    version: async (signal) => (await verify(connection, signal)).version,
    trace: async () => ({ findings: [], cut: false }),
    names: async () => [],
    close: async () => {},
  };
}
