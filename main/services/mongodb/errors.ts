import type { NoodleError } from '../../errors.ts';
import { isNetworkError, unreachable, wrongPassword } from '../connect.ts';
import type { Connection } from '../kind.ts';

/** Codes: https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
export const serverCodes = {
  unauthorized: 13,
  authenticationFailed: 18,
  namespaceNotFound: 26,
  commandNotFound: 59,
  notMaster: 10107,
} as const;

export function classify(error: unknown, connection: Connection): NoodleError | undefined {
  switch (serverCode(error)) {
    case serverCodes.authenticationFailed:
    case serverCodes.unauthorized:
      return wrongPassword('MongoDB', connection, 'NOODLEBOX_MONGO_PASSWORD', error);
    case serverCodes.notMaster: // the replica set is being initiated
      return unreachable('MongoDB', connection, error);
  }
  return isNetworkError(error) || isDriverNetworkError(error) ? unreachable('MongoDB', connection, error) : undefined;
}

/** The server itself refused it. Not every one of its errors has a code. */
export function isServerError(error: unknown): boolean {
  return error instanceof Error && (error.name === 'MongoServerError' || serverCode(error) !== undefined);
}

/** The code of an error that the server sent; undefined for the driver's own. */
export function serverCode(error: unknown): number | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'number' ? error.code : undefined;
}

export function isDriverNetworkError(error: unknown): boolean {
  return error instanceof Error && /^Mongo(Network|NetworkTimeout|ServerSelection|WaitQueueTimeout)Error$/.test(error.name);
}
