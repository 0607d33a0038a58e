import { encode, hostPort, maskedUrl, publishedPort, userInfo } from '../address.ts';
import { majorVersion } from '../data-version.ts';
import type { ServiceKind } from '../kind.ts';
import { makePassword } from '../secret.ts';
import { dataPath } from './installed.ts';
import { parseLine } from './log-line.ts';
import { isUnwritten } from './physical/wal.ts';
import type { PostgresSession } from './session.ts';

const port = 5432;

export const postgres: ServiceKind<PostgresSession> = {
  name: 'postgres',
  title: 'PostgreSQL',
  port,
  secrets: [{ variable: 'NOODLEBOX_POSTGRES_PASSWORD', environment: 'POSTGRES_PASSWORD', make: makePassword }],

  connection(spec, address) {
    const user = spec.environment.POSTGRES_USER ?? 'postgres';
    const password = spec.environment.POSTGRES_PASSWORD ?? '';
    const database = spec.environment.POSTGRES_DB ?? user;
    const published = publishedPort(spec, address, port);
    const urlWith = (secret: string) => `postgresql://${userInfo(user, secret)}${hostPort(address.host, published)}/${encode(database)}`;
    const url = urlWith(password);
    return {
      kind: 'postgres',
      host: address.host,
      port: published,
      url,
      maskedUrl: maskedUrl(urlWith, password),
      environment: {
        DATABASE_URL: url,
        PGHOST: address.host,
        PGPORT: String(published),
        PGUSER: user,
        PGPASSWORD: password,
        PGDATABASE: database,
      },
      parts: { user, password, database },
    };
  },

  // PostgreSQL opens only data of its own major version.
  dataVersion: {
    file: `${dataPath}/PG_VERSION`,
    read: (content) => /^(\d+)/.exec(content)?.[1],
    wants: majorVersion,
  },

  // Old files of WAL under the names of files to come: after much was written they are as large as the data.
  needless: { folder: `${dataPath}/pg_wal`, head: 16, isNeedless: isUnwritten },

  parseLine,
  native: async () => (await import('./native.ts')).server,
  access: async () => (await import('./access.ts')).access,
};
