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
      return wrongPassword('Redis', connection, 'NOODLEBOX_REDIS_PASSWORD', error);
    case 'LOADING':
    case 'MASTERDOWN':
      return unreachable('Redis', connection, error);
  }
  // What Redis answers to AUTH when it has no password at all.
  if (error.message.includes('without any password configured')) {
    return wrongPassword('Redis', connection, 'NOODLEBOX_REDIS_PASSWORD', error);
  }
  return isNetworkError(error) || isLostConnection(error) ? unreachable('Redis', connection, error) : undefined;
}

/** What ioredis throws, without a code, when a connection is closed or does not come about. */
function isLostConnection(error: Error): boolean {
  return /^(Connection is closed|connect ETIMEDOUT|Command timed out|Reached the max retries per request)/.test(error.message);
}
