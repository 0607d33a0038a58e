/** Backups on bad days: killed, cancelled, full disks, damaged and strange files. Nothing lost, nothing half. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeArchive } from '../../main/backup/archive/write.ts';
import { differences } from '../../main/backup/dumps/compare.ts';
import { readBackupFile } from '../../main/backup/dumps/contents.ts';
import { openStack } from '../../main/core/open.ts';
import { asNoodleError } from '../../main/errors.ts';
import { homePaths } from '../../main/home/paths.ts';
import { dumper as postgresDumper } from '../../main/services/postgres/dump/dumper.ts';
import { dumper as redisDumper } from '../../main/services/redis/dump/dumper.ts';
import type { Backup } from '../../preload/contract/backups.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';
import type { ChildOrder } from './backup-child.ts';
import { content, onPostgres } from './dumps-content.ts';

const plain = { name: null, note: null, services: [], encryption: { kind: 'none' } } as const;
const restoring = { services: [], keys: {}, snapshot: false } as const;
const kinds = ['postgres', 'redis'] as const;

describe.each(['native', 'docker'] as const)('backups on a bad day on %s', (runtime) => {
  let bed: StackBed;
  let lacks: string | undefined;
  let made: Backup;
  /** What the backup holds, and what is there since: these are the two states that anything may end in. */
  let backedUp: unknown;
  let now: unknown;

  beforeAll(async () => {
    lacks = await lacking(runtime, kinds);
    if (lacks) return;
    bed = await makeStack(runtime);
    await bed.stack.up(kinds, { seed: false, install: true }, quietRun());
    for (const kind of kinds) await content[kind].write(bed.stack);
    backedUp = await read();
    made = await bed.stack.backups.create(plain, quietRun());
    for (const kind of kinds) await content[kind].wreck(bed.stack);
    now = await read();
  });
  afterAll(async () => {
    await bed?.clear();
  });

  const read = () => Promise.all(kinds.map((kind) => content[kind].read(bed.stack)));
  const folder = () => join(bed.home, 'stacks', bed.name, 'backups');
  const files = async () => (await readdir(folder())).sort();
  const whole = () => [`${made.id}.noodle`, `${made.id}.noodle.json`];

  it('killed while one is made: there is none, and the next one clears away what was written', async (test) => {
    if (lacks) return test.skip(lacks);
    await killed({ stack: bed.name, runtime, at: 'dump redis', state: 'progress' });
    expect((await files()).filter((name) => name.endsWith('.unfinished'))).toHaveLength(1);
    const stack = await bed.reopen();
    expect((await stack.backups.list()).map(({ id }) => id)).toEqual([made.id]);
    const next = await stack.backups.create(plain, quietRun());
    await stack.backups.delete(next.id, quietRun());
    expect(await files()).toEqual(whole());
  });

  it.each([
    ['before anything is made ready', 'restore postgres', 'running', 'now'],
    ['when one of two is ready', 'restore postgres', 'done', 'now'],
    ['when all is ready', 'swap postgres', 'running', 'backedUp'],
    ['when one of two is in place', 'swap postgres', 'done', 'backedUp'],
    ['when both are in place', 'swap redis', 'done', 'backedUp'],
  ] as const)('killed %s: the next one who looks finds all as it was, or all restored', async (_, at, state, ends) => {
    if (lacks) return;
    await wreckAgain();
    await killed({ stack: bed.name, runtime, restore: made.id, at, state });
    // Opening it is enough.
    await bed.reopen();
    expect(await read()).toEqual(ends === 'now' ? now : backedUp);
    expect(await files()).toEqual(whole());
    expect(await leftInStores()).toEqual([]);
  });

  it('killed together with its servers when all is ready: it is finished when they come up again', async (test) => {
    if (lacks) return test.skip(lacks);
    await wreckAgain();
    const { services } = await bed.stack.status(undefined, { usage: false });
    await killed({ stack: bed.name, runtime, restore: made.id, at: 'swap redis', state: 'running' });
    for (const kind of kinds) {
      if (runtime === 'native') process.kill(services.find(({ name }) => name === kind)!.pid!, 'SIGKILL');
      else execFileSync('docker', ['kill', `${bed.name}-${kind}-1`], { env: bed.env, stdio: 'ignore' });
    }
    const running = async () =>
      (await bed.stack.status(undefined, { usage: false })).services.filter(
        ({ name, state }) => kinds.some((kind) => kind === name) && state !== 'stopped',
      );
    await expect.poll(running).toEqual([]);
    const stack = await bed.reopen();
    expect(await files()).toContain('restore.json');
    const run = watchedRun();
    await stack.up(kinds, { seed: false, install: false }, run);
    const notices = run.events.flatMap((event) => (event.type === 'notice' ? [event.message] : []));
    expect(notices).toContain(`The restore of backup ${made.id} had been cut off when all was ready: it was finished.`);
    expect(await read()).toEqual(backedUp);
    expect(await files()).toEqual(whole());
  });

  it('is cancelled: all is as it was', async (test) => {
    if (lacks) return test.skip(lacks);
    await wreckAgain();
    for (const id of ['restore postgres', 'restore redis']) {
      const cancel = new AbortController();
      const run = {
        signal: cancel.signal,
        onEvent: (event: { type: string; id?: string }) => void (event.type === 'operation' && event.id === id && cancel.abort()),
      };
      await expect(bed.stack.backups.restore(made.id, restoring, run)).rejects.toSatisfy(
        (error) => asNoodleError(error).code === 'cancelled',
      );
      expect(await read()).toEqual(now);
      expect(await leftInStores()).toEqual([]);
    }
    const cancel = new AbortController();
    const run = { signal: cancel.signal, onEvent: (event: { type: string }) => void (event.type === 'progress' && cancel.abort()) };
    await expect(bed.stack.backups.create(plain, run)).rejects.toSatisfy((error) => asNoodleError(error).code === 'cancelled');
    expect(await files()).toEqual(whole());
  });

  it('refuses files that are cut off, damaged, encrypted to others, newer, or of something else, with nothing touched', async (test) => {
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const strange = join(bed.home, 'strange');
    await mkdir(strange, { recursive: true });
    const copy = async (name: string, change: (path: string) => Promise<unknown>) => {
      const path = join(strange, `${name}.noodle`);
      await cp(made.file, path);
      await change(path);
      return path;
    };
    const cut = await copy('cut', (path) => truncate(path, made.bytes - 1));
    const flipped = await copy('flipped', async (path) => {
      const bytes = await readFile(path);
      bytes[bytes.length >> 1]! ^= 1;
      await writeFile(path, bytes);
    });
    const locked = await stack.backups.create(
      { ...plain, to: join(strange, 'locked.noodle'), encryption: { kind: 'passphrase', passphrase: 'a pass' } },
      quietRun(),
    );
    const newer = await forged(strange, 'newer', (service) => ({ ...service, version: '99.1' }), made);
    const refusals = [
      [cut, {}, 'archive-damaged'],
      [flipped, {}, 'archive-damaged'],
      [locked.file, {}, 'wrong-passphrase'],
      [locked.file, { passphrase: 'another' }, 'wrong-passphrase'],
      [newer, {}, 'data-version'],
      [join(strange, 'nowhere.noodle'), {}, 'not-found'],
      ['2026-nothing', {}, 'not-found'],
    ] as const;
    for (const [file, keys, code] of refusals) {
      await expect(stack.backups.restore(file, { ...restoring, keys }, quietRun()), `${file}: ${code}`).rejects.toMatchObject({ code });
    }
    expect(await read()).toEqual(now);
    await expect(stack.backups.verify(flipped, { how: 'read', keys: {} }, quietRun())).rejects.toMatchObject({ code: 'archive-damaged' });
    expect((await stack.backups.show(flipped)).checks[0]).toMatchObject({ ok: false, how: 'read', differences: [expect.any(String)] });
  });

  it('a part that its server does not take: all is as it was, in the other stores too', async (test) => {
    if (lacks) return test.skip(lacks);
    const strange = join(bed.home, 'strange');
    // Whole as a file, with keys that were never dumped by a Redis.
    const file = await forged(strange, 'senseless', (service) => service, made);
    await expect(bed.stack.backups.restore(file, restoring, quietRun())).rejects.toThrow();
    expect(await read()).toEqual(now);
    expect(await leftInStores()).toEqual([]);
    expect(await files()).toEqual(whole());
  });

  it('a store that is not what the backup says is found, and told by what differs', async (test) => {
    if (lacks) return test.skip(lacks);
    const core = { env: bed.env, home: bed.home, paths: homePaths(bed.home), settings: () => bed.core.settings() };
    const opened = await openStack(core, { stack: bed.name, create: false });
    const signal = new AbortController().signal;
    const placeOf = async (service: 'postgres' | 'redis') => ({
      connection: await bed.stack.connection(service),
      tools: opened.runtime.tools(bed.name, opened.definition.services[service]!),
    });
    const compared = async () => {
      const told: string[] = [];
      const work = { signal, progress: () => {} };
      const stores = await readBackupFile(made, {}, work, async ({ service, parts }) => {
        if (service === 'postgres') told.push(...(await postgresDumper.compare!(await placeOf('postgres'), parts, signal)));
      });
      const again = await redisDumper.dump(
        await placeOf('redis'),
        async (_name, parts) => {
          for await (const _ of parts);
        },
        signal,
      );
      return [...told, ...differences(stores.find(({ service }) => service === 'redis')!.counts, again.counts)];
    };
    expect(await compared()).toEqual([
      expect.stringMatching(/is not what its dump says$/),
      'o"ther = db is not what its dump says',
      expect.stringMatching(/^keys of database 0: [\d,]+ instead of/),
      'keys of database 5: 1 that were not there',
    ]);
    await bed.stack.backups.restore(made.id, restoring, quietRun());
    expect(await compared()).toEqual([]);
    await opened.runtime.close();
    await wreckAgain();
  });

  it('a trial restore that does not come out the same fails, and its result is kept', async (test) => {
    if (lacks || runtime === 'docker') return test.skip(lacks ?? 'optional: once is enough');
    const file = await forged(join(bed.home, 'strange'), 'fewer', (service) => service, made, 5);
    await expect(bed.stack.backups.verify(file, { how: 'restored', keys: {} }, quietRun())).rejects.toMatchObject({
      code: 'archive-damaged',
      problem: { why: 'redis: keys of database 0: 0 instead of 5' },
    });
    expect((await bed.stack.backups.show(file)).checks[0]).toMatchObject({ ok: false, how: 'restored' });
    expect(await readdir(join(bed.home, 'stacks', bed.name, 'scratch'))).toEqual([]);
  });

  it('a server that dies while it is put in place: all goes back to the snapshot, the other store too', async (test) => {
    if (lacks) return test.skip(lacks);
    const { services } = await bed.stack.status(undefined, { usage: false });
    const { pid } = services.find(({ name }) => name === 'redis')!;
    const run = {
      signal: new AbortController().signal,
      onEvent: (event: { type: string; id?: string; state?: string }) => {
        if (event.id !== 'swap redis' || event.state !== 'running') return;
        if (runtime === 'native') process.kill(pid!, 'SIGKILL');
        else execFileSync('docker', ['kill', `${bed.name}-redis-1`], { env: bed.env, stdio: 'ignore' });
      },
    };
    const restored = bed.stack.backups.restore(made.id, { ...restoring, snapshot: true }, run);
    await expect(restored).rejects.toMatchObject({
      problem: { what: expect.stringMatching(/^The backup was not restored; all is as it was\./) },
    });
    expect(await read()).toEqual(now);
    expect(await leftInStores()).toEqual([]);
    expect(await files()).toEqual(whole());
    const stack = await bed.reopen();
    for (const { id } of await stack.snapshots.list()) await stack.snapshots.delete(id, quietRun());
  });

  it('says that a disk is full, and leaves nothing on it', async (test) => {
    if (lacks) return test.skip(lacks);
    const small = join(bed.home, 'small');
    await mkdir(small, { recursive: true });
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', small], { stdio: 'ignore' });
    } catch {
      return test.skip('no small disk can be mounted here');
    }
    try {
      await expect(bed.stack.backups.create({ ...plain, to: small }, quietRun())).rejects.toSatisfy(
        (error) => asNoodleError(error).code === 'disk-full',
      );
      expect(await readdir(small)).toEqual([]);
    } finally {
      execFileSync('umount', [small]);
    }
  });

  it('restores while applications are connected and go on asking, and keeps what was there as a snapshot', async (test) => {
    if (lacks) return test.skip(lacks);
    await wreckAgain();
    let asking = true;
    const application = (async () => {
      while (asking) await onPostgres(bed.stack, (client) => client.query('select count(*) from pg_class')).catch(() => {});
    })();
    const run = watchedRun();
    await bed.stack.backups.restore(made.id, { ...restoring, snapshot: true }, run);
    asking = false;
    await application;
    expect(await read()).toEqual(backedUp);
    const [kept] = await bed.stack.snapshots.list();
    expect(kept).toMatchObject({ state: 'whole', snapshot: { cause: 'before-backup-restore' } });
    await bed.stack.snapshots.restore(kept!.id, quietRun());
    expect(await read()).toEqual(now);
    for (const { id } of await bed.stack.snapshots.list()) await bed.stack.snapshots.delete(id, quietRun());
  });

  async function wreckAgain(): Promise<void> {
    const stack = await bed.reopen();
    await stack.backups.restore(made.id, restoring, quietRun());
    for (const kind of kinds) await content[kind].wreck(bed.stack);
    now = await read();
  }

  async function leftInStores(): Promise<unknown[]> {
    const databases = await onPostgres(bed.stack, (client) =>
      client.query(`select datname from pg_database where datname like 'noodlebox-%'`),
    );
    return databases.rows;
  }

  async function killed(order: ChildOrder): Promise<void> {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./backup-child.ts', import.meta.url))], {
      env: bed.env,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    child.stdin.end(JSON.stringify(order));
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null];
    expect(signal).toBe('SIGKILL');
  }
});

/** A file with the services of another and nothing sensible in it. */
async function forged(
  folder: string,
  name: string,
  change: (service: Backup['services'][number]) => Backup['services'][number],
  of: Backup,
  /** Says that there are so many keys, and has none; without it, one that makes no sense. */
  keys?: number,
): Promise<string> {
  const { id, stack, runtime, note } = of;
  const outside = { id, stack, runtime, name, note, services: of.services.map(change) };
  const file = join(folder, `${name}.noodle`);
  await mkdir(folder, { recursive: true });
  const signal = new AbortController().signal;
  await writeArchive(file, { kind: 'backup', open: outside, about: outside, encryption: { kind: 'none' }, signal }, async (put) => {
    const key = Buffer.concat([Buffer.from([0, 0, 0, 20, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]), Buffer.from('kbad')]);
    const counts = (service: string) =>
      keys !== undefined && service === 'redis' ? [{ name: 'keys of database 0', count: keys, checksum: null }] : [];
    const facts = (service: string) => [
      Buffer.from(JSON.stringify({ service, kind: service, version: '1', counts: counts(service), notes: [] })),
    ];
    await put('postgres/catalog.json', [Buffer.from(JSON.stringify({ databases: [], roles: [] }))]);
    await put('postgres/facts.json', facts('postgres'));
    await put('redis/catalog.json', [Buffer.from(JSON.stringify({ databases: [{ database: 0, part: '0.keys' }] }))]);
    await put('redis/0.keys', keys === undefined ? [key] : []);
    await put('redis/facts.json', facts('redis'));
  });
  return file;
}
