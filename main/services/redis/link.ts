/** A connection that is opened when it is needed, and opened anew after its server was away. */
import { Redis } from 'ioredis';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { abortable } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { tlsOptions } from '../tls.ts';
import { classify } from './errors.ts';

/** One command and its arguments: nothing is ever parsed out of a string. */
export type Argv = readonly [name: string, ...args: (string | number | Buffer)[]];

/** What comes back, with nothing lost: strings are bytes, integers are digits. */
export type Reply = Buffer | string | null | Error | readonly Reply[];

interface LinkOptions {
  /** What CLIENT LIST shows. */
  readonly name: string;
  /** Runs on each new connection, before anything else. */
  readonly onOpen?: (redis: Redis) => Promise<void>;
  /** No command waits longer; 0: a command may block. */
  readonly commandTimeout?: number;
}

export class RedisLink {
  readonly connection: Connection;
  readonly #options: LinkOptions;
  #opening: Promise<Redis> | undefined;
  #failed: { readonly at: number; readonly error: unknown } | undefined;
  #closed = false;

  constructor(connection: Connection, options: LinkOptions) {
    this.connection = connection;
    this.#options = options;
  }

  /** @throws NoodleError service-unreachable, wrong-password — at once while the server is away */
  async redis(): Promise<Redis> {
    if (this.#closed) throw new NoodleError({ code: 'service-unreachable', what: 'This connection was closed.' });
    if (this.#failed && performance.now() - this.#failed.at < limits.cacheReconnect) throw this.#failed.error;
    this.#opening ??= this.#open();
    return this.#opening;
  }

  /** @throws NoodleError service-unreachable, query-failed, not-supported-by-server */
  async call(...[name, ...args]: Argv): Promise<Reply> {
    const redis = await this.redis();
    try {
      return (await redis.callBuffer(name, ...args)) as Reply;
    } catch (error) {
      throw refusal(error, this.connection);
    }
  }

  /** The reply as text; null stays null. */
  async text(...command: Argv): Promise<string | null> {
    return asText(await this.call(...command));
  }

  /** Sends all before it reads the first reply. What the server refuses comes back as an Error in its place. */
  async pipeline(commands: readonly Argv[], signal?: AbortSignal): Promise<readonly Reply[]> {
    if (commands.length === 0) return [];
    const redis = await this.redis();
    try {
      const piped = redis.pipeline(commands.map(([name, ...args]) => ['callBuffer', name, ...args]));
      const replies = (await abortable(piped.exec(), signal)) ?? [];
      return replies.map(([error, reply]) => (error ? lost(error, this.connection) : (reply as Reply)));
    } catch (error) {
      signal?.throwIfAborted();
      throw refusal(error, this.connection);
    }
  }

  /** Breaks the connection off: what runs on it fails, and the next call opens it anew. */
  breakOff(): void {
    const opening = this.#opening;
    this.#opening = undefined;
    void opening?.then((redis) => redis.disconnect()).catch(() => {});
  }

  close(): void {
    this.#closed = true;
    this.breakOff();
  }

  async #open(): Promise<Redis> {
    const { host, port, parts } = this.connection;
    const redis = new Redis({
      host,
      port,
      tls: tlsOptions(this.connection),
      username: parts.user || undefined,
      password: parts.password || undefined,
      db: 0,
      protocol: 2,
      stringNumbers: true,
      connectionName: this.#options.name,
      disableClientInfo: true,
      connectTimeout: limits.cacheConnect,
      commandTimeout: this.#options.commandTimeout === 0 ? undefined : (this.#options.commandTimeout ?? limits.statementTimeout),
      lazyConnect: true,
      enableOfflineQueue: false,
      autoResendUnfulfilledCommands: false,
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });
    let cause: Error | undefined;
    redis.on('error', (error) => {
      cause = error;
    });
    redis.once('end', () => {
      this.#opening = undefined;
    });
    try {
      await redis.connect();
      await this.#options.onOpen?.(redis);
      this.#failed = undefined;
      return redis;
    } catch (error) {
      redis.disconnect();
      // `connect` itself only says "Connection is closed."
      const told = classify(cause ?? error, this.connection) ?? cause ?? error;
      this.#failed = { at: performance.now(), error: told };
      this.#opening = undefined;
      throw told;
    }
  }
}

export function asText(reply: Reply | undefined): string | null {
  if (reply === null || reply === undefined) return null;
  if (reply instanceof Error) throw reply;
  if (Buffer.isBuffer(reply)) return reply.toString('utf8');
  return typeof reply === 'string' ? reply : null;
}

/** An integer reply; null stays null, and so does what the server refused. */
export function asNumber(reply: Reply | undefined): number | null {
  if (reply === null || reply === undefined || reply instanceof Error) return null;
  const number = Number(Buffer.isBuffer(reply) ? reply.toString() : reply);
  return Number.isFinite(number) ? number : null;
}

export function asArray(reply: Reply | undefined): readonly Reply[] {
  if (reply instanceof Error) throw reply;
  return Array.isArray(reply) ? reply : [];
}

export function asBytes(reply: Reply | undefined): Buffer {
  if (reply instanceof Error) throw reply;
  return Buffer.isBuffer(reply) ? reply : Buffer.from(typeof reply === 'string' ? reply : '');
}

/** A flat list of names and values as an object. */
export function asRecord(reply: Reply | undefined): Readonly<Record<string, Reply>> {
  const flat = asArray(reply);
  const entries: [string, Reply][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) entries.push([asText(flat[at]) ?? '', flat[at + 1]!]);
  return Object.fromEntries(entries);
}

/** An error in a pipeline: a lost connection ends it all, a refusal is one reply among others. */
function lost(error: Error, connection: Connection): Error {
  const told = classify(error, connection);
  if (told) throw told;
  return refusal(error, connection);
}

/** What the server refused, in our words. ioredis keeps the arguments on its errors: they are not passed on. */
export function refusal(error: unknown, connection: Connection): NoodleError {
  if (error instanceof NoodleError) return error;
  const told = classify(error, connection);
  if (told) return told;
  const message = error instanceof Error ? error.message : String(error);
  if (message.startsWith('NOPERM')) {
    return new NoodleError({
      code: 'not-supported-by-server',
      what: 'The user of this connection may not do that.',
      why: message.replace(/^NOPERM\s*/, ''),
      todo: 'Ask for it in the ACL of the server.',
    });
  }
  const unknown = /^ERR unknown (?:command|subcommand) '?([^',]*)/.exec(message)?.[1];
  if (unknown !== undefined) {
    return new NoodleError({
      code: 'not-supported-by-server',
      what: `This server has no command ${unknown.toUpperCase()}.`,
      why: 'It was renamed away in its configuration, or came with a later version.',
    });
  }
  return new NoodleError({ code: 'query-failed', what: message.replace(/^ERR\s+/, '') });
}
