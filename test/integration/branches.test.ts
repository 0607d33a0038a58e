/** Branches on real servers: a snapshot opened beside the running stack, with which it shares nothing but the passwords. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { Core, Stack } from '../../main/core/core.ts';
import { createCore } from '../../main/core/create.ts';
import { openPulsar } from '../../main/services/pulsar/client.ts';
import { sendAll } from '../../main/services/pulsar/messaging.ts';
import { stackTopic } from '../../main/services/pulsar/topic.ts';
import { output } from '../lab/commands.ts';
import { checksum, type Kinds, killedAt, leftovers, redisOf, wreck, write } from '../lab/snapshot-bed.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';

const plain = { name: null, note: null };

/** Opens a stack of the same home, as another process would. */
async function opened(bed: StackBed, runtime: 'native' | 'docker', name: string, act: (stack: Stack) => Promise<void>): Promise<void> {
  const core: Core = await createCore({ env: bed.env });
  try {
    await act(await core.open({ stack: name, runtime, create: false }));
  } finally {
    await core.close();
  }
}

const everything = { volumes: true, snapshot: false };

describe.each(['native', 'docker'] as const)('a branch on %s', (runtime) => {
  const kinds: Kinds = ['postgres', 'redis'];

  it('runs beside its stack on the data of then, and neither sees what the other writes', async (test) => {
    const lacks = await lacking(runtime, kinds);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack(runtime);
    try {
      await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
      await write(bed.stack, kinds);
      const then = await checksum(bed.stack, kinds);
      const { id } = await bed.stack.snapshots.create({ name: 'Before: the import!', note: null }, quietRun());
      await wreck(bed.stack, kinds);
      const now = await checksum(bed.stack, kinds);

      const branch = await bed.stack.snapshots.branch(id, null, quietRun());
      expect(branch.stack).toBe(`${bed.name}-before-the-import`);
      await opened(bed, runtime, branch.stack, async (beside) => {
        expect(await checksum(beside, kinds)).toEqual(then);
        const [mine, its] = await Promise.all([bed.stack.connection('postgres'), beside.connection('postgres')]);
        expect(its.port).not.toBe(mine.port);
        expect(its.parts.password).toBe(mine.parts.password);
        expect(await checksum(bed.stack, kinds)).toEqual(now);
        await wreck(beside, kinds);
        expect(await checksum(bed.stack, kinds)).toEqual(now);

        // It is a stack as any other: it has snapshots of its own, and goes on after its first stack has gone back.
        await beside.snapshots.create(plain, quietRun());
        const there = await checksum(beside, kinds);
        await bed.stack.snapshots.restore(id, quietRun());
        expect(await checksum(bed.stack, kinds)).toEqual(then);
        expect(await checksum(beside, kinds)).toEqual(there);
      });
      await expect(bed.stack.snapshots.branch(id, branch.stack, quietRun())).rejects.toMatchObject({ code: 'conflict' });
      await expect(bed.stack.snapshots.branch(id, bed.name, quietRun())).rejects.toMatchObject({ code: 'conflict' });
      await expect(bed.stack.snapshots.branch(id, '../x', quietRun())).rejects.toMatchObject({ code: 'bad-argument' });
      await opened(bed, runtime, branch.stack, (beside) => beside.down(everything, quietRun()));
    } finally {
      await bed.clear();
    }
  });

  const killed = [
    ['copy redis-data', 'running'],
    ['start redis', 'done'],
    ['check BRANCH', 'running'],
  ] as const;

  it('leaves nothing of itself when it is killed while it is made, or cancelled', async (test) => {
    const lacks = await lacking(runtime, ['redis']);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack(runtime);
    try {
      await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
      await write(bed.stack, ['redis']);
      const { id } = await bed.stack.snapshots.create(plain, quietRun());
      const data = await checksum(bed.stack, ['redis']);
      const name = `${bed.name}-${id}`;
      const nothingLeft = async () => {
        expect(existsSync(join(bed.home, 'stacks', name))).toBe(false);
        expect(await bed.core.stacks().then((all) => all.map((stack) => stack.name).filter((one) => one.startsWith(bed.name)))).toEqual([
          bed.name,
        ]);
        if (runtime === 'docker') {
          const filter = ['--filter', `label=com.docker.compose.project=${name}`];
          expect(await output('docker', ['ps', '-aq', ...filter], bed.env)).toBe('');
          expect(await output('docker', ['volume', 'ls', '-q', ...filter], bed.env)).toBe('');
        }
        expect(await leftovers(bed, runtime, [id])).toEqual([]);
      };
      for (const [at, state] of runtime === 'native' ? killed : killed.slice(1, 2)) {
        await killedAt(bed, { stack: bed.name, runtime, branch: id, at: at.replace('BRANCH', name), state });
        const next = await bed.reopen();
        await nothingLeft();
        expect(await checksum(next, ['redis']), at).toEqual(data);
      }
      const abort = new AbortController();
      const run = watchedRun(abort.signal);
      const onEvent: typeof run.onEvent = (event) => {
        if (event.type === 'operation' && event.id === 'start redis') abort.abort();
      };
      await expect(bed.stack.snapshots.branch(id, null, { ...run, onEvent })).rejects.toMatchObject({ code: 'cancelled' });
      await nothingLeft();
    } finally {
      await bed.clear();
    }
  });
});

describe.each(['native', 'docker'] as const)('a rehearsal on %s', (runtime) => {
  const kinds: Kinds = ['redis'];
  /** Snapshots whose data no server has opened are rehearsed before a restore. */
  const rehearsed = async (stack: Stack, id: string) => {
    const entry = (await stack.snapshots.list()).find((each) => each.id === id);
    return entry?.state === 'whole' ? (entry.rehearsed?.how ?? null) : undefined;
  };
  const copies = (run: ReturnType<typeof watchedRun>) =>
    run.events.flatMap((event) =>
      event.type === 'operation' && event.state === 'done' && / [(]rehearsal[)]$/.test(event.id) ? [event.id] : [],
    );
  const onlyOne = async (bed: StackBed) => {
    expect(readdirSync(join(bed.home, 'stacks'))).toEqual([bed.name]);
    if (runtime === 'native') return;
    const filter = ['--filter', `name=${bed.name}-rehearsal`];
    expect(await output('docker', ['ps', '-aq', ...filter], bed.env)).toBe('');
    expect(await output('docker', ['volume', 'ls', '-q', ...filter], bed.env)).toBe('');
  };

  it('finds a snapshot that its servers cannot open before anything is touched, says which, and leaves nothing of itself', async (test) => {
    const lacks = await lacking(runtime, kinds);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack(runtime);
    try {
      const { stack } = bed;
      await stack.up(kinds, { seed: false, install: false }, quietRun());
      await write(stack, kinds);
      await spoil(bed, runtime);
      // Whole as a file, and nothing that Redis opens: the hashes are those of the damage.
      const { id: bad } = await stack.snapshots.create(plain, quietRun());
      await stack.snapshots.verify(bad, quietRun());
      const { services } = await stack.status(undefined, { usage: false });
      const data = await checksum(stack, kinds);
      await expect(stack.snapshots.restore(bad, quietRun())).rejects.toMatchObject({
        problem: {
          code: 'service-exited',
          what: expect.stringMatching(/did not pass its rehearsal.*redis/),
          why: expect.stringContaining('Its last log lines:'),
        },
      });
      await expect(stack.snapshots.verify(bad, quietRun(), { rehearse: true })).rejects.toMatchObject({ code: 'service-exited' });
      expect((await stack.status(undefined, { usage: false })).services.map(({ startedAt }) => startedAt)).toEqual(
        services.map(({ startedAt }) => startedAt),
      );
      expect(await checksum(stack, kinds)).toEqual(data);
      expect(await rehearsed(stack, bad)).toBeNull();
      expect(await leftovers(bed, runtime, [bad])).toEqual([]);
      // Without it, the check after the swap finds it, and all is taken back.
      await expect(stack.snapshots.restore(bad, quietRun(), { rehearse: false })).rejects.toMatchObject({
        problem: { code: 'service-exited', why: expect.stringContaining('the stack is as it was') },
      });
      expect(await rehearsed(stack, bad)).toBeNull();
      await onlyOne(bed);
    } finally {
      await bed.clear();
    }
  });

  it('is made once: not again for the same data and servers, again for other ones, and a restore is as good', async (test) => {
    const lacks = await lacking(runtime, kinds);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack(runtime);
    try {
      const { stack } = bed;
      await stack.up(kinds, { seed: false, install: false }, quietRun());
      await write(stack, kinds);
      const then = await checksum(stack, kinds);
      const { id } = await stack.snapshots.create(plain, quietRun());
      const restored = async (options?: { rehearse?: boolean }) => {
        await wreck(await bed.reopen(), kinds);
        const run = watchedRun();
        await bed.stack.snapshots.restore(id, run, options);
        expect(await checksum(bed.stack, kinds)).toEqual(then);
        return copies(run);
      };
      expect((await stack.snapshots.outlook(id, 'restore')).rehearsed).toBeNull();
      expect(await restored({ rehearse: false })).toEqual([]);
      expect(await rehearsed(bed.stack, id)).toBe('restore');
      expect((await bed.stack.snapshots.outlook(id, 'restore')).rehearsed).toEqual(expect.any(Number));
      expect(await restored()).toEqual([]);
      expect(await restored({ rehearse: true })).toEqual(['copy redis-data (rehearsal)']);

      const file = join(bed.home, 'stacks', bed.name, 'snapshots', id, 'rehearsed.json');
      const record = JSON.parse(readFileSync(file, 'utf8'));
      const servers = { redis: { ...record.servers.redis, version: '6.0.0' } };
      for (const other of [{ ...record, servers }, { ...record, seal: '0'.repeat(64) }, { ...record, servers: {} }, 'nothing of it']) {
        writeFileSync(file, JSON.stringify(other));
        expect((await bed.stack.snapshots.outlook(id, 'restore')).rehearsed).toBeNull();
      }
      expect(await restored()).toEqual(['copy redis-data (rehearsal)']);
      await onlyOne(bed);
    } finally {
      await bed.clear();
    }
  });

  const kills = [
    ['verify redis-data', 'running'],
    ['copy redis-data (rehearsal)', 'done'],
    ['start redis', 'done'],
    ['wait redis', 'done'],
    ['stop redis', 'done'],
    // Its copy is a set of the stack by now, and not yet in any journal.
    ['count TEST', 'running'],
  ] as const;

  it('leaves the stack untouched and nothing of itself when it is killed', async (test) => {
    const lacks = await lacking(runtime, kinds);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack(runtime);
    try {
      await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
      await write(bed.stack, kinds);
      const { id } = await bed.stack.snapshots.create(plain, quietRun());
      await wreck(bed.stack, kinds);
      const data = await checksum(bed.stack, kinds);
      const { services } = await bed.stack.status(undefined, { usage: false });
      for (const [at, state] of runtime === 'native' ? kills : kills.slice(1, 3)) {
        await killedAt(bed, { stack: bed.name, runtime, restore: id, rehearse: true, at: at.replace('TEST', bed.name), state });
        const next = await bed.reopen();
        await onlyOne(bed);
        expect((await next.status(undefined, { usage: false })).services.map(({ startedAt }) => startedAt)).toEqual(
          services.map(({ startedAt }) => startedAt),
        );
        expect(await checksum(next, kinds), at).toEqual(data);
        expect(await leftovers(bed, runtime, [id]), at).toEqual([]);
      }
    } finally {
      await bed.clear();
    }
  });
});

/** Redis' base file is none any more; the server, which has read it long ago, goes on. */
async function spoil(bed: StackBed, runtime: 'native' | 'docker'): Promise<void> {
  if (runtime === 'docker') {
    const script = 'for base in /data/appendonlydir/*.base.rdb; do echo this is none > "$base"; done';
    await output('docker', ['exec', '-u', '0', `${bed.name}-redis-1`, 'sh', '-c', script], bed.env);
    return;
  }
  const redis = await redisOf(bed.stack);
  const [, folder] = (await redis.config('GET', 'dir')) as [string, string];
  redis.disconnect();
  const base = readdirSync(join(folder, 'appendonlydir')).find((name) => name.endsWith('.base.rdb'))!;
  writeFileSync(join(folder, 'appendonlydir', base), 'this is none');
}

describe('a branch of Pulsar without an engine', () => {
  it('has its own bookie: messages of each stay with it, also after the other has gone and come back', async (test) => {
    const lacks = await lacking('native', ['pulsar']);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    const topic = stackTopic('branched');
    const send = async (stack: Stack, text: string) => {
      const pulsar = await openPulsar(await stack.connection('pulsar'));
      await sendAll(
        await pulsar.messages.producer(topic),
        Array.from({ length: 20 }, (_, at) => ({ data: `${text} ${at}` })),
      );
      await pulsar.close();
    };
    const held = async (stack: Stack) => {
      const pulsar = await openPulsar(await stack.connection('pulsar'));
      const reader = await pulsar.messages.reader(topic, 'earliest');
      const end = `end ${Math.random()}`;
      await sendAll(await pulsar.messages.producer(topic), [{ data: end }]);
      const counts: Record<string, number> = {};
      for (;;) {
        const text = String((await reader.receive(AbortSignal.timeout(30_000))).data);
        if (text === end) break;
        const [word] = text.split(' ');
        if (word !== 'end') counts[word!] = (counts[word!] ?? 0) + 1;
      }
      await pulsar.close();
      return counts;
    };
    try {
      await bed.stack.up(['pulsar'], { seed: false, install: false }, quietRun());
      await send(bed.stack, 'before');
      const { id } = await bed.stack.snapshots.create(plain, quietRun());
      await send(bed.stack, 'after');
      const branch = await bed.stack.snapshots.branch(id, 'beside', quietRun());
      await opened(bed, 'native', branch.stack, async (beside) => {
        await send(beside, 'branch');
        expect(await held(beside)).toEqual({ before: 20, branch: 20 });
        expect(await held(bed.stack)).toEqual({ before: 20, after: 20 });
        await bed.stack.stop(['pulsar'], quietRun());
        await send(beside, 'alone');
        await beside.restart(['pulsar'], quietRun());
        expect(await held(beside)).toEqual({ before: 20, branch: 20, alone: 20 });
        await bed.stack.up(['pulsar'], { seed: false, install: false }, quietRun());
        expect(await held(bed.stack)).toEqual({ before: 20, after: 20 });
        await beside.down(everything, quietRun());
      });
    } finally {
      await bed.clear();
    }
  }, 900_000);
});

describe('noodlebox snapshot branch', () => {
  it('tells the name and where each service is reached, and no password', async (test) => {
    const lacks = await lacking('native', ['redis']);
    if (lacks) return test.skip(lacks);
    const bed = await makeStack('native');
    try {
      await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
      const { id } = await bed.stack.snapshots.create(plain, quietRun());
      const bin = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
      const text = await output(process.execPath, [bin, 'snapshot', 'branch', id, 'mine', '--stack', bed.name, '--json'], bed.env);
      const result = JSON.parse(text.trim().split('\n').at(-1)!);
      expect(result).toMatchObject({
        type: 'result',
        ok: true,
        branch: { stack: 'mine', urls: { redis: expect.stringContaining('***') } },
      });
      const { parts } = await bed.stack.connection('redis');
      expect(text).not.toContain(parts.password);
      await opened(bed, 'native', 'mine', (beside) => beside.down(everything, quietRun()));
    } finally {
      await bed.clear();
    }
  });
});
