import { HttpError, RequestTimedOutError } from '@influxdata/influxdb-client';
import { NoodleError } from '../../errors.ts';
import { isNetworkError, unreachable, wrongPassword } from '../connect.ts';
import type { Connection } from '../kind.ts';

export function classify(error: unknown, connection: Connection): NoodleError | undefined {
  if (error instanceof HttpError) {
    switch (error.statusCode) {
      case 401:
        return wrongPassword('InfluxDB', connection, 'NOODLEBOX_INFLUX_TOKEN', error);
      case 502:
      case 503:
        return unreachable('InfluxDB', connection, error);
      case 404:
        return new NoodleError(
          {
            code: 'service-unhealthy',
            what: `InfluxDB has no organisation ${connection.parts.org} or no bucket ${connection.parts.bucket}.`,
            why: 'Its data was set up with other names; the variables of a first run act only on an empty volume.',
            todo: 'Create them, or delete the data of the stack and begin anew.',
            command: 'noodlebox down --volumes',
          },
          { cause: error },
        );
    }
    return undefined;
  }
  return isNetworkError(error) || error instanceof RequestTimedOutError ? unreachable('InfluxDB', connection, error) : undefined;
}
