import { hostPort, publishedPort } from '../address.ts';
import type { ServiceKind } from '../kind.ts';
import { makePassword } from '../secret.ts';
import { parseLine } from './log-line.ts';
import type { InfluxdbSession } from './session.ts';

const port = 8086;

export const influxdb: ServiceKind<InfluxdbSession> = {
  name: 'influxdb',
  title: 'InfluxDB',
  port,
  secrets: [
    { variable: 'NOODLEBOX_INFLUX_PASSWORD', environment: 'DOCKER_INFLUXDB_INIT_PASSWORD', make: makePassword },
    { variable: 'NOODLEBOX_INFLUX_TOKEN', environment: 'DOCKER_INFLUXDB_INIT_ADMIN_TOKEN', make: makePassword },
  ],

  connection(spec, address) {
    const user = spec.environment.DOCKER_INFLUXDB_INIT_USERNAME ?? '';
    const password = spec.environment.DOCKER_INFLUXDB_INIT_PASSWORD ?? '';
    const org = spec.environment.DOCKER_INFLUXDB_INIT_ORG ?? '';
    const bucket = spec.environment.DOCKER_INFLUXDB_INIT_BUCKET ?? '';
    const token = spec.environment.DOCKER_INFLUXDB_INIT_ADMIN_TOKEN ?? '';
    const published = publishedPort(spec, address, port);
    // The token is no part of the address, so there is nothing to mask.
    const url = `http://${hostPort(address.host, published)}`;
    return {
      kind: 'influxdb',
      host: address.host,
      port: published,
      url,
      maskedUrl: url,
      environment: { INFLUX_URL: url, INFLUX_ORG: org, INFLUX_BUCKET: bucket, INFLUX_TOKEN: token },
      parts: { user, password, org, bucket, token },
    };
  },

  // Its metadata is in a bolt file; no plain file names a version.
  dataVersion: undefined,

  parseLine,
  native: async () => (await import('./native.ts')).server,
  access: async () => (await import('./access.ts')).access,
};
