/** The schedule on real servers: what was missed is caught up once, what is old goes, what cannot be done is told and not tried for ever. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateX25519Identity, identityToRecipient } from 'age-encryption';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Stack } from '../../main/core/core.ts';
import type { NoodleError } from '../../main/errors.ts';
import type { ScheduleJob } from '../../preload/contract/schedule.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { noodlebox } from '../support/cli.ts';

const day = 86_400_000;

describe('the schedule of a stack', () => {
  let lacks: string | undefined;
  let bed: StackBed;
  let stack: Stack;

  beforeAll(async () => {
    lacks = await lacking('native', ['postgres', 'redis']);
    if (lacks) return;
    bed = await makeStack('native');
    stack = bed.stack;
    await stack.up(['postgres', 'redis'], { seed: false, install: false }, quietRun());
  });
  beforeEach(async ({ skip }) => {
    if (lacks) skip(lacks);
    for (const { job } of (await stack.schedule.list()).entries) await stack.schedule.remove(job.name);
  });
  afterAll(async () => {
    if (lacks) return;
    await stack.pitr().clear(quietRun());
    await bed.clear();
  });

  /** Once a day, an hour ago by now: no time of it comes while the test runs. */
  const daily = (name: string, act: ScheduleJob['act'], more: Partial<ScheduleJob> = {}): ScheduleJob => {
    const then = new Date(Date.now() - 3_600_000);
    const cron = `${then.getUTCMinutes()} ${then.getUTCHours()} * * *`;
    return { name, act, cron, zone: 'UTC', quiet: null, keepDays: 30, recipients: [], ...more };
  };
  const file = () => join(bed.home, 'stacks', bed.name, 'schedule.json');
  /** Changes what is written down, as time would. */
  const aged = async (change: (kept: { jobs: { handled: number; made: { at: number }[] }[] }) => void) => {
    const kept = JSON.parse(await readFile(file(), 'utf8'));
    change(kept);
    await writeFile(file(), JSON.stringify(kept));
  };
  const away = (days: number) =>
    aged(({ jobs }) => {
      for (const job of jobs) job.handled = Date.now() - days * day;
    });
  const due = () => stack.schedule.runDue(quietRun());

  it('a new job catches nothing up; after days away it runs once', async () => {
    const entry = await stack.schedule.set(daily('nightly', 'snapshot'));
    expect(entry).toMatchObject({ late: false, last: null });
    expect(await due()).toEqual([]);
    await away(5);
    expect((await stack.schedule.list()).entries[0]).toMatchObject({ late: true });
    const results = await due();
    expect(results).toMatchObject([{ job: 'nightly', act: 'snapshot', outcome: 'done', made: expect.any(String), problem: null }]);
    expect(await due()).toEqual([]);
    expect((await stack.snapshots.list()).map(({ id }) => id)).toContain(results[0]!.made);
    const listed = await stack.schedule.list();
    expect(listed.entries[0]).toMatchObject({ late: false, last: { outcome: 'done' } });
    expect(listed.entries[0]!.next).toBeGreaterThan(Date.now());
    // Another process sees the same.
    expect((await (await bed.reopen()).schedule.list()).results[0]).toEqual(listed.results[0]);
  });

  it('what a job made long ago goes after it has made something new; what others made never does', async () => {
    await stack.schedule.set(daily('nightly', 'snapshot', { keepDays: 7 }));
    const own = await stack.snapshots.create({ name: null, note: null }, quietRun());
    const { made: first } = await stack.schedule.run('nightly', quietRun());
    await aged(({ jobs }) => {
      for (const one of jobs[0]!.made) one.at = Date.now() - 8 * day;
    });
    expect((await stack.snapshots.list()).map(({ id }) => id)).toContain(first);
    const { made: second } = await stack.schedule.run('nightly', quietRun());
    const left = (await stack.snapshots.list()).map(({ id }) => id);
    expect(left).not.toContain(first);
    expect(left).toEqual(expect.arrayContaining([second, own.id]));
    // The newest stays however old it is.
    await aged(({ jobs }) => {
      for (const one of jobs[0]!.made) one.at = Date.now() - 800 * day;
    });
    await stack.schedule.set(daily('nightly', 'snapshot', { keepDays: 1 }));
    expect((await stack.snapshots.list()).map(({ id }) => id)).toContain(second);
  });

  it('base backups go on from each other, are proved by a restore beside, and old chains go as a whole', async () => {
    await stack.schedule.set(daily('full', 'base-full'));
    await stack.schedule.set(daily('changes', 'base'));
    await stack.schedule.set(daily('proof', 'check-base'));
    await away(2);
    const before = (await stack.snapshots.list()).length;
    expect((await due()).map(({ job, outcome }) => `${job} ${outcome}`)).toEqual(['full done', 'changes done', 'proof done']);
    const { backups } = await stack.pitr().state();
    expect(backups.map(({ kind, cause }) => `${kind} ${cause}`)).toEqual(['incremental schedule', 'full schedule']);
    expect(await stack.snapshots.list()).toHaveLength(before);
    await stack.schedule.run('full', quietRun());
    expect(await stack.pitr().retain(Date.now() + 1_000, quietRun())).toEqual([backups[1]!.id, backups[0]!.id]);
    expect((await stack.pitr().state()).backups).toHaveLength(1);
  });

  it('dumps are made and checked by a restore into a stack of their own', async () => {
    await stack.schedule.set(daily('portable', 'dump'));
    await stack.schedule.set(daily('proof', 'check-dump'));
    await away(1.5);
    const results = await due();
    expect(results.map(({ job, outcome, problem }) => [job, outcome, problem])).toEqual([
      ['portable', 'done', null],
      ['proof', 'done', null],
    ]);
    const [entry] = await stack.backups.list();
    expect(entry).toMatchObject({ state: 'whole', id: results[0]!.made, backup: { checks: [{ how: 'restored', ok: true }] } });
  });

  it('dumps are encrypted to keys of which only the public half is here, and what can be told of them without it is', async () => {
    const identity = await generateX25519Identity();
    const recipients = [await identityToRecipient(identity)];
    const { parts, port } = await stack.connection('redis');
    const client = new Redis({ host: '127.0.0.1', port, password: parts.password });
    try {
      await client.set('of:the:dump', 'as it was');
      await stack.schedule.set(daily('open', 'dump'));
      await stack.schedule.run('open', quietRun());
      await stack.schedule.set(daily('locked', 'dump', { recipients }));
      await stack.schedule.set(daily('proof', 'check-dump'));
      const { made } = await stack.schedule.run('locked', quietRun());
      const listed = await stack.backups.show(made!);
      expect(listed).toMatchObject({ encryption: 'recipients', stores: null, checks: [] });
      expect((await readFile(listed.file)).includes('as it was')).toBe(false);

      const proof = await stack.schedule.run('proof', quietRun());
      expect(proof).toMatchObject({ outcome: 'done', note: `not checked by a trial restore: its key is not here (${made})` });
      expect((await stack.backups.show(made!)).checks).toMatchObject([{ how: 'sealed', ok: true }]);
      // The newest that can be opened is tried all the same.
      const open = (await stack.backups.list()).find((entry) => entry.state === 'whole' && entry.backup.encryption === 'none');
      expect(open).toMatchObject({ backup: { checks: [{ how: 'restored', ok: true }] } });

      await client.set('of:the:dump', 'changed');
      const request = { services: ['redis'], snapshot: false };
      await expect(stack.backups.restore(made!, { ...request, keys: {} }, quietRun())).rejects.toMatchObject({ code: 'wrong-passphrase' });
      await stack.backups.restore(made!, { ...request, keys: { identities: [identity] } }, quietRun());
      expect(await client.get('of:the:dump')).toBe('as it was');

      const bytes = await readFile(listed.file);
      bytes[Math.floor(bytes.length / 2)]! ^= 1;
      await writeFile(listed.file, bytes);
      await expect(stack.schedule.run('proof', quietRun())).rejects.toThrow('not those that were written');
      expect((await stack.backups.show(made!)).checks).toMatchObject([
        { how: 'sealed', ok: false },
        { how: 'sealed', ok: true },
      ]);
    } finally {
      client.disconnect();
    }
  });

  it('a recipient that is none is refused when it is set, and what was set before stays', async () => {
    const recipients = [await identityToRecipient(await generateX25519Identity())];
    await stack.schedule.set(daily('locked', 'dump', { recipients }));
    const secret = await generateX25519Identity();
    for (const [more, words] of [
      [{ recipients: [...recipients, 'age1nobody'] }, '"age1nobody" is no recipient.'],
      [{ recipients: [secret] }, 'That is a secret key, and no recipient.'],
      [{ recipients, act: 'snapshot' }, 'only a dump is'],
    ] as const) {
      const refused = await stack.schedule.set(daily('locked', 'dump', more as Partial<ScheduleJob>)).catch((error: Error) => error);
      expect(refused).toMatchObject({ code: 'bad-argument', message: expect.stringContaining(words) });
      expect(JSON.stringify((refused as NoodleError).problem)).not.toContain(secret);
    }
    expect((await stack.schedule.list()).entries.map(({ job }) => job)).toEqual([daily('locked', 'dump', { recipients })]);
    // One that was written before there were recipients is read as it was meant.
    await aged((kept) => {
      for (const { job } of kept.jobs as unknown as { job: Partial<ScheduleJob> }[]) delete job.recipients;
    });
    expect((await stack.schedule.list()).entries[0]!.job.recipients).toEqual([]);
  });

  it('the command line sets keys, tells of them, and compares a file whose key is not here with what was written', async () => {
    const recipient = await identityToRecipient(await generateX25519Identity());
    const cli = (...args: string[]) => noodlebox([...args, '--stack', bed.name, '--json'], bed.env);
    const set = ['schedule', 'set', 'offsite', '--act', 'dump', '--cron', '0 4 * * *'];
    expect((await cli(...set, '--recipient', 'age1nobody')).code).toBe(2);
    expect((await cli(...set, '--recipient', recipient)).code).toBe(0);
    const listed = await noodlebox(['schedule', 'list', '--stack', bed.name], bed.env);
    expect(listed.stdout).toMatch(/offsite +dump, encrypted to 1 key/);
    const { made } = await stack.schedule.run('offsite', quietRun());
    expect((await cli('backup', 'verify', made!)).lines.at(-1)).toMatchObject({ ok: false, problem: { code: 'wrong-passphrase' } });
    expect((await cli('backup', 'verify', made!, '--sealed', '--restore')).code).toBe(2);
    expect((await cli('backup', 'verify', made!, '--sealed')).lines.at(-1)).toMatchObject({ ok: true, check: { how: 'sealed', ok: true } });
  });

  it('one that is cancelled stays due, one that fails is told and waits for its next time', async () => {
    await stack.schedule.set(daily('nightly', 'snapshot'));
    await away(2);
    expect(await stack.schedule.runDue({ signal: AbortSignal.abort(), onEvent: () => {} })).toEqual([]);
    expect((await stack.schedule.list()).entries[0]).toMatchObject({ late: true });
    await stack.schedule.set(daily('nightly', 'check-dump'));
    await stack.schedule.remove('nightly');
    await stack.schedule.set(daily('changes', 'base'));
    await away(2);
    await stack.stop(['postgres'], quietRun());
    expect(await due()).toMatchObject([{ job: 'changes', outcome: 'skipped', problem: { code: 'service-unreachable' } }]);
    expect(await due()).toEqual([]);
    await stack.up(['postgres'], { seed: false, install: false }, quietRun());
    await expect(stack.schedule.run('no such job', quietRun())).rejects.toMatchObject({ code: 'not-found' });
    await expect(stack.schedule.set(daily('bad', 'base', { cron: '99 * * * *' }))).rejects.toMatchObject({ code: 'bad-argument' });
  });

  it('it goes on by itself while a window shows the stack, and WAL is collected', async () => {
    await stack.schedule.set(daily('nightly', 'snapshot'));
    await stack.pitr().backup('auto', 'asked', quietRun());
    const { lines } = await stack.pitr().state();
    await away(3);
    const window = await bed.reopen();
    window.monitor();
    await expect.poll(async () => (await stack.schedule.list()).entries[0]?.last?.outcome, { timeout: 90_000 }).toBe('done');
    await expect
      .poll(async () => (await stack.pitr().state()).lines.at(-1)!.until.at, { timeout: 90_000 })
      .toBeGreaterThan(lines.at(-1)!.until.at);
    await window.close();
  });
});
