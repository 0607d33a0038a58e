import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { asArray, asText, RedisLink } from '../../../main/services/redis/link.ts';
import { openSession } from '../../../main/services/redis/session.ts';
import { hostile } from '../services/hostile.ts';
import { hostileNames, redisBed } from './redis-bed.ts';

const bed = redisBed();
const signal = new AbortController().signal;
const names = hostileNames(hostile);

/** Waits until something is so. */
async function until<T>(look: () => Promise<T | undefined | false> | T | undefined | false): Promise<T> {
  for (;;) {
    const seen = await look();
    if (seen) return seen;
    await sleep(20);
  }
}

const notifySetting = async (link: RedisLink) => asText(asArray(await link.call('CONFIG', 'GET', 'notify-keyspace-events'))[1]);

describe('live changes', () => {
  it('are told while they are watched, and the setting is put back afterwards', async (test) => {
    const { session, link, run } = bed(test);
    await run(['CONFIG', 'SET', 'notify-keyspace-events', 'Ex']);
    const before = await notifySetting(link);
    const ended = new AbortController();
    const seen: string[] = [];
    let setting: unknown;
    const watching = (async () => {
      for await (const batch of session.changes('w:*', ended.signal)) {
        setting = batch.setting;
        seen.push(...batch.changes.map(({ event, key }) => `${event} ${key}`));
      }
    })();
    await until(() => setting !== undefined);
    expect(await notifySetting(link)).toContain('K');
    await run(
      ['SET', 'w:1', 'x'],
      ['SET', 'other', 'x'],
      ['EXPIRE', 'w:1', 100],
      ['SADD', Buffer.from('w:\n\xff', 'latin1'), 'm'],
      ['DEL', 'w:1'],
    );
    await until(() => seen.length >= 4);
    expect(seen).toEqual(['set w:1', 'expire w:1', 'sadd w:\\n\\xff', 'del w:1']);
    ended.abort();
    await watching;
    expect(await notifySetting(link)).toBe(before);
    await run(['CONFIG', 'SET', 'notify-keyspace-events', '']);
  });

  it('put the setting back only when nobody watches any more, and at the next opening after a crash', async (test) => {
    const { connection, session, link, run } = bed(test);
    const watch = async (ended: AbortController) => {
      const changes = session.changes('', ended.signal)[Symbol.asyncIterator]();
      await changes.next();
      return async () => {
        ended.abort();
        await changes.next();
      };
    };
    const first = await watch(new AbortController());
    const second = await watch(new AbortController());
    await first();
    expect(await notifySetting(link)).not.toBe('');
    await second();
    expect(await notifySetting(link)).toBe('');
    // As a watcher that was killed leaves it.
    await run(['SET', 'noodlebox:notify', 'Ex'], ['CONFIG', 'SET', 'notify-keyspace-events', 'KA']);
    const opened = await openSession(connection, { spool: () => Promise.reject(new Error('nothing is spooled')) });
    await opened.facts();
    await until(async () => (await notifySetting(link)) === 'xE' && (await link.call('EXISTS', 'noodlebox:notify')) === '0');
    await opened.close();
    await run(['CONFIG', 'SET', 'notify-keyspace-events', '']);
  });
});

describe('the profiler', () => {
  it('shows what clients run, without our own commands, and counts what passes the filter', async (test) => {
    const { session, link } = bed(test);
    const client = new RedisLink(link.connection, { name: 'an application' });
    const ended = new AbortController();
    const lines: string[] = [];
    let seen = 0;
    let begun = false;
    const watching = (async () => {
      for await (const batch of session.profile({ filter: 'needle', own: false }, ended.signal)) {
        begun = true;
        seen = batch.seen;
        lines.push(...batch.lines.map(({ command, text }) => `${command}|${text}`));
      }
    })();
    await client.call('PING');
    await until(async () => {
      await client.call('PING');
      return begun && seen > 0;
    });
    await session.head('needle-of-our-own');
    await client.call('SET', 'needle', 'a "b"\n');
    await until(() => lines.length > 0);
    expect(lines[0]).toMatch(/^SET\|SET needle /);
    expect(lines.some((line) => line.includes('needle-of-our-own'))).toBe(false);
    ended.abort();
    await watching;
    client.close();
    await until(async () => !(await session.clients()).some(({ name }) => name === 'noodlebox-profiler'));
  });
});

it('lists slow commands and clients, and ends one that is asked to go', async (test) => {
  const { session, link, run } = bed(test);
  await run(
    ['CONFIG', 'SET', 'slowlog-log-slower-than', 0],
    ['SET', 'slow key', 'x'],
    ['CONFIG', 'SET', 'slowlog-log-slower-than', 10_000],
  );
  const log = await session.slowLog();
  expect(log.entries.map(({ text }) => text)).toContain('SET "slow key" x');
  expect(log.threshold).toBe(10_000);
  await session.resetSlowLog();
  expect((await session.slowLog()).entries.map(({ text }) => text)).not.toContain('SET "slow key" x');

  const client = new RedisLink(link.connection, { name: 'to-be-ended' });
  await client.call('PING');
  const found = (await session.clients()).find(({ name }) => name === 'to-be-ended')!;
  expect(found).toMatchObject({ own: false, user: 'default', database: '0' });
  await session.killClient(found.id);
  expect((await session.clients()).some(({ id }) => id === found.id)).toBe(false);
  await expect(session.killClient(found.id)).rejects.toMatchObject({ code: 'not-found' });
  client.close();
});

describe('the console', () => {
  it('runs lines as redis-cli does, and remembers a transaction from one to the next', async (test) => {
    const { session } = bed(test);
    const run = async (line: string) => (await session.run(line, false, signal)).text;
    expect(await run('SET "a key" \'two words\'')).toBe('OK');
    expect(await run('GET "a key"')).toBe('"two words"');
    expect(await run('MULTI')).toBe('OK');
    expect(await run('INCR n')).toBe('QUEUED');
    expect(await run('EXEC')).toBe('1) (integer) 1');
    expect(await session.run('INCR "a key"', false, signal)).toMatchObject({
      failed: true,
      text: '(error) value is not an integer or out of range',
    });
    expect(await session.run('NOSUCH', false, signal)).toMatchObject({ failed: true, text: expect.stringContaining('no command NOSUCH') });
    expect((await session.run('FLUSHALL', true, signal)).text).toMatch(/no command FLUSHALL/);
    await expect(session.run('GET "open', false, signal)).rejects.toMatchObject({ problem: { at: { offset: 4, length: 5 } } });
    await expect(session.run('  ', false, signal)).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('asks about what is dangerous, and refuses what would take the connection over', async (test) => {
    const { session } = bed(test);
    for (const line of ['flushall', 'KEYS *', 'config set maxmemory 1', 'SHUTDOWN', 'DEBUG SLEEP 0', 'script flush']) {
      await expect(session.run(line, false, signal), line).rejects.toMatchObject({ code: 'confirmation-needed' });
      expect((await session.guard(line)).danger, line).not.toBeNull();
    }
    await expect(session.run('MONITOR', true, signal)).rejects.toMatchObject({ code: 'not-supported-by-server' });
    expect((await session.run('KEYS nothing*', true, signal)).text).toBe('(empty array)');
  });

  it('ends a command that blocks when it is cancelled, on the server too', async (test) => {
    const { session } = bed(test);
    const ended = new AbortController();
    const blocked = session.run('BLPOP nothing 0', false, ended.signal);
    blocked.catch(() => {});
    await until(async () => (await session.clients()).some(({ command }) => command === 'blpop'));
    ended.abort();
    await expect(blocked).rejects.toMatchObject({ name: 'AbortError' });
    await until(async () => !(await session.clients()).some(({ command }) => command === 'blpop'));
    expect((await session.run('PING', false, signal)).text).toBe('PONG');
  });

  it('has help for every command', async (test) => {
    const commands = await bed(test).session.commands();
    const named = new Map(commands.map((each) => [each.name, each]));
    expect(named.get('GET')).toMatchObject({ usage: 'GET key', group: 'string', danger: null });
    expect(named.get('SET')!.usage).toContain('[EX seconds');
    expect(named.get('CONFIG SET')!.danger).not.toBeNull();
    expect(named.has('FLUSHALL')).toBe(false);
  });
});

it('tells what this server can do, as it says itself', async (test) => {
  const { session, link, run } = bed(test);
  expect(await session.facts()).toMatchObject({
    product: 'Redis',
    user: 'default',
    policy: 'allkeys-lru',
    json: false,
    missing: ['FLUSHDB', 'FLUSHALL'],
  });
  await run([
    'ACL',
    'SETUSER',
    'reader',
    'on',
    '>secret',
    '~*',
    '+@read',
    '+info',
    '+acl|whoami',
    '+acl|dryrun',
    '+command',
    '+select',
    '+ping',
    '+client|setname',
  ]);
  const { parts, ...rest } = link.connection;
  const reader = await openSession(
    { ...rest, parts: { ...parts, user: 'reader', password: 'secret' } },
    { spool: () => Promise.reject(new Error('no')) },
  );
  const facts = await reader.facts();
  expect(facts.user).toBe('reader');
  expect(facts.missing).toEqual(expect.arrayContaining(['CONFIG', 'MONITOR', 'UNLINK', 'FLUSHALL']));
  await expect(reader.slowLog()).rejects.toMatchObject({ code: 'not-supported-by-server' });
  await reader.close();
  await run(['ACL', 'DELUSER', 'reader']);
});

it('samples INFO for charts from the first call on', async (test) => {
  const { session, run } = bed(test);
  const [first] = await session.samples(0);
  expect(first!.memory).toBeGreaterThan(0);
  await run(['SET', 'k', 1], ['GET', 'k'], ['GET', 'nope']);
  // One may have been taken before the commands came.
  const later = await until(async () => (await session.samples(first!.time)).find(({ hitRate }) => hitRate !== null));
  expect(later.hitRate).toBe(0.5);
  expect(later.commands).toBeGreaterThan(0);
});

describe('an id', () => {
  it('is found as a key, in a key, in a value and in a hash', async (test) => {
    const { session, run } = bed(test);
    const id = '11111111-2222-4333-8444-555555555555';
    const job = { job_id: 'x', project_id: id, created_at: '2026-01-02T03:04:05.000Z' };
    await run(
      ['SET', `session:${id}`, '{"user_id":"x"}'],
      ['SADD', `members:${id}:all`, 1],
      ['SET', 'compilation:x', JSON.stringify(job)],
      ['HSET', 'profile', 'owner', id, 'n', 1],
      ['SET', 'unrelated', 'y'],
    );
    const { findings, cut } = await session.trace(id, signal);
    expect(cut).toBe(false);
    expect(findings.map(({ name, relation, time, search }) => [name, relation, time, search])).toEqual([
      [`session:${id}`, 'its own id', null, { key: `session:${id}` }],
      [`members:${id}:all`, 'in the key', null, { key: `members:${id}:all` }],
      ['compilation:x', 'as project_id', Date.parse('2026-01-02T03:04:05.000Z'), { key: 'compilation:x' }],
      ['profile', 'as owner', null, { key: 'profile' }],
    ]);
  });

  it('may be any text, and a pattern in it is none', async (test) => {
    const { session, link } = bed(test);
    for (const name of names.filter((each) => each.length > 1)) {
      const text = name.toString('utf8');
      await link.call('SET', Buffer.from(`k:${text}`), 'v');
      await link.call('SET', 'k:other', 'v');
      const { findings } = await session.trace(text, signal);
      expect(findings.map(({ name: found }) => found).includes('k:other'), text).toBe(false);
      expect(findings.length, text).toBeGreaterThan(0);
    }
  });
});

it('names prefixes and keys that contain a text, whatever its case', async (test) => {
  const { session, run } = bed(test);
  await run(['SET', 'Session:1', 'x'], ['SET', 'session:2', 'x'], ['SET', 'mysessions', 'x'], ['SET', 'other', 'x']);
  expect((await session.names('SESS', signal)).map(({ what, name, search }) => [what, name, search])).toEqual(
    expect.arrayContaining([['key prefix', 'Session:*', { text: 'Session:*' }], ['key', 'mysessions', { key: 'mysessions' }]]), // biome-ignore format: a name each
  );
  expect(await session.names('*', signal)).toEqual([]);
});

it('says that the server is away at once, and goes on when it is back', async (test) => {
  const { session, link, run } = bed(test);
  await run(['SET', 'k', 1]);
  await session.head('k');
  const lost = { ...link.connection, port: 1 };
  const away = await openSession(lost, { spool: () => Promise.reject(new Error('no')) });
  for (let round = 0; round < 3; round++) await expect(away.head('k')).rejects.toMatchObject({ code: 'service-unreachable' });
  const browser = away.browse({ pattern: '', type: null, delimiter: ':', open: [] });
  await browser.run();
  expect(browser.state()).toMatchObject({ state: 'stopped', problem: { code: 'service-unreachable' } });
  await away.close();
  // Every connection of ours is cut: the next call opens a new one.
  await link.call('CLIENT', 'KILL', 'TYPE', 'normal', 'SKIPME', 'yes');
  await until(() => session.head('k').catch(() => undefined));
  expect((await session.head('k')).type).toBe('string');
});
