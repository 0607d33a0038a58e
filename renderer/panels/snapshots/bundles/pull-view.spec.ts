import { expect, it } from 'vitest';
import { addressProblem, authorityProblem, noServers, serversOf, type Typed, type TypedServers, tokenProblem } from './pull-view.ts';

const typed = (servers: Partial<Record<keyof TypedServers, Partial<Typed>>>): TypedServers =>
  Object.fromEntries(Object.entries(noServers).map(([kind, each]) => [kind, { ...each, ...servers[kind as keyof TypedServers] }])) as TypedServers; // biome-ignore format: one line
const pem = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

it('names the servers that were typed, each with what belongs to its kind', () => {
  const servers = typed({
    redis: { url: ' redis://:s3cret@cache:6379 ', token: 'of none' },
    influxdb: { url: 'https://metrics', token: ' t ', org: 'o', authority: `${pem}\n` },
  });
  expect(serversOf(servers)).toEqual([
    { kind: 'redis', url: 'redis://:s3cret@cache:6379', authority: null },
    { kind: 'influxdb', url: 'https://metrics', token: 't', org: 'o', bucket: '', authority: pem },
  ]);
});

it('names none while there is none, or one that cannot be', () => {
  expect(serversOf(noServers)).toBeNull();
  expect(serversOf(typed({ redis: { url: 'redis://cache' }, postgres: { url: 'mysql://db' } }))).toBeNull();
  expect(serversOf(typed({ influxdb: { url: 'https://metrics', token: 'two words' } }))).toBeNull();
  expect(serversOf(typed({ redis: { url: 'rediss://cache', authority: 'my key' } }))).toBeNull();
});

it('says at the field what is wrong, and repeats nothing of it', () => {
  const problem = (kind: keyof TypedServers, url: string) => addressProblem(kind, { ...noServers[kind], url });
  expect(problem('postgres', '')).toBeNull();
  expect(problem('postgres', 'mysql://me:s3cret@db/shop')).toBe('Begin with postgres:// or postgresql://');
  expect(problem('mongodb', 'mongodb+srv://me:s3cret@db')).toMatch(/set of servers/);
  expect(problem('postgres', 'postgres://me:s3/cret@db/shop')).toMatch(/percent-encoded/);
  expect(problem('redis', 'redis://:s3cret@cache two')).toMatch(/spaces/);
  expect(problem('pulsar', 'https://me:s3cret@broker')).toMatch(/field of its own/);
  expect(problem('postgres', 'postgres://me:s3cret@db/shop?sslrootcert=/ca.pem')).toMatch(/^sslrootcert names a file/);
  expect(problem('postgres', 'postgres://me:s3cret@db/shop?sslmode=verify-full&sslrootcert=system')).toBeNull();
  expect(tokenProblem({ ...noServers.pulsar, token: 'a\nb' })).toMatch(/ASCII/);
  expect(authorityProblem({ ...noServers.redis, authority: 'x' })).toMatch(/^PEM/);
  expect(authorityProblem({ ...noServers.redis, authority: '' })).toBeNull();
});
