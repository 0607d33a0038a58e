import { NoodleError } from '../../errors.ts';
import { isNetworkError, unreachable, wrongPassword } from '../connect.ts';
import type { Connection } from '../kind.ts';

/** SQLSTATE codes: https://www.postgresql.org/docs/17/errcodes-appendix.html */
export function classify(error: unknown, connection: Connection): NoodleError | undefined {
  const state = sqlState(error);
  switch (state) {
    case '28P01': // invalid_password
    case '28000': // invalid_authorization_specification: the role is not there, or pg_hba.conf does not let it in
      return wrongPassword('PostgreSQL', connection, 'NOODLEBOX_POSTGRES_PASSWORD', error);
    case '3D000': // invalid_catalog_name
      return new NoodleError(
        {
          code: 'service-unhealthy',
          what: `PostgreSQL has no database ${connection.parts.database}.`,
          why: 'Its data was created with another database name; POSTGRES_DB acts only when a volume is used for the first time.',
          todo: 'Create the database, or delete the data of the stack and begin anew.',
          command: 'noodlebox down --volumes',
        },
        { cause: error },
      );
    case '57P03': // cannot_connect_now: starting up, shutting down or recovering
    case '57P01': // admin_shutdown
    case '53300': // too_many_connections
      return unreachable('PostgreSQL', connection, error);
  }
  if (error instanceof Error && error.message === 'The server does not support SSL connections') {
    return new NoodleError(
      {
        code: 'not-supported-by-server',
        what: 'TLS is required, and PostgreSQL does not offer it.',
        todo: 'Set ssl = on with a certificate in the server, or do without TLS: it listens on this machine only.',
      },
      { cause: error },
    );
  }
  return isNetworkError(error) || isLostConnection(error) ? unreachable('PostgreSQL', connection, error) : undefined;
}

/** The five-character SQLSTATE of an error the server sent. */
export function sqlState(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  return /^[0-9A-Z]{5}$/.test(error.code) ? error.code : undefined;
}

/** What pg throws, without a code, when the connection ends or times out before the server has answered. */
function isLostConnection(error: unknown): boolean {
  return error instanceof Error && /^(Connection terminated|timeout expired|timeout exceeded when trying to connect)/.test(error.message);
}
