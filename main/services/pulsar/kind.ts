import { hostPort, publishedPort } from '../address.ts';
import type { ServiceKind } from '../kind.ts';
import { makeKey, signToken } from '../secret.ts';
import { parseLine } from './log-line.ts';
import type { PulsarSession } from './session.ts';

const port = 6650;
const httpPort = 8080;

/** Who the token says its bearer is, and whom it is meant for; the broker's configuration names the same. */
const claims = { sub: 'noodle-admin', aud: 'noodle-service' };

export const pulsar: ServiceKind<PulsarSession> = {
  name: 'pulsar',
  title: 'Pulsar',
  port,
  secrets: [
    { variable: 'NOODLEBOX_PULSAR_SECRET_KEY', environment: 'NOODLEBOX_PULSAR_SECRET_KEY', make: () => makeKey(32) },
    {
      variable: 'NOODLEBOX_PULSAR_TOKEN',
      environment: 'NOODLEBOX_PULSAR_TOKEN',
      // Without an expiry: a stack on a laptop must open after a year in a drawer.
      make: (others) => signToken(claims, others.NOODLEBOX_PULSAR_SECRET_KEY ?? ''),
    },
  ],

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
