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
  expect(servers[0]!.parts).toEqual({ user: 'me', password: 'p@ss', database: 'shop', tls: 'require' });
  expect(servers[2]!.parts).toMatchObject({ adminUrl: 'http://broker:8080', wsUrl: 'ws://broker:8080/ws/v2', token: 'abc' });
  expect(servers[0]!.maskedUrl).not.toContain('p%40ss');
});

test('the environment is only looked into for what is meant for this', () => {
  const environment = { DATABASE_URL: 'postgres://own@localhost/own', NOODLEBOX_PULL_REDIS_URL: 'redis://far:6379' };
  expect(serversInEnvironment(environment).map(({ kind }) => kind)).toEqual(['redis']);
  expect(problem(() => serversInEnvironment({ DATABASE_URL: 'postgres://a@b/c' })).why).toContain('None of DATABASE_URL');
});

test('rows cross a network in clear only when that was asked for', () => {
  const of = (url: string) => serversInFile(`DATABASE_URL=${url}`)[0]!.parts.tls;
  for (const url of ['postgres://me@db.example.org/shop', 'postgres://me@db.example.org/shop?sslmode=prefer']) {
    expect(problem(() => of(url)).todo).toContain('sslmode=require');
  }
  expect(of('postgres://me@db.example.org/shop?sslmode=disable')).toBeUndefined();
  expect(of('postgres://me@db.example.org/shop?sslmode=require')).toBe('require');
  expect(['localhost', '127.0.0.1', '[::1]'].map((host) => of(`postgres://me@${host}/shop`))).toEqual([undefined, undefined, undefined]);
});

test('an error about a connection string never holds it', () => {
  for (const text of [
    'DATABASE_URL=postgres://me:s3cret@x:99999999/db',
    'DATABASE_URL=mysql://me:s3cret@x/db',
    'REDIS_URL=rediss://:s3cret@x',
  ]) {
    expect(JSON.stringify(problem(() => serversInFile(text)))).not.toContain('s3cret');
  }
});
