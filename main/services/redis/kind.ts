import { hostPort, maskedUrl, publishedPort, userInfo } from '../address.ts';
import type { ServiceKind } from '../kind.ts';
import { makePassword } from '../secret.ts';
import { parseLine } from './log-line.ts';
import type { RedisSession } from './session.ts';

const port = 6379;

export const redis: ServiceKind<RedisSession> = {
  name: 'redis',
  title: 'Redis',
  port,
  secrets: [{ variable: 'NOODLEBOX_REDIS_PASSWORD', environment: 'REDIS_PASSWORD', make: makePassword }],

  connection(spec, address) {
    const password = spec.environment.REDIS_PASSWORD ?? '';
    const published = publishedPort(spec, address, port);
    const urlWith = (secret: string) => `redis://${userInfo('', secret)}${hostPort(address.host, published)}/0`;
    const url = urlWith(password);
    return {
      kind: 'redis',
      host: address.host,
      port: published,
      url,
      maskedUrl: maskedUrl(urlWith, password),
      environment: { REDIS_URL: url, REDIS_HOST: address.host, REDIS_PORT: String(published), REDIS_PASSWORD: password },
      parts: { password, database: '0' },
    };
  },

  // Redis opens the files of every older version, and says in its log which format it cannot read.
  dataVersion: undefined,

  parseLine,
  native: async () => (await import('./native.ts')).server,
  access: async () => (await import('./access.ts')).access,
};
