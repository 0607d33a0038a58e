import { encode, hostPort, maskedUrl, publishedPort, userInfo } from '../address.ts';
import type { ServiceKind } from '../kind.ts';
import { makeKey, makePassword } from '../secret.ts';
import { parseLine } from './log-line.ts';
import type { MongodbSession } from './session.ts';

const port = 27017;

export const mongodb: ServiceKind<MongodbSession> = {
  name: 'mongodb',
  title: 'MongoDB',
  port,
  secrets: [
    { variable: 'NOODLEBOX_MONGO_PASSWORD', environment: 'MONGO_INITDB_ROOT_PASSWORD', make: makePassword },
    // The key file of the replica set: mongod takes 6 to 1,024 characters of base64.
    { variable: 'NOODLEBOX_MONGO_KEY', environment: 'NOODLEBOX_MONGO_KEY', make: () => makeKey(96) },
  ],

  connection(spec, address) {
    const user = spec.environment.MONGO_INITDB_ROOT_USERNAME ?? '';
    const password = spec.environment.MONGO_INITDB_ROOT_PASSWORD ?? '';
    const database = spec.environment.MONGO_INITDB_DATABASE ?? 'test';
    const published = publishedPort(spec, address, port);
    // directConnection: the set's only member calls itself by its name inside the stack, which this machine cannot resolve.
    const options = user === '' ? 'directConnection=true' : 'directConnection=true&authSource=admin';
    const urlWith = (secret: string) =>
      `mongodb://${userInfo(user, secret)}${hostPort(address.host, published)}/${encode(database)}?${options}`;
    const url = urlWith(password);
    return {
      kind: 'mongodb',
      host: address.host,
      port: published,
      url,
      maskedUrl: maskedUrl(urlWith, password),
      environment: { MONGODB_URL: url, MONGODB_DATABASE: database },
      parts: { user, password, database },
    };
  },

  // The WiredTiger file names the storage engine's version, which several majors share; mongod itself refuses what it cannot open.
  dataVersion: undefined,

  parseLine,
  native: async () => (await import('./native.ts')).server,
  access: async () => (await import('./access.ts')).access,
};
