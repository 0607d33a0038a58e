/** What the stack caches: sessions, compilation results and model metadata for an hour, and counters. */
import { limits } from '../../limits.ts';
import type { RedisClient } from './client.ts';

export interface Session {
  readonly user_id: string;
  readonly username: string;
  readonly created_at: string;
  readonly ip_address?: string;
}

export interface CompilationResult {
  readonly job_id: string;
  readonly project_id: string;
  readonly status: string;
  readonly optimization_level: number;
  /** ms; null while it runs */
  readonly execution_time: number | null;
  /** bytes; null while it runs */
  readonly memory_usage: number | null;
}

export interface ModelMetadata {
  readonly model_id: string;
  readonly project_id: string;
  readonly name: string;
  readonly model_type: string;
  /** bytes */
  readonly model_size: number;
  readonly status: string;
}

/** JSON documents under `<prefix>:<id>`, each gone after `limits.cacheLifetimeSeconds`. */
export interface Cache<T> {
  key(id: string): string;
  set(id: string, value: T): Promise<void>;
  get(id: string): Promise<T | undefined>;
  /** @returns whether it was there */
  delete(id: string): Promise<boolean>;
}

export interface Counters {
  /** @returns the new value */
  increment(name: string): Promise<number>;
  get(name: string): Promise<number>;
}

export interface RedisRepositories {
  readonly sessions: Cache<Session>;
  readonly compilations: Cache<CompilationResult>;
  readonly models: Cache<ModelMetadata>;
  readonly counters: Counters;
}

/** Where the cached things are kept: one key shape each. */
export const keyPrefixes = { session: 'session', compilation: 'compilation', model: 'model', counter: 'counter' } as const;

export function redisRepositories(client: RedisClient): RedisRepositories {
  return {
    sessions: cache(client, keyPrefixes.session),
    compilations: cache(client, keyPrefixes.compilation),
    models: cache(client, keyPrefixes.model),
    counters: {
      increment: (name) => client.command<number>('INCR', `${keyPrefixes.counter}:${name}`),
      get: async (name) => Number((await client.command<string | null>('GET', `${keyPrefixes.counter}:${name}`)) ?? 0),
    },
  };
}

function cache<T>(client: RedisClient, prefix: string): Cache<T> {
  const key = (id: string) => `${prefix}:${id}`;
  return {
    key,
    async set(id, value) {
      await client.command('SETEX', key(id), limits.cacheLifetimeSeconds, JSON.stringify(value));
    },
    async get(id) {
      const text = await client.command<string | null>('GET', key(id));
      return text === null ? undefined : (JSON.parse(text) as T);
    },
    delete: async (id) => (await client.command<number>('DEL', key(id))) > 0,
  };
}
