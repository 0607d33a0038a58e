import { expect, test } from 'vitest';
import type { NoodleError } from '../../errors.ts';
import { serversInEnvironment, serversInFile } from './servers.ts';

const problem = (act: () => unknown) => {
  try {
    act();
  } catch (error) {
    return (error as NoodleError).problem;
  }
  throw new Error('it was taken');
};

test('what `noodlebox env` prints names the servers, any of the five', () => {
  const servers = serversInFile(
    [
      'DATABASE_URL="postgresql://me:p%40ss@db.example.org:6432/shop?sslmode=require"',
      'REDIS_URL=redis://:secret@127.0.0.1:6380/0',
      'PULSAR_ADMIN_URL=http://broker:8080',
      'PULSAR_TOKEN=abc',
      'MONGODB_URL=mongodb://root:pw@[::1]:27018/docs?directConnection=true',
      'INFLUX_URL=https://metrics.example.org',
      'INFLUX_ORG=o',
      'INFLUX_BUCKET=b',
      'INFLUX_TOKEN=t',
    ].join('\n'),
  );
  expect(servers.map(({ kind, host, port }) => `${kind} ${host} ${port}`)).toEqual([
    'postgres db.example.org 6432',
    'redis 127.0.0.1 6380',
    'pulsar broker 8080',
    'mongodb ::1 27018',
    'influxdb metrics.example.org 443',
  ]);
  expect(servers[0]!.parts).toEqual({ user: 'me', password: 'p@ss', database: 'shop' });
  expect(servers.map(({ tls }) => tls?.check)).toEqual(['nothing', undefined, undefined, undefined, 'name']);
  expect(servers[2]!.parts).toMatchObject({ adminUrl: 'http://broker:8080', wsUrl: 'ws://broker:8080/ws/v2', token: 'abc' });
  expect(servers[0]!.maskedUrl).not.toContain('p%40ss');
});

test('the environment is only looked into for what is meant for this', () => {
  const environment = { DATABASE_URL: 'postgres://own@localhost/own', NOODLEBOX_PULL_REDIS_URL: 'redis://far:6379' };
  expect(serversInEnvironment(environment).map(({ kind }) => kind)).toEqual(['redis']);
  expect(problem(() => serversInEnvironment({ DATABASE_URL: 'postgres://a@b/c' })).why).toContain('None of DATABASE_URL');
});

const tlsOf = (text: string) => serversInFile(text)[0]!.tls;

test('rows and documents cross a network in clear only when that was asked for', () => {
  for (const url of ['postgres://me@db.example.org/shop', 'postgres://me@db.example.org/shop?sslmode=prefer']) {
    expect(problem(() => tlsOf(`DATABASE_URL=${url}`)).todo).toContain('sslmode=require');
  }
  expect(tlsOf('DATABASE_URL=postgres://me@db.example.org/shop?sslmode=disable')).toBeUndefined();
  expect(problem(() => tlsOf('MONGODB_URL=mongodb://db.example.org/shop')).todo).toContain('tls=true');
  expect(tlsOf('MONGODB_URL=mongodb://db.example.org/shop?tls=false')).toBeUndefined();
  for (const host of ['localhost', '127.0.0.1', '[::1]']) {
    expect([tlsOf(`DATABASE_URL=postgres://me@${host}/shop`), tlsOf(`MONGODB_URL=mongodb://${host}/shop`)]).toEqual([undefined, undefined]);
  }
  const mixed = 'PULSAR_ADMIN_URL=https://broker\nPULSAR_WS_URL=ws://broker/ws/v2';
  expect(problem(() => tlsOf(mixed)).why).toContain('in clear');
});

test.each([
  ['DATABASE_URL=postgres://db/shop?sslmode=require', 'nothing', undefined],
  ['DATABASE_URL=postgres://db/shop?sslmode=require&sslrootcert=/ca.pem', 'authority', '/ca.pem'],
  ['DATABASE_URL=postgres://db/shop?sslmode=verify-ca&sslrootcert=/ca.pem', 'authority', '/ca.pem'],
  ['DATABASE_URL=postgres://db/shop?sslmode=verify-full&sslrootcert=/ca.pem', 'name', '/ca.pem'],
  ['DATABASE_URL=postgres://db/shop?sslmode=verify-full&sslrootcert=system', 'name', 'system'],
  ['REDIS_URL=rediss://db', 'name', undefined],
  ['REDIS_URL=rediss://db\nREDIS_CA_FILE=/ca.pem', 'name', '/ca.pem'],
  ['MONGODB_URL=mongodb://db/?tls=true', 'name', undefined],
  ['MONGODB_URL=mongodb://db/?ssl=true&tlsCAFile=%2Fca.pem', 'name', '/ca.pem'],
  ['MONGODB_URL=mongodb://db/?tls=true&tlsAllowInvalidHostnames=true', 'authority', undefined],
  ['MONGODB_URL=mongodb://db/?tls=true&tlsAllowInvalidCertificates=true', 'nothing', undefined],
  ['INFLUX_URL=https://db\nINFLUX_CA_FILE=/ca.pem', 'name', '/ca.pem'],
  ['PULSAR_ADMIN_URL=https://db\nPULSAR_CA_FILE=/ca.pem', 'name', '/ca.pem'],
])('%s asks for the check of %s', (text, check, file) => {
  expect(tlsOf(text)).toEqual({ check, authority: file === undefined ? undefined : { file } });
});

test.each([
  ['DATABASE_URL=postgres://db/shop?sslmode=verify-full', 'who is trusted'],
  ['DATABASE_URL=postgres://db/shop?sslmode=verify-ca&sslrootcert=system', 'verify-full alone'],
  ['DATABASE_URL=postgres://db/shop?sslmode=verify', 'no sslmode=verify'],
  ['DATABASE_URL=postgres://db/shop?sslmode=require&sslcert=/me.pem', 'clients'],
  ['MONGODB_URL=mongodb+srv://db/shop', 'set of servers'],
  ['MONGODB_URL=mongodb://db/shop?tls=yes', 'neither true nor false'],
  ['MONGODB_URL=mongodb://db/shop?tls=true&tlsCertificateKeyFile=/me.pem', 'clients'],
])('%s is refused', (text, why) => {
  expect(problem(() => tlsOf(text))).toMatchObject({ code: 'bad-argument', why: expect.stringContaining(why) });
});

test('an error about a connection string never holds it', () => {
  for (const text of [
    'DATABASE_URL=postgres://me:s3cret@x:99999999/db',
    'DATABASE_URL=mysql://me:s3cret@x/db',
    'MONGODB_URL=mongodb+srv://me:s3cret@x',
    'MONGODB_URL=mongodb://me:s3cret@x',
    'REDIS_URL=rediss://:s3cret@x/7',
  ]) {
    expect(JSON.stringify(problem(() => serversInFile(text)))).not.toContain('s3cret');
  }
});
