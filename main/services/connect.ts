/** Connecting to any server: trying again while it cannot be reached, and saying why when it still cannot. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServiceKindName } from '../../preload/contract/kinds.ts';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Connection } from './kind.ts';
import { handshakeFailed } from './tls.ts';

/** Names a server error for people; undefined when the error says nothing of how the server is reached. */
export type Classify = (error: unknown, connection: Connection) => NoodleError | undefined;

/**
 * Runs the attempt, and again after each of `limits.connectRetries` while the server cannot be reached.
 * The attempt cleans up after itself when it fails.
 * @throws NoodleError service-unreachable, wrong-password …; the signal's reason when aborted
 */
export async function connecting<T>(
  attempt: () => Promise<T>,
  connection: Connection,
  classify: Classify,
  signal: AbortSignal | undefined,
  pauses: readonly number[] = limits.connectRetries,
): Promise<T> {
  for (let round = 0; ; round++) {
    signal?.throwIfAborted();
    try {
      return await attempt();
    } catch (error) {
      signal?.throwIfAborted();
      const problem = error instanceof NoodleError ? error : (handshakeFailed(error, connection) ?? classify(error, connection));
      if (problem === undefined) throw error;
      const pause = pauses[round];
      if (problem.code !== 'service-unreachable' || pause === undefined) throw problem;
      await sleep(pause, undefined, { signal });
    }
  }
}

/** The promise, or the signal's reason as soon as it is aborted; for drivers that take no signal. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  let stop: () => void = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
    promise.catch(() => {}); // lost the race: whoever aborted does not want to hear of it
  }
}

const networkCodes = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_SOCKET',
]); // biome-ignore format: a list is read as a list

/** Whether the error, or what caused it, is the network's own. */
export function isNetworkError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ('code' in error && typeof error.code === 'string' && networkCodes.has(error.code)) return true;
  if (error instanceof AggregateError) return error.errors.some(isNetworkError);
  return error.name === 'TimeoutError' || isNetworkError(error.cause);
}

/** The innermost cause in words: outer errors only say "fetch failed". */
function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return reason(error.errors[0]);
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? reason(error.cause) : error.message;
}

export function unreachable(title: string, connection: Connection, error: unknown): NoodleError {
  return new NoodleError(
    {
      code: 'service-unreachable',
      what: `${title} does not answer at ${connection.host}:${connection.port}.`,
      why: reason(error),
      todo: 'See whether it runs, and start it if it does not.',
      command: `noodlebox status`,
    },
    { cause: error },
  );
}

/** Refused credentials. Nearly always: the volume was made by an earlier first run, and a first run's variables act only once. */
export function wrongPassword(title: string, connection: Connection, variable: string, error: unknown): NoodleError {
  const who = connection.parts.user ? `the password of ${connection.parts.user}` : credentialOf(connection.kind);
  return new NoodleError(
    {
      code: 'wrong-password',
      what: `${title} refuses ${who}.`,
      why: `Its data was created with another one; ${variable} acts only when a volume is used for the first time.`,
      todo: `Put the old value back as ${variable} in the stack's credentials, or delete the stack's data and begin anew.`,
      command: 'noodlebox down --volumes',
    },
    { cause: error },
  );
}

function credentialOf(kind: ServiceKindName): string {
  return kind === 'redis' ? 'the password' : 'the token';
}
