/** What a Pulsar of a stack's own is asked for, and by whom. */
import type { SecretRule } from '../kind.ts';
import { makeKey, signToken } from '../secret.ts';

export const port = 6650;
export const httpPort = 8080;

/** Who the token says its bearer is, and whom it is meant for; the broker's configuration names the same. */
const claims = { sub: 'noodle-admin', aud: 'noodle-service' };

export const secrets: readonly SecretRule[] = [
  { variable: 'NOODLEBOX_PULSAR_SECRET_KEY', environment: 'NOODLEBOX_PULSAR_SECRET_KEY', make: () => makeKey(32) },
  {
    variable: 'NOODLEBOX_PULSAR_TOKEN',
    environment: 'NOODLEBOX_PULSAR_TOKEN',
    // Without an expiry: a stack on a laptop must open after a year in a drawer.
    make: (others) => signToken(claims, others.NOODLEBOX_PULSAR_SECRET_KEY ?? ''),
  },
];
