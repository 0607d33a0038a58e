/** Snapshots on real servers: what is taken comes back, what is damaged is refused, what is cut off leaves nothing half. */
import { execFileSync } from 'node:child_process';
import { rmSync, statSync, truncateSync } from 'node:fs';
import { mkdir, mkdtemp, open, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Stack } from '../../main/core/core.ts';
import { openInflux } from '../../main/services/influxdb/client.ts';
import { metricsRepository } from '../../main/services/influxdb/metrics.ts';
import { openMongodb } from '../../main/services/mongodb/client.ts';
import { documentRepositories } from '../../main/services/mongodb/documents.ts';
import { openPulsar } from '../../main/services/pulsar/client.ts';
import { sendAll } from '../../main/services/pulsar/messaging.ts';
import { stackTopic } from '../../main/services/pulsar/topic.ts';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import type { RuntimeKind } from '../../preload/contract/models.ts';
import type { Snapshot } from '../../preload/contract/snapshots.ts';
import { output } from '../lab/commands.ts';
import { labImages } from '../lab/images/build.ts';
import {
  checksum,
  deleteAll,
  ids,
  type Kinds,
  killedAt,
  leftovers,
  pgOf,
  problem,
  redisOf,
  states,
  wreck,
  write,
} from '../lab/snapshot-bed.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';

const plain = { name: null, note: null };

/** A stack with data for the tests of one block. */
function stackWith(runtime: RuntimeKind, kinds: Kinds): { readonly kinds: Kinds; bed: StackBed; lacks: string | undefined } {
  const held: { readonly kinds: Kinds; bed: StackBed; lacks: string | undefined } = { kinds, bed: undefined!, lacks: undefined };
  beforeAll(async () => {
    held.lacks = await lacking(runtime, kinds);
    if (held.lacks) return;
    held.bed = await makeStack(runtime);
    await held.bed.stack.up(kinds, { seed: false, install: false }, quietRun());
    await write(held.bed.stack, kinds);
  });
  afterAll(async () => {
    if (held.lacks) return;
    await deleteAll(await held.bed.reopen());
    expect(await leftovers(held.bed, runtime, [])).toEqual([]);
    await held.bed.clear();
  });
  return held;
}

describe.each(['native', 'docker'] as const)('snapshots on %s', (runtime) => {
  const held = stackWith(runtime, ['postgres', 'redis']);

  it('brings back what was there, to the row and key, and keeps what it replaced as a snapshot', async (test) => {
    const { bed, lacks, kinds } = held;
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const before = await checksum(stack, kinds);
    const made = await stack.snapshots.create({ name: 'as it was', note: 'a note' }, quietRun());
    expect(made).toMatchObject({ name: 'as it was', note: 'a note', cause: 'asked', runtime, pause: expect.any(Number) });
    expect(made.services.find(({ service }) => service === 'postgres')).toMatchObject({ ran: true, store: { state: 'empty' } });

    await wreck(stack, kinds);
    const wrecked = await checksum(stack, kinds);
    const old = await stack.snapshots.restore('as it was', quietRun());
    expect(await checksum(stack, kinds)).toEqual(before);
    expect(old).toMatchObject({ cause: 'before-restore', of: made.id });

    await stack.snapshots.verify(old!.id, quietRun());
    // Rewound to any of them, and forward again.
    const next = await stack.snapshots.restore(old!.id, quietRun());
    expect(await checksum(stack, kinds)).toEqual(wrecked);
    if (runtime === 'native') {
      const { id: later } = await stack.snapshots.create(plain, quietRun());
      await stack.snapshots.restore(made.id, quietRun());
      expect(await checksum(stack, kinds)).toEqual(before);
      await stack.snapshots.restore(later, quietRun());
      expect(await checksum(stack, kinds)).toEqual(wrecked);
      await stack.snapshots.restore(made.id, quietRun());
      expect(await checksum(stack, kinds)).toEqual(before);
      await stack.snapshots.delete(later, quietRun());
    }
    // Each restore that went well lets go of what the one before had kept.
    const automatic = (await stack.snapshots.list()).filter(
      (entry) => entry.state === 'whole' && entry.snapshot.cause === 'before-restore',
    );
    // But not of the one that was just restored.
    if (runtime === 'docker') expect(automatic.map(({ id }) => id)).toEqual([next!.id, old!.id]);
    else expect(automatic).toHaveLength(1);
    expect(await leftovers(bed, runtime, await ids(stack))).toEqual([]);
  });

  it('refuses a damaged snapshot by the name of each damaged part, before anything is touched', async (test) => {
    const { bed, lacks, kinds } = held;
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const made = await stack.snapshots.create(plain, quietRun());
    const before = await stack.status(undefined, { usage: false });
    const data = await checksum(stack, kinds);
    await damage(bed, runtime, made);
    const refusal = await problem(stack.snapshots.restore(made.id, quietRun()));
    expect(refusal.code).toBe('snapshot-damaged');
    expect(refusal.why!.split('\n').sort()).toEqual([
      expect.stringMatching(/^postgres-data: PG_VERSION has other content$/),
      expect.stringMatching(/^postgres-data: global\/pg_control has 100 bytes instead of 8,192$/),
      expect.stringMatching(/^postgres-data: postgresql.auto.conf is missing$/),
      expect.stringMatching(/^redis-data: stranger was not there when it was made$/),
    ]);
    await expect(stack.snapshots.verify(made.id, quietRun())).rejects.toMatchObject({ code: 'snapshot-damaged' });
    expect((await stack.status(undefined, { usage: false })).services.map(({ startedAt }) => startedAt)).toEqual(
      before.services.map(({ startedAt }) => startedAt),
    );
    expect(await checksum(stack, kinds)).toEqual(data);

    const list = join(bed.home, 'stacks', bed.name, 'snapshots', made.id, 'files.jsonl');
    await writeFile(list, `${await readFile(list, 'utf8')}\n`);
    expect(await problem(stack.snapshots.restore(made.id, quietRun()))).toMatchObject({ why: 'files.jsonl has other content' });
    await stack.snapshots.delete(made.id, quietRun());
    expect(await leftovers(bed, runtime, await ids(stack))).toEqual([]);
  });

  it('comes back after its data were deleted, from the snapshot taken before', async (test) => {
    const { bed, lacks, kinds } = held;
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const before = await checksum(stack, kinds);
    await stack.down({ volumes: true, snapshot: true }, quietRun());
    const [safety] = await stack.snapshots.list();
    expect(safety).toMatchObject({ state: 'whole', snapshot: { cause: 'before-down' } });
    expect(await stack.snapshots.restore(safety!.id, quietRun())).toBeUndefined();
    expect(await checksum(stack, kinds)).toEqual(before);
  });
});

describe.each(['native', 'docker'] as const)('snapshots cut off on %s', (runtime) => {
  // An engine copies each volume in a container: one is enough to be cut off in.
  const held = stackWith(runtime, runtime === 'native' ? ['mongodb', 'redis'] : ['redis']);

  const killedWhileTaken = [
    ['pause TEST', 'running'],
    ['copy redis-data', 'running'],
    ['unpause TEST', 'done'],
    ['verify redis-data', 'running'],
  ] as const;

  it('leaves nothing half when it is killed while it is taken, and lets the services go on', async (test) => {
    const { bed, lacks, kinds } = held;
    if (lacks) return test.skip(lacks);
    const data = await checksum(bed.stack, kinds);
    const kept = await ids(bed.stack);
    for (const [at, state] of runtime === 'native' ? killedWhileTaken : killedWhileTaken.slice(1, 2)) {
      await killedAt(bed, { stack: bed.name, runtime, at: at.replace('TEST', bed.name), state });
      const next = await bed.reopen();
      // An engine calls what was paused unhealthy until its next check.
      await expect.poll(() => states(next, kinds), { timeout: 15_000 }).toEqual(kinds.map(() => 'healthy'));
      expect(await checksum(next, kinds), `${at} ${state}`).toEqual(data);
      expect(await ids(next), `${at} ${state}`).toEqual(kept);
      expect(await leftovers(bed, runtime, kept), `${at} ${state}`).toEqual([]);
    }
  });

  const killedWhileRestored = [
    ['copy redis-data', 'running'],
    ['stop redis', 'running'],
    ['keep TEST', 'running'],
    ['keep TEST', 'done'],
    ['swap redis-data', 'done'],
    ['check TEST', 'running'],
  ] as const;
  /** What was rehearsed is not staged again, but swapped in as it is. */
  const killedAfterRehearsal = [
    ['stop redis', 'done'],
    ['keep TEST', 'done'],
    ['swap redis-data', 'done'],
    ['check TEST', 'running'],
  ] as const;
  const atEngine = new Set(['stop redis running', 'keep TEST running', 'keep TEST done', 'swap redis-data done', 'check TEST running']);
  /** In an engine a container renames: it may be killed between two of them, while keeping and while putting back. */
  const betweenRenames: Readonly<Record<string, (live: string, old: string) => string>> = {
    'keep TEST done': (live) => `rmdir ${live}/_data`,
    'swap redis-data done': (live, old) => `mv ${live}/_data ${old}/_gone`,
  };

  it('is as it was, or finished, when it is killed while it is restored', async (test) => {
    const { bed, lacks, kinds } = held;
    if (lacks) return test.skip(lacks);
    const wanted = await checksum(bed.stack, kinds);
    const { id } = await bed.stack.snapshots.create(plain, quietRun());
    await wreck(bed.stack, kinds);
    const data = await checksum(bed.stack, kinds);
    const kept = await ids(bed.stack);
    const kills = [
      ...killedWhileRestored
        .filter(([step, when]) => runtime === 'native' || atEngine.has(`${step} ${when}`))
        .map(([at, state]) => ({ at, state, rehearse: false })),
      ...killedAfterRehearsal
        .filter(([step]) => runtime === 'native' || step.startsWith('swap'))
        .map(([at, state]) => ({ at, state, rehearse: true })),
    ];
    for (const { at, state, rehearse } of kills) {
      await killedAt(bed, { stack: bed.name, runtime, restore: id, rehearse, at: at.replace('TEST', bed.name), state });
      const halfway = runtime === 'docker' && !rehearse ? betweenRenames[`${at} ${state}`] : undefined;
      if (halfway) {
        const journal = JSON.parse(await readFile(join(bed.home, 'stacks', bed.name, 'snapshots', 'journal.json'), 'utf8'));
        await amongVolumes(bed, halfway(`${bed.name}_redis-data`, `${bed.name}_snapshot_${journal.kept}_redis-data`));
      }
      const next = await bed.reopen();
      expect(await checksum(next, kinds), `${at} ${state}`).toEqual(data);
      expect(await ids(next), `${at} ${state}`).toEqual(kept);
      expect(await leftovers(bed, runtime, kept), `${at} ${state}`).toEqual([]);
    }
    await killedAt(bed, { stack: bed.name, runtime, restore: id, at: `discard ${bed.name}`, state: 'running' });
    const next = await bed.reopen();
    expect(await checksum(next, kinds)).toEqual(wanted);
    const [newest] = await next.snapshots.list();
    await next.snapshots.verify(newest!.id, quietRun());
    expect(newest).toMatchObject({ state: 'whole', snapshot: { cause: 'before-restore', of: id } });
    expect(await leftovers(bed, runtime, await ids(next))).toEqual([]);
  });

  it('is one at a time: a second one at once is refused, and a cancelled one leaves all as it was', async (test) => {
    const { bed, lacks, kinds } = held;
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const { id } = await stack.snapshots.create(plain, quietRun());
    await wreck(stack, kinds);
    const data = await checksum(stack, kinds);
    const kept = await ids(stack);
    const abort = new AbortController();
    const other = await bed.reopen();
    const refused: unknown[] = [];
    const cancelled = await problem(
      stack.snapshots.restore(id, {
        signal: abort.signal,
        onEvent(event) {
          if (event.type !== 'operation' || event.state !== 'running') return;
          if (event.id === `count ${bed.name}`) refused.push(problem(other.snapshots.restore(id, quietRun())));
          if (event.id === `keep ${bed.name}`) abort.abort();
        },
      }),
    );
    expect(await refused[0]).toMatchObject({ code: 'stack-busy' });
    expect(cancelled).toMatchObject({ code: 'cancelled', why: expect.stringContaining('the stack is as it was') });
    expect(await checksum(stack, kinds)).toEqual(data);
    expect(await ids(stack)).toEqual(kept);
    expect(await leftovers(bed, runtime, kept)).toEqual([]);
  });
});

describe('a restore on an engine that cannot move data', () => {
  it('copies them while the services are down, says why, and is as it was when it is cut off', async (test) => {
    const lacks = await lacking('docker', ['redis']);
    if (lacks) return test.skip(lacks);
    const kinds: Kinds = ['redis'];
    const bed = await makeStack('docker');
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-volume-'));
    const volume = `${bed.name}_redis-data`;
    try {
      const labels = [`com.docker.compose.project=${bed.name}`, 'com.docker.compose.volume=redis-data'].flatMap((one) => ['--label', one]);
      const options = ['type=none', 'o=bind', `device=${folder}`].flatMap((one) => ['-o', one]);
      await output('docker', ['volume', 'create', ...labels, ...options, volume], bed.env);
      await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
      await write(bed.stack, kinds);
      const wanted = await checksum(bed.stack, kinds);
      const why = expect.stringContaining(`the volume ${volume} has options of its own`);
      await expect(bed.stack.snapshots.create({ ...plain, hot: true }, quietRun())).rejects.toMatchObject({
        problem: { code: 'not-supported-by-server', why },
      });
      expect(await ids(bed.stack)).toEqual([]);

      const { id } = await bed.stack.snapshots.create(plain, quietRun());
      await expect(bed.stack.snapshots.hot(id, true, quietRun())).rejects.toMatchObject({ code: 'not-supported-by-server' });
      await wreck(bed.stack, kinds);
      const data = await checksum(bed.stack, kinds);
      for (const at of ['keep TEST', 'copy redis-data']) {
        await killedAt(bed, {
          stack: bed.name,
          runtime: 'docker',
          restore: id,
          rehearse: false,
          at: at.replace('TEST', bed.name),
          state: 'running',
        });
        const next = await bed.reopen();
        expect(await checksum(next, kinds), at).toEqual(data);
        expect(await leftovers(bed, 'docker', [id]), at).toEqual([]);
      }
      const run = watchedRun();
      await bed.stack.snapshots.restore(id, run);
      expect(run.events).toContainEqual({ type: 'notice', level: 'info', message: why });
      expect(stepsOf(run)).toEqual(expect.arrayContaining(['copy redis-data (rehearsal)', 'copy redis-data']));
      expect(await checksum(bed.stack, kinds)).toEqual(wanted);
    } finally {
      await deleteAll(await bed.reopen());
      await bed.clear();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('and where another container runs on them, which sees what was restored; one that is started later does, too', async (test) => {
    const lacks = await lacking('docker', ['redis']);
    if (lacks) return test.skip(lacks);
    const kinds: Kinds = ['redis'];
    const bed = await makeStack('docker');
    const other = `${bed.name}-other`;
    const words = ['-v', `${bed.name}_redis-data:/d`, '--entrypoint', 'sh', labImages.redis, '-c'];
    const look = 'grep -rq key:199 /d && echo restored; grep -rq wrecked /d && echo wrecked; true';
    try {
      await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
      await write(bed.stack, kinds);
      const wanted = await checksum(bed.stack, kinds);
      const { id } = await bed.stack.snapshots.create(plain, quietRun());
      await output('docker', ['run', '-d', '--name', other, ...words, 'sleep 1000'], bed.env);
      for (const runs of [true, false]) {
        if (!runs) await output('docker', ['rm', '-f', other], bed.env);
        await wreck(bed.stack, kinds);
        const run = watchedRun();
        await bed.stack.snapshots.restore(id, run, { rehearse: false });
        const message = `The data are copied while the services are down: another container, ${other}, runs on its volumes.`;
        const notices = run.events.filter((event) => event.type === 'notice');
        expect(notices).toEqual(runs ? [expect.objectContaining({ message })] : []);
        expect(stepsOf(run).includes('swap redis-data')).toBe(!runs);
        expect(await checksum(bed.stack, kinds)).toEqual(wanted);
        const seen = runs ? ['exec', other, 'sh', '-c', look] : ['run', '--rm', ...words, look];
        expect(await output('docker', seen, bed.env)).toBe('restored\n');
      }
    } finally {
      await output('docker', ['rm', '-f', other], bed.env).catch(() => '');
      await deleteAll(await bed.reopen());
      await bed.clear();
    }
  });
});

describe('snapshots on a full disk', () => {
  it('are refused before the pause when they would not fit, and leave nothing when the disk fills in the middle', async (test) => {
    const lacks = (await lacking('native', ['redis'])) ?? (process.getuid?.() === 0 ? undefined : 'only root can mount a small disk');
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    const folder = join(bed.home, 'stacks', bed.name);
    await mkdir(folder, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', folder]);
    try {
      await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
      const redis = await redisOf(bed.stack);
      await redis.set('big', 'x'.repeat(2 ** 20));
      const filler = join(folder, 'filler');
      const run = watchedRun();
      const onEvent = (event: (typeof run.events)[number]) => {
        run.onEvent(event);
        if (event.type === 'operation' && event.id === 'copy redis-data' && event.state === 'running') fill(filler);
      };
      await expect(bed.stack.snapshots.create(plain, { ...run, onEvent })).rejects.toMatchObject({ code: 'disk-full' });
      expect(
        run.events.filter((event) => event.type === 'operation' && event.state === 'failed').map((event) => 'id' in event && event.id),
      ).toEqual(['copy redis-data']);
      // The disk is still full: even so nothing is left, and the server goes on.
      expect(await ids(bed.stack)).toEqual([]);
      expect(await leftovers(bed, 'native', [])).toEqual([]);
      expect(await redis.strlen('big')).toBe(2 ** 20);

      const refused = watchedRun();
      await expect(bed.stack.snapshots.create(plain, refused)).rejects.toMatchObject({
        code: 'disk-full',
        problem: { why: expect.stringContaining('are needed') },
      });
      expect(refused.events.some((event) => event.type === 'operation' && event.id.startsWith('pause'))).toBe(false);
      rmSync(filler);
      expect(await leftovers(bed, 'native', [])).toEqual([]);
      redis.disconnect();
    } finally {
      await bed.stack.down({ volumes: true, snapshot: false }, quietRun());
      await bed.core.close();
      execFileSync('umount', ['-l', folder]);
    }
    await bed.clear();
  });
});

describe('a snapshot of all five', () => {
  it('holds every write that was acknowledged before, and none from after, while applications write on', async (test) => {
    const lacks = await lacking('native', serviceKindNames);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    try {
      const { stack } = bed;
      await stack.up([], { seed: false, install: false }, quietRun());
      const writers = await writersOf(stack);
      for (const writer of writers) writer.begin();
      await expect.poll(() => writers.every(({ acknowledged }) => acknowledged() >= 20), { timeout: 30_000 }).toBe(true);
      let before: number[] = [];
      let after: number[] = [];
      const made = await stack.snapshots.create(plain, {
        ...quietRun(),
        onEvent(event) {
          if (event.type !== 'operation' || event.state !== 'running') return;
          if (event.id === `pause ${bed.name}`) before = writers.map(({ acknowledged }) => acknowledged());
          if (event.id === `unpause ${bed.name}`) after = writers.map(({ sent }) => sent());
        },
      });
      // They write on, on the connections they had.
      const then = writers.map(({ acknowledged }) => acknowledged());
      await expect.poll(() => writers.every(({ acknowledged }, at) => acknowledged() >= then[at]! + 10), { timeout: 30_000 }).toBe(true);
      for (const writer of writers) await writer.end();
      await stack.snapshots.restore(made.id, quietRun());
      for (const [at, writer] of writers.entries()) {
        const found = await writer.held();
        expect(found, writer.name).toBeGreaterThanOrEqual(before[at]!);
        expect(found, writer.name).toBeLessThanOrEqual(after[at]!);
      }
      for (const writer of writers) await writer.close();
    } finally {
      await bed.clear();
    }
  }, 900_000);
});

describe('noodlebox snapshot', () => {
  it('creates, lists, shows, verifies, restores and deletes, in objects', async (test) => {
    const lacks = await lacking('native', ['redis']);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    const cli = async (...words: string[]) => {
      const bin = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
      const text = await output(process.execPath, [bin, 'snapshot', ...words, '--stack', bed.name, '--json', '--yes'], bed.env);
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    try {
      await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
      const created = await cli('create', '--name', 'mine');
      const { snapshot } = created.at(-1) as { snapshot: Snapshot };
      expect(created.at(-1)).toMatchObject({ type: 'result', ok: true, snapshot: { name: 'mine', pause: expect.any(Number) } });
      expect(created.filter(({ type }) => type === 'operation').map(({ id, state }) => `${id} ${state}`)).toContain('copy redis-data done');
      expect(await cli('list')).toEqual([
        { state: 'whole', id: snapshot.id, snapshot, hot: null, rehearsed: null },
        { type: 'result', ok: true },
      ]);
      expect((await cli('show', 'mine'))[0]).toEqual(snapshot);
      expect((await cli('verify', snapshot.id.slice(0, 15))).at(-1)).toMatchObject({ ok: true });
      expect((await cli('restore', 'mine')).at(-1)).toMatchObject({ ok: true, kept: expect.any(String) });
      expect((await cli('delete', 'mine')).at(-1)).toMatchObject({ ok: true });
    } finally {
      await bed.clear();
    }
  });
});

/** Operations that were begun. */
function stepsOf({ events }: ReturnType<typeof watchedRun>): string[] {
  return events.flatMap((event) => (event.type === 'operation' && event.state === 'running' ? [event.id] : []));
}

/** Runs a script in the engine's folder of volumes. */
async function amongVolumes(bed: StackBed, script: string): Promise<void> {
  const place = await output('docker', ['volume', 'inspect', '-f', '{{.Mountpoint}}', `${bed.name}_redis-data`], bed.env);
  const mount = ['-v', `${join(place.trim(), '../..')}:/v`, '-w', '/v'];
  await output('docker', ['run', '--rm', '--network', 'none', ...mount, '--entrypoint', 'sh', labImages.redis, '-ec', script], bed.env);
}

/** One file flipped, one cut, one deleted, one added. */
async function damage(bed: StackBed, runtime: RuntimeKind, { id }: Snapshot): Promise<void> {
  if (runtime === 'docker') {
    const volume = (key: string, at: string) => ['-v', `${bed.name}_snapshot_${id}_${key}:${at}`];
    const script =
      'printf 9 > /pg/PG_VERSION.x; dd if=/pg/PG_VERSION.x of=/pg/PG_VERSION conv=notrunc 2>/dev/null; rm /pg/PG_VERSION.x; truncate -s 100 /pg/global/pg_control; rm /pg/postgresql.auto.conf; touch /redis/stranger';
    const words = ['run', '--rm', '--network', 'none', ...volume('postgres-data', '/pg'), ...volume('redis-data', '/redis')];
    await output('docker', [...words, '--entrypoint', 'sh', labImages.redis, '-c', script], bed.env);
    return;
  }
  const volume = (key: string) => join(bed.home, 'stacks', bed.name, 'snapshots', id, 'volumes', `${bed.name}_${key}`);
  const version = await open(join(volume('postgres-data'), 'PG_VERSION'), 'r+');
  await version.write('9', 0);
  await version.close();
  truncateSync(join(volume('postgres-data'), 'global/pg_control'), 100);
  rmSync(join(volume('postgres-data'), 'postgresql.auto.conf'));
  await writeFile(join(volume('redis-data'), 'stranger'), '');
}

/** Until the disk is full. */
function fill(path: string): void {
  try {
    execFileSync('dd', ['if=/dev/zero', `of=${path}`, 'bs=64k'], { stdio: 'ignore' });
  } catch {
    // That is how it ends.
  }
  expect(statSync(path).size).toBeGreaterThan(0);
}

interface Writer {
  readonly name: string;
  begin(): void;
  sent(): number;
  acknowledged(): number;
  end(): Promise<void>;
  /** How many of them there are now, all from the first on. */
  held(): Promise<number>;
  close(): Promise<void>;
}

function writer(name: string, write: (at: number) => Promise<unknown>, held: () => Promise<number>, close: () => Promise<unknown>): Writer {
  let sent = 0;
  let acknowledged = 0;
  let ended = false;
  let writing = Promise.resolve();
  return {
    name,
    begin() {
      writing = (async () => {
        while (!ended) {
          sent++;
          await write(sent);
          acknowledged = sent;
          await sleep(3);
        }
      })();
      writing.catch(() => {});
    },
    sent: () => sent,
    acknowledged: () => acknowledged,
    async end() {
      ended = true;
      await writing;
    },
    held,
    close: async () => void (await close()),
  };
}

/** Numbered writes, one after the other, to each store. */
async function writersOf(stack: Stack): Promise<readonly Writer[]> {
  const client = await pgOf(stack);
  await client.query('CREATE TABLE written (id int PRIMARY KEY)');
  const redis = await redisOf(stack);
  const mongodb = await openMongodb(await stack.connection('mongodb'));
  const { profiles } = documentRepositories(mongodb);
  const influx = await openInflux(await stack.connection('influxdb'));
  const metrics = metricsRepository(influx);
  const pulsar = await openPulsar(await stack.connection('pulsar'));
  const topic = stackTopic('written');
  const start = Date.now() - 600_000;
  let producer = await pulsar.messages.producer(topic);
  const count = async (items: AsyncIterable<unknown>) => {
    let all = 0;
    for await (const _ of items) all++;
    return all;
  };
  return [
    writer(
      'postgres',
      (at) => client.query('INSERT INTO written VALUES ($1)', [at]),
      async () => {
        const fresh = await pgOf(stack);
        const { rows } = await fresh.query('SELECT count(*)::int found, coalesce(max(id), 0) last FROM written');
        await fresh.end();
        expect(rows[0].found).toBe(rows[0].last);
        return rows[0].found;
      },
      () => client.end().catch(() => {}),
    ),
    writer(
      'redis',
      () => redis.incr('written'),
      async () => Number(await redis.get('written')),
      async () => redis.disconnect(),
    ),
    writer(
      'mongodb',
      (at) => profiles.save({ user_id: `w${at}`, display_name: 'w', preferences: {} }),
      async () => {
        const fresh = await openMongodb(await stack.connection('mongodb'));
        const found = await fresh.database.collection('user_profiles').countDocuments();
        await fresh.close();
        return found;
      },
      () => mongodb.close(),
    ),
    writer(
      'influxdb',
      (at) => metrics.write('network', [{ id: 'w', name: 'w', value: at, time: new Date(start + at) }]),
      () => count(metrics.range('network', { id: 'w' })),
      async () => {},
    ),
    writer(
      'pulsar',
      (at) => sendAll(producer, [{ data: String(at) }]),
      async () => {
        const fresh = await openPulsar(await stack.connection('pulsar'));
        producer = await fresh.messages.producer(topic);
        const reader = await fresh.messages.reader(topic, 'earliest');
        await sendAll(producer, [{ data: 'end' }]);
        let found = 0;
        for (;;) {
          const text = String((await reader.receive(AbortSignal.timeout(30_000))).data);
          if (text === 'end') break;
          expect(Number(text)).toBe(found + 1);
          found++;
        }
        await fresh.close();
        return found;
      },
      () => pulsar.close(),
    ),
  ];
}
