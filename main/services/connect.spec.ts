import { describe, expect, it } from 'vitest';
import { NoodleError } from '../errors.ts';
import { abortable, connecting, isNetworkError, unreachable } from './connect.ts';
import type { Connection } from './kind.ts';

const connection: Connection = {
  kind: 'postgres',
  host: '127.0.0.1',
  port: 1,
  url: '',
  maskedUrl: '',
  environment: {},
  parts: { user: 'u' },
};
const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
const classify = (error: unknown) => (isNetworkError(error) ? unreachable('PostgreSQL', connection, error) : undefined);

describe('connecting', () => {
  it('tries again while the server cannot be reached, and returns what it then gets', async () => {
    let tries = 0;
    const attempt = async () => {
      if (++tries < 3) throw refused;
      return 'in';
    };
    expect(await connecting(attempt, connection, classify, undefined, [1, 1, 1])).toBe('in');
    expect(tries).toBe(3);
  });

  it('gives up after the last pause and says why, where, and what to do', async () => {
    let tries = 0;
    const attempt = async () => {
      tries++;
      throw refused;
    };
    const error = await connecting(attempt, connection, classify, undefined, [1, 1]).catch((thrown: unknown) => thrown);
    expect(tries).toBe(3);
    expect(error).toBeInstanceOf(NoodleError);
    expect((error as NoodleError).problem).toMatchObject({
      code: 'service-unreachable',
      what: 'PostgreSQL does not answer at 127.0.0.1:1.',
      why: 'connect ECONNREFUSED 127.0.0.1:1',
      command: 'noodlebox status',
    });
  });

  it('does not try again what another try cannot change', async () => {
    let tries = 0;
    const attempt = async () => {
      tries++;
      throw new Error('no such table');
    };
    await expect(connecting(attempt, connection, classify, undefined, [1])).rejects.toThrow('no such table');
    expect(tries).toBe(1);
  });

  it('stops in the middle of a pause when it is cancelled', async () => {
    const abort = new AbortController();
    const attempt = async () => {
      setImmediate(() => abort.abort());
      throw refused;
    };
    await expect(connecting(attempt, connection, classify, abort.signal, [600_000])).rejects.toThrow(/abort/i);
  });
});

describe('an abortable promise', () => {
  it('ends with the reason of its signal while the work never ends', async () => {
    const abort = new AbortController();
    const waiting = abortable(new Promise(() => {}), abort.signal);
    abort.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });

  it('keeps quiet about work that fails after it was cancelled', async () => {
    const late = Promise.reject(new Error('too late'));
    await expect(abortable(late, AbortSignal.abort(new Error('enough')))).rejects.toThrow(/enough|too late/);
  });
});

describe('a network error', () => {
  it('is known by what caused it', () => {
    expect(isNetworkError(new TypeError('fetch failed', { cause: refused }))).toBe(true);
    expect(isNetworkError(new AggregateError([new Error('x'), refused]))).toBe(true);
    expect(isNetworkError(new Error('fetch failed'))).toBe(false);
    expect(isNetworkError('ECONNREFUSED')).toBe(false);
  });
});
