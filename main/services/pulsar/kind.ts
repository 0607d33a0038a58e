import { hostPort, publishedPort } from '../address.ts';
import type { ServiceKind } from '../kind.ts';
import { parseLine } from './log-line.ts';
import { httpPort, port, secrets } from './secrets.ts';
import type { PulsarSession } from './session.ts';

export const pulsar: ServiceKind<PulsarSession> = {
  name: 'pulsar',
  title: 'Pulsar',
  port,
  secrets,

  connection(spec, address) {
    const token = spec.environment.NOODLEBOX_PULSAR_TOKEN ?? '';
    const published = publishedPort(spec, address, port);
    const http = hostPort(address.host, publishedPort(spec, address, httpPort));
    // The token is no part of any of these addresses, so there is nothing to mask.
    const url = `pulsar://${hostPort(address.host, published)}`;
    const adminUrl = `http://${http}`;
    const wsUrl = `ws://${http}/ws/v2`;
    return {
      kind: 'pulsar',
      host: address.host,
      port: published,
      url,
      maskedUrl: url,
      environment: { PULSAR_SERVICE_URL: url, PULSAR_ADMIN_URL: adminUrl, PULSAR_WS_URL: wsUrl, PULSAR_TOKEN: token },
      parts: { token, adminUrl, wsUrl },
    };
  },

  // Its data folder names the layout versions of BookKeeper and RocksDB, never Pulsar's own.
  dataVersion: undefined,

  parseLine,
  native: async () => (await import('./native.ts')).server,
  access: async () => (await import('./access.ts')).access,
};
