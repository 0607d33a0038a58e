import { describe, expect, it } from 'vitest';
import { parseLine as influxdb } from './influxdb/log-line.ts';
import { parseLine as mongodb } from './mongodb/log-line.ts';
import { parseLine as postgres } from './postgres/log-line.ts';
import { parseLine as pulsar } from './pulsar/log-line.ts';
import { parseLine as redis } from './redis/log-line.ts';

const time = (text: string) => Date.parse(text);

/** Lines as the servers wrote them. */
describe('PostgreSQL', () => {
  it('tells the time and the level of a message', () => {
    expect(postgres('2026-01-31 12:00:00.123 UTC [42] LOG:  database system is ready to accept connections')).toEqual({
      time: time('2026-01-31T12:00:00.123Z'),
      level: 'info',
    });
    expect(postgres('2026-01-31 12:00:00.123 UTC [42] FATAL:  password authentication failed for user "x"').level).toBe('error');
    expect(postgres('2026-01-31 12:00:00.123 UTC [42] WARNING:  there is no transaction in progress').level).toBe('warn');
    expect(postgres('2026-01-31 12:00:00.123 UTC [42] DEBUG1:  checkpoint').level).toBe('debug');
  });

  it('leaves what goes on with a message to the message', () => {
    expect(postgres('2026-01-31 12:00:00.123 UTC [42] DETAIL:  Connection matched file')).toEqual({});
    expect(postgres('\tfrom users')).toEqual({});
  });
});

it('Redis: the sign after the time is the level', () => {
  expect(redis('7:M 31 Jan 2026 12:00:00.123 * Ready to accept connections tcp')).toEqual({
    time: time('2026-01-31T12:00:00.123Z'),
    level: 'info',
  });
  expect(redis('7:C 31 Jan 2026 12:00:00.123 # WARNING Memory overcommit must be enabled!').level).toBe('warn');
  expect(redis('7:M 31 Jan 2026 12:00:00.123 . DB 0: 1 keys').level).toBe('debug');
  expect(redis('*** FATAL CONFIG FILE ERROR (Redis 7.0.15) ***')).toEqual({});
});

it('Pulsar: the level follows the thread', () => {
  expect(pulsar('2026-01-31T12:00:00,123+0100 [main] INFO  org.apache.pulsar.PulsarStandalone - started')).toEqual({
    time: time('2026-01-31T11:00:00.123Z'),
    level: 'info',
  });
  expect(pulsar('2026-01-31T12:00:00,123+0000 [bookie-io-8-1] ERROR org.apache.bookkeeper - no').level).toBe('error');
  expect(pulsar('java.io.IOException: No space left on device')).toEqual({});
  expect(pulsar('\tat java.base/java.lang.Thread.run(Thread.java:840)')).toEqual({});
});

it('MongoDB: mongod writes JSON, FerretDB columns', () => {
  expect(mongodb('{"t":{"$date":"2026-01-31T12:00:00.123+00:00"},"s":"W",  "c":"STORAGE",  "id":22120}')).toEqual({
    time: time('2026-01-31T12:00:00.123Z'),
    level: 'warn',
  });
  expect(mongodb('{"t":{"$date":"2026-01-31T12:00:00.123+00:00"},"s":"D2", "c":"QUERY"}').level).toBe('debug');
  expect(mongodb('2026-01-31T12:00:00.123Z\tINFO\tclientconn/listener.go:107\tListening on TCP 127.0.0.1:27017...')).toEqual({
    time: time('2026-01-31T12:00:00.123Z'),
    level: 'info',
  });
  expect(mongodb('2026-01-31T13:00:00.123+0100\tWARN\tclientconn/conn.go:624\tno such command')).toEqual({
    time: time('2026-01-31T12:00:00.123Z'),
    level: 'warn',
  });
  expect(mongodb('  "FlagBits": "[]",')).toEqual({});
});

it('InfluxDB: logfmt', () => {
  expect(influxdb('ts=2026-01-31T12:00:00.123456Z lvl=info msg=Listening log_id=0 service=tcp-listener')).toEqual({
    time: time('2026-01-31T12:00:00.123Z'),
    level: 'info',
  });
  expect(influxdb('ts=2026-01-31T12:00:00.123456Z lvl=error msg="no"').level).toBe('error');
  expect(influxdb('panic: runtime error: index out of range')).toEqual({ level: 'error' });
});
