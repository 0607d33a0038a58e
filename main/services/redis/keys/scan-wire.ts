/**
 * SCAN as quick as it goes: on a connection of its own, replies are read where they lie, and the next step is asked
 * for as soon as its cursor is known, while the keys of this one are taken in. (A client that makes an object of each
 * key takes several times as long.)
 */
import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { isNetworkError, unreachable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { tlsOptions } from '../../tls.ts';
import { classify } from '../errors.ts';
import { refusal } from '../link.ts';

export interface ScanFilter {
  /** A glob; undefined: all keys. */
  readonly match?: Buffer;
  /** As SCAN's TYPE takes it. */
  readonly type?: string;
}

/** Told where in a buffer a key lies; the bytes are gone afterwards. */
export type OnKey = (buffer: Buffer, from: number, to: number) => void;

export interface ScanStep {
  /** Where the next step would begin; '0': that was all. */
  readonly cursor: string;
  /** Keys of this step. */
  readonly keys: number;
}

/**
 * Goes through all keys.
 * @param onStep after each step; false ends the scan there
 * @throws NoodleError service-unreachable, query-failed; the signal's reason when aborted
 */
export async function scanKeys(
  connection: Connection,
  filter: ScanFilter,
  from: string,
  onKey: OnKey,
  onStep: (step: ScanStep) => boolean,
  signal: AbortSignal,
): Promise<void> {
  signal.throwIfAborted();
  const socket = dial(connection);
  const stop = () => socket.destroy();
  signal.addEventListener('abort', stop, { once: true });
  const timer = setTimeout(() => socket.destroy(new Error('connect ETIMEDOUT')), limits.cacheConnect);
  try {
    const reader = new ScanReader(onKey);
    const { user, password } = connection.parts;
    if (password) socket.write(encode(['AUTH', ...(user ? [user] : []), password].map((part) => Buffer.from(part))));
    socket.write(encode(['CLIENT', 'SETNAME', 'noodlebox-scan'].map((part) => Buffer.from(part))));
    reader.skipSimple(password ? 2 : 1);
    const ask = (cursor: string) => socket.write(encode(commandFor(cursor, filter)));
    let next: string | null = null;
    reader.onCursor = (cursor) => {
      next = cursor;
    };
    ask(from);
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      clearTimeout(timer);
      reader.push(chunk);
      for (;;) {
        const read = reader.read();
        if (read === 'cursor' && next !== null && next !== '0') ask(next);
        if (read === 'step') {
          const more = onStep({ cursor: next!, keys: reader.keys });
          if (!more || next === '0') return;
        } else if (read === 'more') break;
      }
    }
    signal.throwIfAborted();
    throw unreachable('Redis', connection, new Error('The connection was closed.'));
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof NoodleError) throw error;
    if (isNetworkError(error)) throw unreachable('Redis', connection, error);
    throw classify(error, connection) ?? refusal(error, connection);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
    socket.destroy();
    swallow(socket);
  }
}

/** What is written to one with TLS waits until the server is known to be the right one. */
function dial(connection: Connection): Socket {
  const { host, port } = connection;
  const tls = tlsOptions(connection);
  return tls ? connectTls({ host, port, ...tls }).setNoDelay(true) : connect({ host, port, noDelay: true });
}

/** A destroyed socket may still tell of an error. */
function swallow(socket: Socket): void {
  socket.on('error', () => {});
}

function commandFor(cursor: string, { match, type }: ScanFilter): Buffer[] {
  const parts: Buffer[] = ['SCAN', cursor, 'COUNT', String(limits.scanCount)].map((text) => Buffer.from(text));
  if (match) parts.push(Buffer.from('MATCH'), match);
  if (type) parts.push(Buffer.from('TYPE'), Buffer.from(type));
  return parts;
}

function encode(parts: readonly Buffer[]): Buffer {
  const pieces: Buffer[] = [Buffer.from(`*${parts.length}\r\n`)];
  for (const part of parts) pieces.push(Buffer.from(`$${part.length}\r\n`), part, Buffer.from('\r\n'));
  return Buffer.concat(pieces);
}

type Awaited = { readonly kind: 'simple' } | { readonly kind: 'head' } | { readonly kind: 'keys'; left: number };

/** Reads `*2 $n cursor *m ($n key)*` piece by piece. */
export class ScanReader {
  readonly #onKey: OnKey;
  #held: Buffer<ArrayBufferLike> = Buffer.alloc(0);
  #at = 0;
  #simple = 0;
  #awaited: Awaited = { kind: 'head' };
  /** Keys of the step at hand. */
  keys = 0;
  onCursor: (cursor: string) => void = () => {};

  constructor(onKey: OnKey) {
    this.#onKey = onKey;
  }

  /** So many simple replies come first. */
  skipSimple(count: number): void {
    this.#simple = count;
    if (count > 0) this.#awaited = { kind: 'simple' };
  }

  push(chunk: Buffer): void {
    this.#held = this.#at === this.#held.length ? chunk : Buffer.concat([this.#held.subarray(this.#at), chunk]);
    this.#at = 0;
  }

  /** Reads on. 'cursor': the next step's cursor is known; 'step': all keys of this one are told; 'more': bytes are missing. */
  read(): 'cursor' | 'step' | 'more' {
    if (this.#awaited.kind === 'simple') {
      const line = this.#line();
      if (line === null) return 'more';
      // Whoever may not name a connection may still scan.
      if (line.startsWith('-') && !line.startsWith('-NOPERM')) throw new Error(line.slice(1));
      if (--this.#simple === 0) this.#awaited = { kind: 'head' };
      return this.read();
    }
    if (this.#awaited.kind === 'head') return this.#head();
    return this.#keys(this.#awaited);
  }

  #head(): 'cursor' | 'more' {
    const begun = this.#at;
    const first = this.#line();
    if (first === null) return 'more';
    if (first.startsWith('-')) throw new Error(first.slice(1));
    const length = this.#line();
    const cursor = length === null ? null : this.#line();
    const count = cursor === null ? null : this.#line();
    if (count === null) {
      this.#at = begun;
      return 'more';
    }
    this.keys = 0;
    this.#awaited = { kind: 'keys', left: Number(count.slice(1)) };
    this.onCursor(cursor!);
    return 'cursor';
  }

  #keys(awaited: { left: number }): 'step' | 'more' {
    const held = this.#held;
    while (awaited.left > 0) {
      let at = this.#at + 1; // behind the $
      let length = 0;
      for (; at < held.length && held[at] !== 13; at++) length = length * 10 + held[at]! - 48;
      const from = at + 2;
      if (from + length + 2 > held.length) return 'more';
      this.#onKey(held, from, from + length);
      this.#at = from + length + 2;
      this.keys++;
      awaited.left--;
    }
    this.#awaited = { kind: 'head' };
    return 'step';
  }

  #line(): string | null {
    const end = this.#held.indexOf('\r\n', this.#at, 'latin1');
    if (end === -1) return null;
    const line = this.#held.toString('latin1', this.#at, end);
    this.#at = end + 2;
    return line;
  }
}
