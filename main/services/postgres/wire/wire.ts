/**
 * A connection of our own to PostgreSQL, on which rows come as bytes. The driver (`pg`) connects and
 * authenticates; then its socket is read here, because the driver makes a string of every value.
 */
import type { Socket } from 'node:net';
import pg from 'pg';
import { limits } from '../../../limits.ts';
import { abortable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { type Bound, copyFailFrames, queryFrame, statementFrames } from './frames.ts';
import { readColumns, readSaid, ServerError, type ServerSaid, type WireColumn } from './messages.ts';
import { MessageReader } from './reader.ts';

/** What a statement gives, as it comes. */
export interface StatementSink {
  columns?(columns: readonly WireColumn[]): void;
  /** Whole DataRow messages; only lent. A promise holds the server back until it is resolved. */
  rows?(bytes: Buffer, count: number): Promise<void> | undefined;
  notice?(said: ServerSaid): void;
}

export interface Wire {
  /** The server's process, to be cancelled by. */
  readonly pid: number;
  /** `I` idle, `T` in a transaction, `E` in a failed one. */
  readonly status: 'I' | 'T' | 'E';
  readonly closed: boolean;
  /** One statement, its values bound. @returns its tag: "SELECT 5". @throws ServerError; Error when the connection is lost */
  run(statement: Bound, sink?: StatementSink): Promise<string>;
  /** A statement of ours, without values. */
  command(text: string): Promise<void>;
  close(): void;
}

const copyOut: ServerSaid = {
  severity: 'ERROR',
  code: '0A000',
  message: 'COPY TO STDOUT has no output here',
  hint: 'Run the query itself, and export its result.',
};

interface Exchange {
  readonly sink: StatementSink;
  tag: string;
  error: ServerError | undefined;
  resolve(): void;
  reject(error: Error): void;
}

export interface WireOptions {
  /** ms; 0: none */
  readonly statementTimeout: number;
  readonly readOnly: boolean;
  readonly signal?: AbortSignal;
}

export async function openWire({ host, port, parts }: Connection, { statementTimeout, readOnly, signal }: WireOptions): Promise<Wire> {
  const client = new pg.Client({
    host,
    port,
    user: parts.user,
    password: parts.password,
    database: parts.database,
    application_name: 'noodlebox',
    connectionTimeoutMillis: limits.connectTimeout,
    // Told while connecting: no round trip more.
    options: `-c statement_timeout=${Math.round(statementTimeout)}${readOnly ? ' -c default_transaction_read_only=on' : ''}`,
  });
  client.on('error', () => {}); // told by the socket's end
  const connecting = client.connect();
  try {
    await abortable(connecting, signal);
  } catch (error) {
    connecting.then(() => client.end()).catch(() => {});
    throw error;
  }
  return new SocketWire(client);
}

class SocketWire implements Wire {
  readonly pid: number;
  status: Wire['status'] = 'I';
  closed = false;
  readonly #client: pg.Client;
  readonly #socket: Socket;
  readonly #reader: MessageReader;
  #exchange: Exchange | undefined;
  /** The last thing the server said before it ended the connection. */
  #fatal: ServerError | undefined;

  constructor(client: pg.Client) {
    const { processID, connection } = client as pg.Client & { processID: number; connection: { stream: Socket } };
    this.pid = processID;
    this.#client = client;
    this.#socket = connection.stream;
    this.#reader = new MessageReader({
      rows: (bytes, count) => this.#rows(bytes, count),
      message: (type, body) => this.#message(type, body),
    });
    this.#socket.removeAllListeners('data');
    this.#socket.on('data', (chunk: Buffer) => this.#reader.take(chunk));
    this.#socket.on('error', () => {}); // `close` follows
    this.#socket.once('close', () => this.#lost());
  }

  run(statement: Bound, sink: StatementSink = {}): Promise<string> {
    return this.#exchanging(statement.simple ? queryFrame(statement.text) : statementFrames(statement), sink);
  }

  async command(text: string): Promise<void> {
    await this.#exchanging(queryFrame(text), {});
  }

  close(): void {
    if (this.closed) return;
    this.closed = true;
    this.#client.end().catch(() => {});
    // A server that is busy reads no farewell.
    if (this.#exchange) this.#socket.destroy();
  }

  #exchanging(frames: Buffer, sink: StatementSink): Promise<string> {
    if (this.closed) return Promise.reject(this.#fatal ?? new Error('Connection terminated'));
    if (this.#exchange) return Promise.reject(new Error('A statement runs on this connection already.'));
    const done = new Promise<string>((resolve, reject) => {
      const exchange: Exchange = { sink, tag: '', error: undefined, resolve: () => resolve(exchange.tag), reject };
      this.#exchange = exchange;
    });
    this.#socket.write(frames);
    return done;
  }

  #rows(bytes: Buffer, count: number): void {
    const waiting = this.#exchange?.sink.rows?.(bytes, count);
    if (!waiting) return;
    this.#socket.pause();
    const go = () => this.#socket.resume();
    waiting.then(go, (error: Error) => {
      // What takes the rows has failed (a full disk): nobody waits for the rest.
      this.#exchange?.reject(error);
      this.#exchange = undefined;
      this.#socket.destroy();
    });
  }

  #message(type: string, body: Buffer): void {
    const exchange = this.#exchange;
    switch (type) {
      case 'T':
        exchange?.sink.columns?.(readColumns(body));
        break;
      case 'C':
        if (exchange) exchange.tag = body.toString('utf8', 0, body.length - 1);
        break;
      case 'E': {
        const error = new ServerError(readSaid(body));
        if (error.said.severity === 'FATAL' || error.said.severity === 'PANIC') this.#fatal = error;
        if (exchange) exchange.error ??= error;
        // Told while nothing was asked: the connection is at its end.
        else if (this.#fatal) this.close();
        break;
      }
      case 'N':
        exchange?.sink.notice?.(readSaid(body));
        break;
      case 'G':
        this.#socket.write(copyFailFrames('COPY FROM STDIN has no input here: name a file of the server, or use INSERT'));
        break;
      case 'H':
        if (exchange) exchange.error ??= new ServerError(copyOut);
        break;
      case 'Z':
        this.status = String.fromCharCode(body[0]!) as Wire['status'];
        this.#exchange = undefined;
        if (exchange?.error) exchange.reject(exchange.error);
        else exchange?.resolve();
        break;
    }
  }

  #lost(): void {
    this.closed = true;
    const exchange = this.#exchange;
    this.#exchange = undefined;
    exchange?.reject(this.#fatal ?? exchange.error ?? new Error('Connection terminated unexpectedly'));
  }
}
