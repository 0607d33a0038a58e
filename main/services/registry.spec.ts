import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { serviceSpec } from '../../test/support/specs.ts';
import { kindOf, serviceKinds } from './registry.ts';

const hostile = [`p@ss:w/r?d#%&=+ "'\\`, '*** :// ${HOME} $(id)', 'ünïcödé ✓', '%00%41', "!'()*"];

const passwordVariables = {
  postgres: { POSTGRES_USER: 'noodle_user', POSTGRES_DB: 'noodle_db' },
  redis: {},
  mongodb: { MONGO_INITDB_ROOT_USERNAME: 'noodle_user', MONGO_INITDB_DATABASE: 'noodle_db' },
} as const;
const passwordVariable = { postgres: 'POSTGRES_PASSWORD', redis: 'REDIS_PASSWORD', mongodb: 'MONGO_INITDB_ROOT_PASSWORD' } as const;

const at = (host: string, ...ports: readonly (readonly [number, number])[]) => ({ host, ports: new Map(ports) });

describe('connection strings', () => {
  for (const kind of ['postgres', 'redis', 'mongodb'] as const) {
    const connect = (password: string, host = '127.0.0.1') =>
      kindOf(kind).connection(
        serviceSpec(kind, { environment: { ...passwordVariables[kind], [passwordVariable[kind]]: password } }),
        at(host, [kindOf(kind).port, 15_000]),
      );

    it.each(hostile)(`of ${kind} carry the password %j whole`, (password) => {
      const url = new URL(connect(password).url);
      expect(decodeURIComponent(url.password)).toBe(password);
      expect([url.hostname, url.port]).toEqual(['127.0.0.1', '15000']);
      expect(connect(password).url).not.toMatch(/[\s"'`$()!*\\]/);
    });

    it.each(hostile)(`of ${kind} hide the password %j when masked`, (password) => {
      const { maskedUrl } = connect(password);
      expect(maskedUrl).toContain(':***@127.0.0.1:15000/');
      expect(maskedUrl).not.toContain(encodeURIComponent(password));
    });

    it(`of ${kind} put an IPv6 host in brackets`, () => {
      expect(connect('x', '::1').url).toContain('@[::1]:15000/');
    });

    it(`of ${kind} name the port that is not published`, () => {
      expect(() => kindOf(kind).connection(serviceSpec(kind), at('127.0.0.1'))).toThrowError(
        `${kind} publishes no port for ${kindOf(kind).port}`,
      );
    });
  }

  it('of MongoDB go to the one member, and authenticate against admin', () => {
    const spec = serviceSpec('mongodb', {
      environment: { MONGO_INITDB_ROOT_USERNAME: 'u', MONGO_INITDB_ROOT_PASSWORD: 'p', MONGO_INITDB_DATABASE: 'd' },
    });
    expect(serviceKinds.mongodb.connection(spec, at('127.0.0.1', [27017, 27018])).environment.MONGODB_URL).toBe(
      'mongodb://u:p@127.0.0.1:27018/d?directConnection=true&authSource=admin',
    );
  });

  it('of PostgreSQL take the defaults of its image', () => {
    const { url } = serviceKinds.postgres.connection(
      serviceSpec('postgres', { environment: { POSTGRES_PASSWORD: 'p' } }),
      at('h', [5432, 1]),
    );
    expect(url).toBe('postgresql://postgres:p@h:1/postgres');
  });

  it('of Pulsar and InfluxDB hold no token', () => {
    const pulsar = serviceKinds.pulsar.connection(
      serviceSpec('pulsar', { environment: { NOODLEBOX_PULSAR_TOKEN: 'secret-token' } }),
      at('127.0.0.1', [6650, 16650], [8080, 18080]),
    );
    expect(pulsar.environment).toEqual({
      PULSAR_SERVICE_URL: 'pulsar://127.0.0.1:16650',
      PULSAR_ADMIN_URL: 'http://127.0.0.1:18080',
      PULSAR_WS_URL: 'ws://127.0.0.1:18080/ws/v2',
      PULSAR_TOKEN: 'secret-token',
    });
    const influx = serviceKinds.influxdb.connection(
      serviceSpec('influxdb', { environment: { DOCKER_INFLUXDB_INIT_ADMIN_TOKEN: 'secret-token' } }),
      at('127.0.0.1', [8086, 1]),
    );
    for (const { url, maskedUrl } of [pulsar, influx]) expect(url + maskedUrl).not.toContain('secret-token');
  });
});

describe('secrets', () => {
  const made = (name: (typeof serviceKindNames)[number]) => {
    const secrets: Record<string, string> = {};
    for (const rule of kindOf(name).secrets) secrets[rule.variable] = rule.make(secrets);
    return secrets;
  };

  it.each(serviceKindNames)('of %s are long, different every time, and need no escaping', (name) => {
    const [first, second] = [made(name), made(name)];
    for (const [variable, value] of Object.entries(first)) {
      expect(value.length).toBeGreaterThanOrEqual(32);
      expect(value).toMatch(/^[\w.+/=-]+$/);
      expect(value).not.toBe(second[variable]);
    }
  });

  it('of MongoDB fit a key file, which takes 6 to 1,024 characters of base64', () => {
    expect(made('mongodb').NOODLEBOX_MONGO_KEY).toMatch(/^[A-Za-z0-9+/]{6,1024}$/);
  });

  it('of Pulsar are a key and a token that it signed, for the audience of the broker, without an end', () => {
    const secrets = made('pulsar');
    const key = Buffer.from(secrets.NOODLEBOX_PULSAR_SECRET_KEY!, 'base64');
    const [header, claims, signature] = secrets.NOODLEBOX_PULSAR_TOKEN!.split('.') as [string, string, string];
    const decode = (part: string) => JSON.parse(Buffer.from(part, 'base64url').toString());
    expect(key).toHaveLength(32);
    expect(decode(header)).toEqual({ alg: 'HS256', typ: 'JWT' });
    expect(decode(claims)).toEqual({ sub: 'noodle-admin', aud: 'noodle-service' });
    expect(signature).toBe(createHmac('sha256', key).update(`${header}.${claims}`).digest('base64url'));
  });
});

describe('the version of a data folder', () => {
  const rule = serviceKinds.postgres.dataVersion!;

  it('is what PostgreSQL wrote into it', () => {
    expect(rule.read('17\n')).toBe('17');
    expect(rule.read('')).toBeUndefined();
  });

  it.each([
    ['postgres:17.6', '17'],
    ['postgres:17-bookworm', '17'],
    ['registry.example:5000/team/postgres:16.2@sha256:abc', '16'],
    ['noodlebox-lab/postgres:17', '17'],
    ['17.10.0', '17'],
    ['postgres:latest', undefined],
    ['registry.example:5000/postgres', undefined],
    ['postgres', undefined],
  ])('that %s can open is %s', (image, version) => {
    expect(rule.wants(image)).toBe(version);
  });
});
