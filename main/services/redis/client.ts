/** The connection to one Redis, database 0. */
import { Redis } from 'ioredis';
import { limits } from '../../limits.ts';
import { abortable, connecting } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { tlsOptions } from '../tls.ts';
import { classify } from './errors.ts';

/** One command and its arguments, as Redis takes them: nothing is parsed out of a string. */
export type Command = readonly [name: string, ...args: (string | number | Buffer)[]];

export interface RedisClient {
  command<T = unknown>(...command: Command): Promise<T>;
  /** Sends all of them before it reads the first reply; replies in the same order. @throws the first error among the replies */
  pipeline(commands: readonly Command[]): Promise<readonly unknown[]>;
  /** Keys that match a glob pattern, in batches; a key may come twice while others change (SCAN's own promise). */
  scan(pattern: string, signal?: AbortSignal): AsyncIterable<readonly string[]>;
  close(): Promise<void>;
}

/** @throws NoodleError wrong-password, service-unreachable */
export async function openRedis(connection: Connection, signal?: AbortSignal): Promise<RedisClient> {
  const redis = await connecting(() => connected(connection, signal), connection, classify, signal);

  const command = async <T>(...[name, ...args]: Command) => {
    try {
      return (await redis.call(name, ...args)) as T;
    } catch (error) {
      throw classify(error, connection) ?? error;
    }
  };

  return {
    command,
    async pipeline(commands) {
      if (commands.length === 0) return [];
      const replies = (await redis.pipeline(commands.map((each) => ['call', ...each])).exec()) ?? [];
      return replies.map(([error, reply]) => {
        if (error) throw classify(error, connection) ?? error;
        return reply;
      });
    },
    async *scan(pattern, signal) {
      let cursor = '0';
      do {
        signal?.throwIfAborted();
        const [next, keys] = await command<[string, string[]]>('SCAN', cursor, 'MATCH', pattern, 'COUNT', limits.scanCount);
        if (keys.length > 0) yield keys;
        cursor = next;
      } while (cursor !== '0');
    },
    async close() {
      await redis.quit().catch(() => redis.disconnect());
    },
  };
}

/** A glob pattern that matches the text itself and nothing else. */
export function escapePattern(text: string): string {
  return text.replace(/[\\*?[\]^-]/g, '\\$&');
}

async function connected(connection: Connection, signal: AbortSignal | undefined): Promise<Redis> {
  const { host, port, parts } = connection;
  let opened = false;
  const redis = new Redis({
    host,
    port,
    tls: tlsOptions(connection),
    username: parts.user || undefined,
    password: parts.password || undefined,
    db: 0,
    connectionName: 'noodlebox',
    connectTimeout: limits.connectTimeout,
    commandTimeout: limits.statementTimeout,
    lazyConnect: true,
    maxRetriesPerRequest: limits.connectRetries.length,
    // The first connect is tried again by `connecting`, which can say why; later ones by the driver.
    retryStrategy: (times) => (opened ? (limits.connectRetries[times - 1] ?? null) : null),
  });
  let cause: Error | undefined;
  redis.on('error', (error) => {
    cause = error;
  });
  try {
    await abortable(redis.connect(), signal);
    await abortable(redis.ping(), signal);
    opened = true;
    return redis;
  } catch (error) {
    redis.disconnect();
    // `connect` itself only says "Connection is closed."
    throw cause ?? error;
  }
}
