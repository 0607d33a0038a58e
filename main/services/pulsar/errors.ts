import { NoodleError } from '../../errors.ts';
import { isNetworkError, unreachable } from '../connect.ts';
import type { Connection } from '../kind.ts';

/** An answer of the broker's HTTP side, or of a WebSocket handshake, that is not a success. */
export class PulsarHttpError extends Error {
  override readonly name = 'PulsarHttpError';
  readonly status: number;

  /** @param reason what the broker said of it */
  constructor(status: number, reason: string) {
    super(reason === '' ? `Pulsar answered ${status}.` : `Pulsar answered ${status}: ${reason}`);
    this.status = status;
  }
}

export function classify(error: unknown, connection: Connection): NoodleError | undefined {
  if (error instanceof PulsarHttpError) {
    switch (error.status) {
      case 401:
      case 403:
        return wrongToken(error);
      case 502:
      case 503: // starting: the broker owns no bundle of topics yet
        return unreachable('Pulsar', connection, error);
    }
    return undefined;
  }
  return isNetworkError(error) ? unreachable('Pulsar', connection, error) : undefined;
}

function wrongToken(error: PulsarHttpError): NoodleError {
  return new NoodleError(
    {
      code: 'wrong-password',
      what: error.status === 403 ? 'Pulsar does not let the bearer of the token do this.' : 'Pulsar refuses the token.',
      why: 'The broker was started with another NOODLEBOX_PULSAR_SECRET_KEY than the one the token was signed with, or with other superusers.',
      todo: 'Bring the stack up again: a service whose secrets have changed is made anew, and its data stays.',
      command: 'noodlebox up pulsar',
    },
    { cause: error },
  );
}
