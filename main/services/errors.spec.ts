import { HttpError } from '@influxdata/influxdb-client';
import { MongoServerError, MongoServerSelectionError } from 'mongodb';
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { classify as influxdb } from './influxdb/errors.ts';
import type { Connection } from './kind.ts';
import { classify as mongodb } from './mongodb/errors.ts';
import { classify as postgres } from './postgres/errors.ts';
import { PulsarHttpError, classify as pulsar } from './pulsar/errors.ts';
import { classify as redis } from './redis/errors.ts';

const secret = 'hunter2-hunter2';
const connectionOf = (kind: Connection['kind']): Connection => ({
  kind,
  host: '127.0.0.1',
  port: 1,
  url: `x://u:${secret}@127.0.0.1`,
  maskedUrl: '',
  environment: {},
  parts: { password: secret, token: secret, database: 'noodle_db', org: 'noodle_org', bucket: 'b' },
});
const classifiers = { postgres, redis, mongodb, influxdb, pulsar };

const pgError = (code: string) => Object.assign(new pg.DatabaseError('refused', 7, 'error'), { code });
const redisError = (message: string) => Object.assign(new Error(message), { command: { name: 'AUTH', args: [secret] } });

describe('what a server refuses', () => {
  it.each([
    ['postgres', pgError('28P01'), 'wrong-password'],
    ['postgres', pgError('28000'), 'wrong-password'],
    ['postgres', pgError('3D000'), 'service-unhealthy'],
    ['postgres', pgError('57P03'), 'service-unreachable'],
    ['postgres', new Error('Connection terminated unexpectedly'), 'service-unreachable'],
    ['postgres', pgError('42601'), undefined],
    ['redis', redisError('WRONGPASS invalid username-password pair or user is disabled.'), 'wrong-password'],
    ['redis', redisError('NOAUTH Authentication required.'), 'wrong-password'],
    ['redis', redisError('ERR AUTH <password> called without any password configured for the default user.'), 'wrong-password'],
    ['redis', redisError('LOADING Redis is loading the dataset in memory'), 'service-unreachable'],
    ['redis', redisError('ERR unknown command'), undefined],
    ['mongodb', new MongoServerError({ message: 'Authentication failed.', code: 18 }), 'wrong-password'],
    ['mongodb', new MongoServerError({ message: 'not primary', code: 10107 }), 'service-unreachable'],
    ['mongodb', new MongoServerError({ message: 'not implemented', code: 238 }), undefined],
    ['influxdb', new HttpError(401, 'Unauthorized', '{}'), 'wrong-password'],
    ['influxdb', new HttpError(503, 'Unavailable', ''), 'service-unreachable'],
    ['influxdb', new HttpError(404, 'Not Found', '{}'), 'service-unhealthy'],
    ['influxdb', new HttpError(400, 'Bad Request', '{}'), undefined],
    ['pulsar', new PulsarHttpError(401, ''), 'wrong-password'],
    ['pulsar', new PulsarHttpError(403, ''), 'wrong-password'],
    ['pulsar', new PulsarHttpError(503, ''), 'service-unreachable'],
    ['pulsar', new PulsarHttpError(404, ''), undefined],
  ] as const)('%s: %s is %s', (kind, error, code) => {
    expect(classifiers[kind](error, connectionOf(kind))?.code).toBe(code);
  });

  it.each(serviceKindNames)('%s: a closed port is a service that cannot be reached', (kind) => {
    const refused = Object.assign(new Error('connect ECONNREFUSED 127.0.0.1:1'), { code: 'ECONNREFUSED' });
    expect(classifiers[kind](new TypeError('fetch failed', { cause: refused }), connectionOf(kind))?.code).toBe('service-unreachable');
  });

  it('MongoDB: so is a server that its driver could not select', () => {
    const error = new MongoServerSelectionError('connect ECONNREFUSED', { servers: new Map() } as never);
    expect(mongodb(error, connectionOf('mongodb'))?.code).toBe('service-unreachable');
  });

  it('is told with what to do, and without the secret', () => {
    const problems = [
      postgres(pgError('28P01'), connectionOf('postgres')),
      redis(redisError('WRONGPASS no'), connectionOf('redis')),
      mongodb(new MongoServerError({ message: 'no', code: 18 }), connectionOf('mongodb')),
      influxdb(new HttpError(401, 'no', '{}'), connectionOf('influxdb')),
      pulsar(new PulsarHttpError(401, 'no'), connectionOf('pulsar')),
    ];
    for (const problem of problems) {
      expect(problem?.problem.todo).toBeTruthy();
      expect(problem?.problem.command).toMatch(/^noodlebox /);
      const all = JSON.stringify([problem?.problem, problem?.message, Object.entries(problem?.cause ?? {})]);
      expect(all).not.toContain(secret);
    }
  });
});
