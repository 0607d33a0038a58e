import type { NoodleError } from '../../errors.ts';
import { isNetworkError, unreachable, wrongPassword } from '../connect.ts';
import type { Connection } from '../kind.ts';

/** Redis names its errors by their first word: https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
export function classify(error: unknown, connection: Connection): NoodleError | undefined {
  if (!(error instanceof Error)) return undefined;
  const word = /^[A-Z]+/.exec(error.message)?.[0];
  switch (word) {
    case 'WRONGPASS':
    case 'NOAUTH':
      return refused(error, connection);
    case 'LOADING':
    case 'MASTERDOWN':
      return unreachable('Redis', connection, error);
  }
  // What Redis answers to AUTH when it has no password at all.
  if (error.message.includes('without any password configured')) return refused(error, connection);
  return isNetworkError(error) || isLostConnection(error) ? unreachable('Redis', connection, error) : undefined;
}

/** ioredis keeps the arguments of the command on its errors, and AUTH's are the password: only the message goes on. */
function refused(error: Error, connection: Connection): NoodleError {
  return wrongPassword('Redis', connection, 'NOODLEBOX_REDIS_PASSWORD', new Error(error.message));
}

/** What ioredis throws, without a code, when a connection is closed or does not come about. */
function isLostConnection(error: Error): boolean {
  return /^(Connection is closed|connect ETIMEDOUT|Command timed out|Reached the max retries per request)/.test(error.message);
}
