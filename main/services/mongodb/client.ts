/** The pool of connections to one MongoDB, with the defaults of the stack. */
import { connect as dial } from 'node:net';
import { type Db, MongoClient } from 'mongodb';
import { limits } from '../../limits.ts';
import { hostPort } from '../address.ts';
import { abortable, connecting } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { tlsOptions } from '../tls.ts';
import { classify } from './errors.ts';

export interface MongodbClient {
  /** The stack's own database. Collections, commands and sessions are the driver's: it has the small interface already. */
  readonly database: Db;
  readonly driver: MongoClient;
  close(): Promise<void>;
}

export interface MongodbOptions {
  /** Pauses before it is tried again; default `limits.connectRetries`. */
  readonly pauses?: readonly number[];
  /** How long an operation waits for a server that is away; default `limits.connectTimeout`. */
  readonly selectionTimeout?: number;
  readonly readPreference?: 'primaryPreferred' | 'secondaryPreferred';
}

/** @throws NoodleError wrong-password, service-unreachable */
export async function openMongodb(connection: Connection, signal?: AbortSignal, options: MongodbOptions = {}): Promise<MongodbClient> {
  const driver = await connecting(() => connected(connection, signal, options), connection, classify, signal, options.pauses);
  return { driver, database: driver.db(connection.parts.database), close: () => driver.close() };
}

async function connected(connection: Connection, signal: AbortSignal | undefined, options: MongodbOptions): Promise<MongoClient> {
  // The driver would try a closed port for all of its 30 s; a refusal is known at once.
  await knock(connection, signal);
  const driver = new MongoClient(`mongodb://${hostPort(connection.host, connection.port)}/`, {
    ...credentials(connection),
    ...(connection.tls ? { tls: true, ...tlsOptions(connection) } : {}),
    appName: 'noodlebox',
    directConnection: true,
    minPoolSize: limits.poolMin,
    maxPoolSize: limits.poolMax,
    maxIdleTimeMS: limits.poolIdle,
    connectTimeoutMS: limits.connectTimeout,
    serverSelectionTimeoutMS: options.selectionTimeout ?? limits.connectTimeout,
    waitQueueTimeoutMS: limits.connectTimeout,
    writeConcern: { w: 'majority', journal: true },
    readPreference: options.readPreference ?? 'secondaryPreferred',
  });
  try {
    await abortable(driver.connect(), signal);
    return driver;
  } catch (error) {
    void driver.close().catch(() => {});
    throw error;
  }
}

function credentials({ parts }: Connection) {
  if (!parts.user) return {};
  return { auth: { username: parts.user, password: parts.password }, authSource: 'admin', authMechanism: 'SCRAM-SHA-256' as const };
}

function knock({ host, port }: Connection, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = dial({ host, port, signal, timeout: limits.connectTimeout });
    socket.once('connect', () => socket.end(resolve));
    socket.once('timeout', () => socket.destroy(Object.assign(new Error('the connection timed out'), { code: 'ETIMEDOUT' })));
    socket.once('error', reject);
  });
}
