import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { escapedGlob, nameOf } from '../../../main/services/redis/bytes.ts';
import type { BrowseOptions, KeyBrowser } from '../../../main/services/redis/keys/browser.ts';
import type { RedisSession } from '../../../main/services/redis/session.ts';
import { ElementFilter, KeyEdit, type KeyEditInput, type RedisSelection } from '../../../preload/contract/cache-models.ts';
import { hostile } from '../services/hostile.ts';
import { all, hostileNames, redisBed } from './redis-bed.ts';

const bed = redisBed();
const signal = new AbortController().signal;
const noProgress = () => {};
const filter = (some: Partial<ElementFilter> = {}) => ElementFilter.parse(some);
const names = hostileNames(hostile);

async function scanned(session: RedisSession, options: Partial<BrowseOptions> = {}): Promise<KeyBrowser> {
  const browser = session.browse({ pattern: '', type: null, delimiter: ':', open: [], ...options });
  await browser.run();
  return browser;
}

/** What a browser shows, a line a row. */
async function shown(browser: KeyBrowser): Promise<string[]> {
  const { rows } = await browser.rows(0, 500);
  return rows.map(({ kind, depth, label, keys, type }) => `${'  '.repeat(depth)}${label}${kind === 'folder' ? `/ ${keys}` : ` (${type})`}`);
}

describe('browsing keys', () => {
  it('shows a tree of folders with counts, types and times to live, and opens one folder at a time', async (test) => {
    const { session, run } = bed(test);
    await run(['SET', 'user:1:name', 'x'], ['HSET', 'user:1:all', 'f', 'v'], ['SET', 'user:2:name', 'x'], ['SET', 'alone', 'x', 'EX', 100]);
    const browser = await scanned(session);
    expect(browser.state()).toMatchObject({ state: 'done', scanned: 4, total: 4, matched: 4, rows: 2, problem: null });
    expect(await shown(browser)).toEqual(['user/ 3', 'alone (string)']);
    await browser.toggle('user:', true);
    await browser.toggle('user:1:', true);
    expect(await shown(browser)).toEqual(['user/ 3', '  1/ 2', '    all (hash)', '    name (string)', '  2/ 1', 'alone (string)']);
    const { rows } = await browser.rows(5, 1);
    expect(rows[0]!.ttl).toBeGreaterThan(50_000);
    await browser.toggle('user:', false);
    expect(browser.state().rows).toBe(2);
  });

  it('narrows by pattern and type on the server', async (test) => {
    const { session, run } = bed(test);
    await run(['SET', 'a:1', 'x'], ['SADD', 'a:2', 'x'], ['SET', 'b:1', 'x'], ['SET', 'x*y', '1']);
    expect(await shown(await scanned(session, { pattern: 'a:*', delimiter: '' }))).toEqual(['a:1 (string)', 'a:2 (set)']);
    expect(await shown(await scanned(session, { type: 'set', delimiter: '' }))).toEqual(['a:2 (set)']);
    expect(await shown(await scanned(session, { pattern: ':1', delimiter: '' }))).toEqual(['a:1 (string)', 'b:1 (string)']);
  });

  it('shows every name byte for byte, and finds each by itself alone', async (test) => {
    const { session, link } = bed(test);
    for (const name of names) await link.call('SET', name, 'v');
    const browser = await scanned(session, { delimiter: '' });
    expect(browser.state()).toMatchObject({ problem: null, matched: names.length });
    const { rows } = await browser.rows(0, 500);
    expect(new Set(rows.map(({ key }) => key))).toEqual(new Set(names.map(nameOf)));
    for (const { key } of rows) expect((await session.head(key)).type).toBe('string');
    for (const name of names) {
      const found = await all(session.scan({ by: 'prefix', prefix: nameOf(name), type: null }, signal));
      expect(found.flat().every((key) => key.subarray(0, name.length).equals(name))).toBe(true);
      expect(found.flat().some((key) => key.equals(name))).toBe(true);
      expect(escapedGlob(name).length).toBeGreaterThanOrEqual(name.length);
    }
  });

  it('stops, goes on from there, and fills a folder that is opened meanwhile', async (test) => {
    const { session, link } = bed(test);
    await link.call('EVAL', "for i = 1, 30000 do redis.call('SET', 'k' .. i % 3 .. ':' .. i, 'x') end", 0);
    const browser = session.browse({ pattern: '', type: null, delimiter: ':', open: [] });
    const states: string[] = [];
    const ended = new AbortController();
    for await (const state of browser.progress(ended.signal)) {
      states.push(state.state);
      if (states.length === 1) {
        browser.stop();
      } else if (state.state === 'stopped') break;
    }
    expect(browser.state().matched).toBeLessThanOrEqual(30_000);
    const again = session.browse({ pattern: '', type: null, delimiter: ':', open: [] });
    const running = again.run();
    again.stop();
    await running;
    expect(again.state()).toMatchObject({ state: 'stopped', problem: null });
    await again.run();
    expect(again.state()).toMatchObject({ state: 'done', matched: 30_000 });
    await again.toggle('k1:', true);
    expect(again.state().rows).toBe(3 + 10_000);
    const { rows } = await again.rows(1 + 9_000, 3);
    expect(rows.every(({ key, depth }) => key.startsWith('k1:') && depth === 1)).toBe(true);
  });

  it('opens the folders that were open when it was looked at last', async (test) => {
    const { session, run } = bed(test);
    await run(['SET', 'a:b:1', 'x'], ['SET', 'a:2', 'x']);
    expect(await shown(await scanned(session, { open: ['a:b:', 'a:', 'gone:'] }))).toEqual([
      'a/ 2',
      '  b/ 1',
      '    1 (string)',
      '  2 (string)',
    ]);
  });
});

describe('reading values', () => {
  it('tells what a key is before its value is read', async (test) => {
    const { session, run } = bed(test);
    await run(['SET', 's', 'hello', 'PX', 500_000], ['PFADD', 'h', 'a', 'b', 'c'], ['RPUSH', 'l', 1, 2]);
    expect(await session.head('s')).toMatchObject({ type: 'string', length: 5, encoding: 'embstr', cardinality: null });
    expect((await session.head('s')).memory).toBeGreaterThan(0);
    expect((await session.head('s')).ttl).toBeGreaterThan(400_000);
    expect(await session.head('h')).toMatchObject({ type: 'string', cardinality: 3 });
    expect(await session.head('l')).toMatchObject({ type: 'list', length: 2, ttl: null });
    expect(await session.head('none')).toMatchObject({ type: 'none', length: null, memory: null });
  });

  it('pages through every type, with binary values as they are', async (test) => {
    const { session, link } = bed(test);
    const junk = Buffer.from([0, 255, 10]);
    for (let at = 0; at < 1_500; at++) await Promise.all([link.call('HSET', 'h', `f${at}`, junk), link.call('SADD', 's', `m${at}`), link.call('ZADD', 'z', at / 4, `m${at}`), link.call('RPUSH', 'l', `v${at}`), link.call('XADD', 'x', `${at + 1}-0`, 'f', `v${at}`)]); // biome-ignore format: five types at once
    for (const key of ['h', 's', 'z', 'l', 'x']) {
      const rows = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await session.elements(key, cursor, 200, filter());
        expect(page.total).toBe(1_500);
        rows.push(...page.rows);
        cursor = page.next;
      }
      expect(new Set(rows.map(({ name }) => name)).size, key).toBe(1_500);
    }
    expect((await session.elements('h', '', 10, filter({ match: 'f1499' }))).rows).toEqual([
      { name: 'f1499', long: false, value: { data: 'AP8K', binary: true, bytes: 3, cut: false }, score: null, fields: null },
    ]);
    const byScore = await session.elements('z', '', 3, filter({ min: '(10', max: '11', descending: true }));
    expect(byScore.rows.map(({ name, score }) => `${name}=${score}`)).toEqual(['m44=11', 'm43=10.75', 'm42=10.5']);
    const newest = await session.elements('x', '', 2, filter({ descending: true }));
    expect(newest.rows.map(({ name, fields }) => `${name} ${fields![0]!.value.data}`)).toEqual(['1500-0 v1499', '1499-0 v1498']);
    expect((await session.elements('x', newest.next!, 1, filter({ descending: true }))).rows[0]!.name).toBe('1498-0');
  });

  it('keeps hostile fields, members and values apart', async (test) => {
    const { session, link } = bed(test);
    for (const name of names)
      await Promise.all([link.call('HSET', 'h', name, name), link.call('SADD', 's', name), link.call('ZADD', 'z', 1, name)]);
    for (const key of ['h', 's', 'z']) {
      const { rows } = await session.elements(key, '', 500, filter());
      expect(new Set(rows.map((row) => row.name)), key).toEqual(new Set(names.map(nameOf)));
    }
    for (const name of names) {
      const value = await session.value('h', { in: 'hash', field: nameOf(name) }, 0, 1_000);
      expect(Buffer.from(value.data, value.binary ? 'base64' : 'utf8').equals(name)).toBe(true);
    }
  });

  it('writes all elements to a file, values whole', async (test) => {
    const { session, link } = bed(test);
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-redis-'));
    const path = join(folder, 'elements.jsonl');
    try {
      const long = 'x'.repeat(5_000);
      await link.call('HSET', 'h', 'long', long, 'bin\n', Buffer.from([255]));
      await link.call('XADD', 'x', '1-0', 'f', 'a', 'f', 'b');
      const lines = async () => (await readFile(path, 'utf8')).trim().split('\n').map((line) => JSON.parse(line)); // biome-ignore format: one line
      expect(await session.exportElements('h', filter(), path, noProgress, signal)).toBe(2);
      expect(await lines()).toEqual(
        expect.arrayContaining([
          { name: 'long', value: long },
          { name: 'bin\\n', value: { base64: '/w==' } },
        ]),
      );
      await session.exportElements('x', filter(), path, noProgress, signal);
      expect(await lines()).toEqual([{ id: '1-0', fields: [['f', 'a'], ['f', 'b']] }]); // biome-ignore format: one line
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('reads a part of 50 MB, and all of it into a file and back', async (test) => {
    const { session, link } = bed(test);
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-redis-'));
    try {
      await link.call('SETRANGE', 'big', 50 * 2 ** 20 - 3, 'end');
      await link.call('PEXPIRE', 'big', 600_000);
      expect((await session.head('big')).length).toBe(50 * 2 ** 20);
      const part = await session.value('big', { in: 'string' }, 50 * 2 ** 20 - 4, 10);
      expect(part).toMatchObject({ data: Buffer.from('\0end').toString('base64'), binary: true, bytes: 4, cut: false });
      expect(await session.value('big', { in: 'string' }, 0, 100)).toMatchObject({ bytes: 50 * 2 ** 20, cut: true });
      await expect(session.decode('big', { in: 'string' }, [])).rejects.toMatchObject({ code: 'too-large' });
      const path = join(folder, 'value');
      await session.saveValue('big', path, noProgress, signal);
      const bytes = await readFile(path);
      expect(bytes.length).toBe(50 * 2 ** 20);
      bytes.write('begin');
      await writeFile(path, bytes);
      await session.loadValue('big', path, noProgress, signal);
      expect((await session.value('big', { in: 'string' }, 0, 5)).data).toBe('begin');
      expect((await session.head('big')).ttl).toBeGreaterThan(0);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('decodes what is in a field, and is not blown up by it', async (test) => {
    const { session, link } = bed(test);
    await link.call('HSET', 'h', 'f', gzipSync('{"a":1}'), 'bomb', gzipSync(Buffer.alloc(40 * 2 ** 20)));
    const place = (field: string) => ({ in: 'hash', field }) as const;
    expect((await session.decode('h', place('f'), [])).suggested).toEqual(['gzip', 'json']);
    expect(await session.decode('h', place('f'), ['gzip', 'json'])).toMatchObject({ kind: 'json', text: '{"a":1}' });
    await expect(session.decode('h', place('bomb'), ['gzip'])).rejects.toMatchObject({ code: 'too-large' });
    await expect(session.decode('h', place('nope'), [])).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('editing values', () => {
  const apply = (session: RedisSession, key: string, edit: KeyEditInput, create = false) => session.apply(key, KeyEdit.parse(edit), create);

  it('changes every type, as the preview said', async (test) => {
    const { session, link } = bed(test);
    const value = { data: 'v' };
    await apply(session, 's', { kind: 'string-set', value }, true);
    await apply(session, 's', { kind: 'expire', ttl: 900_000 });
    await apply(session, 's', { kind: 'string-set', value: { data: 'w' } });
    expect((await session.head('s')).ttl).toBeGreaterThan(800_000);
    expect(await link.text('GET', 's')).toBe('w');
    await apply(session, 'h', { kind: 'hash-put', field: 'f', value, isNew: true }, true);
    await apply(session, 'h', { kind: 'hash-put', field: 'g\\n', value });
    await apply(session, 'h', { kind: 'hash-remove', fields: ['f'] });
    expect(await link.text('HGET', 'h', 'g\n')).toBe('v');
    for (const data of ['a', 'b', 'b', 'c']) await apply(session, 'l', { kind: 'list-push', end: 'tail', value: { data } }, data === 'a');
    await apply(session, 'l', { kind: 'list-remove', index: 2, was: { data: 'b', binary: false, bytes: 1, cut: false } });
    await apply(session, 'l', { kind: 'list-put', index: 0, value: { data: 'A' } });
    expect(String(await link.call('LRANGE', 'l', 0, -1))).toBe('A,b,c');
    await apply(session, 'z', { kind: 'zset-put', member: { data: 'm' }, score: '1.5' }, true);
    await apply(session, 'z', { kind: 'zset-put', member: { data: 'm' }, score: '-inf', wasScore: '1.5' });
    expect(await link.text('ZSCORE', 'z', 'm')).toBe('-inf');
    await apply(session, 'x', { kind: 'stream-add', fields: [{ name: value, value }] }, true);
    await apply(session, 'x', { kind: 'group-create', group: 'g', from: '0' });
    await link.call('XREADGROUP', 'GROUP', 'g', 'c', 'STREAMS', 'x', '>');
    const [group] = await session.groups('x');
    expect(group).toMatchObject({ name: 'g', pending: 1, consumers: [{ name: 'c', pending: 1 }] });
    await apply(session, 'x', { kind: 'group-ack', group: 'g', ids: [group!.waiting[0]!.id] });
    expect((await session.groups('x'))[0]!.pending).toBe(0);
    await apply(session, 'n', { kind: 'string-set', value: { data: '9007199254740993' } }, true);
    await apply(session, 'n', { kind: 'string-add', by: '-1' });
    expect(await link.text('GET', 'n')).toBe('9007199254740992');
    expect((await apply(session, 'n', { kind: 'rename', to: 'm\\xff' })).key).toBe('m\\xff');
    expect((await apply(session, 'm\\xff', { kind: 'delete' })).type).toBe('none');
  });

  it('changes nothing when somebody else was quicker', async (test) => {
    const { session, link, run } = bed(test);
    await run(['SET', 's', 'theirs'], ['HSET', 'h', 'f', 'theirs'], ['RPUSH', 'l', 'theirs'], ['ZADD', 'z', 2, 'm'], ['SET', 't', 'x']);
    const was = { data: 'mine', binary: false, bytes: 4, cut: false };
    const value = { data: 'new' };
    for (const [key, edit] of [
      ['s', { kind: 'string-set', value, was }],
      ['h', { kind: 'hash-put', field: 'f', value, was }],
      ['h', { kind: 'hash-put', field: 'f', value, isNew: true }],
      ['l', { kind: 'list-put', index: 0, value, was }],
      ['l', { kind: 'list-remove', index: 0, was }],
      ['z', { kind: 'zset-put', member: { data: 'm' }, score: '3', wasScore: '1' }],
      ['s', { kind: 'rename', to: 't' }],
    ] satisfies [string, KeyEditInput][]) {
      await expect(apply(session, key, edit), JSON.stringify(edit)).rejects.toMatchObject({ code: 'conflict' });
    }
    await expect(apply(session, 's', { kind: 'string-set', value }, true)).rejects.toMatchObject({ code: 'conflict' });
    await expect(apply(session, 'gone', { kind: 'string-set', value })).rejects.toMatchObject({ code: 'not-found' });
    expect(await link.text('GET', 's')).toBe('theirs');
    expect(await link.text('HGET', 'h', 'f')).toBe('theirs');
    expect(String(await link.call('LRANGE', 'l', 0, -1))).toBe('theirs');
    await expect(apply(session, 's', { kind: 'hash-put', field: 'f', value })).rejects.toMatchObject({ code: 'query-failed' });
  });

  it('takes hostile text for what it is in every field that reaches the server', async (test) => {
    const { session, link } = bed(test);
    for (const name of names) {
      const key = nameOf(name);
      const value = name.equals(Buffer.from(name.toString())) ? { data: name.toString() } : { data: name.toString('base64'), binary: true };
      await apply(session, key, { kind: 'hash-put', field: key, value, isNew: true }, true);
      expect((await link.call('HGET', name, name)) as Buffer).toEqual(name);
      await apply(session, key, { kind: 'delete' });
    }
    expect(String(await link.call('DBSIZE'))).toBe('0');
  });
});

describe('many keys at once', () => {
  const selection = (pattern: string): RedisSelection => ({ by: 'pattern', pattern, type: null });

  it('are counted with a sample, then deleted, and nothing else is', async (test) => {
    const { session, link } = bed(test);
    await link.call(
      'EVAL',
      "for i = 1, 2500 do redis.call('SET', 'old:' .. i, 'x') redis.call('SET', 'new:' .. i, 'x') end redis.call('SET', 'noodlebox:x', 1)",
      0,
    );
    const browser = await scanned(session);
    const count = (await all(session.count(selection('old:*'), signal))).at(-1)!;
    expect(count).toMatchObject({ done: true, keys: 2_500, own: 0, total: 5_001 });
    expect(count.sample[0]).toMatch(/^old:/);
    expect((await all(session.count(selection(''), signal))).at(-1)).toMatchObject({ keys: 5_001, own: 1 });
    const told: string[] = [];
    expect(await session.deleteKeys(selection('old:*'), (now, total, label) => told.push(`${now}/${total} ${label}`), signal)).toBe(2_500);
    expect(told.at(-1)).toBe('2500/2500 keys deleted');
    expect(String(await link.call('DBSIZE'))).toBe('2501');
    expect(await shown(browser)).toEqual(['new/ 2500', 'noodlebox/ 1']);
  });

  it('are given another time to live', async (test) => {
    const { session, link, run } = bed(test);
    await run(['SET', 'a:1', 1], ['SET', 'a:2', 1], ['SET', 'b', 1]);
    expect(await session.expireKeys(selection('a:*'), 600_000, noProgress, signal)).toBe(2);
    expect(Number(await link.call('PTTL', 'a:1'))).toBeGreaterThan(500_000);
    expect(await session.expireKeys({ by: 'keys', keys: ['a:1', 'b', 'nope'] }, null, noProgress, signal)).toBe(1);
    expect(await link.call('PTTL', 'a:1')).toBe('-1');
  });

  it('go to a file and come back byte for byte, with conflicts told first', async (test) => {
    const { session, link } = bed(test);
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-redis-'));
    const path = join(folder, 'keys.jsonl');
    try {
      for (const name of names) await link.call('HSET', Buffer.concat([Buffer.from('e:'), name]), name, name);
      await link.call('SET', 'e:ttl', 'x', 'PX', 1_000_000);
      expect(await session.exportKeys({ by: 'prefix', prefix: 'e:', type: null }, path, noProgress, signal)).toEqual({
        keys: names.length + 1,
        skipped: [],
      });
      await session.deleteKeys(selection('e:*'), noProgress, signal);
      await link.call('SET', 'e:ttl', 'theirs');
      expect(await session.lookAtImport(path, signal)).toMatchObject({
        keys: names.length + 1,
        conflicts: 1,
        conflictSample: ['e:ttl'],
        bad: 0,
      });
      expect(await session.importKeys(path, 'skip', noProgress, signal)).toMatchObject({ keys: names.length, skipped: 1, failed: 0 });
      expect(await link.text('GET', 'e:ttl')).toBe('theirs');
      await session.importKeys(path, 'replace', noProgress, signal);
      expect(await link.text('GET', 'e:ttl')).toBe('x');
      expect(Number(await link.call('PTTL', 'e:ttl'))).toBeGreaterThan(0);
      for (const name of names) expect(await link.call('HGET', Buffer.concat([Buffer.from('e:'), name]), name)).toEqual(name);
      await writeFile(
        path,
        `${(await readFile(path, 'utf8')).split('\n')[0]}\nnonsense\n{"key":"k","type":"string","ttl":null,"dump":"AAAA"}\n`,
      );
      expect(await session.importKeys(path, 'replace', noProgress, signal)).toMatchObject({
        keys: 0,
        failed: 2,
        firstFailure: expect.stringContaining('Line 2'),
      });
      await writeFile(path, 'a,b\n1,2\n');
      await expect(session.lookAtImport(path, signal)).rejects.toMatchObject({ code: 'bad-argument' });
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('are weighed by their prefix', async (test) => {
    const { session, link } = bed(test);
    await link.call(
      'EVAL',
      "for i = 1, 3000 do redis.call('SET', 'small:' .. i, 'x') end for i = 1, 30 do redis.call('SET', 'large:' .. i, string.rep('x', 100000), 'EX', 1000) end",
      0,
    );
    const report = (await all(session.memory({ pattern: '', delimiter: ':', depth: 1 }, signal))).at(-1)!;
    expect(report).toMatchObject({ done: true, total: 3_030 });
    expect(report.prefixes.map(({ prefix, keys, lasting }) => [prefix, keys, lasting])).toEqual([['large:', 30, 0], ['small:', 3_000, 1]]); // biome-ignore format: a prefix each
    expect(report.prefixes[0]!.memory).toBeGreaterThan(3_000_000);
    expect(report.prefixes[0]!.memory).toBeLessThan(5_000_000);
  });
});
