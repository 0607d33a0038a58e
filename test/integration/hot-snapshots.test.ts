/** Hot snapshots on real servers: the ready copy is used only where it is what it was, used up once, and made anew. */
import { readdirSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Stack } from '../../main/core/core.ts';
import { output } from '../lab/commands.ts';
import { labImages } from '../lab/images/build.ts';
import { checksum, ids, type Kinds, killedAt, leftovers, wreck, write } from '../lab/snapshot-bed.ts';
import { lacking, makeStack, quietRun, type StackBed, watchedRun } from '../lab/stack-bed.ts';

const hot = { name: 'hot', note: null, hot: true };

describe.each(['native', 'docker'] as const)('a hot snapshot on %s', (runtime) => {
  // On an engine one is enough: it takes longer there, and that several are moved is seen in snapshots.test.ts.
  const kinds: Kinds = runtime === 'native' ? ['postgres', 'redis'] : ['redis'];
  let lacks: string | undefined;
  let bed: StackBed;
  beforeEach(async () => {
    lacks = await lacking(runtime, kinds);
    if (lacks) return;
    bed = await makeStack(runtime);
    await bed.stack.up(kinds, { seed: false, install: false }, quietRun());
    await write(bed.stack, kinds);
  });
  afterEach(async () => {
    if (!lacks) await bed.clear();
  });
  const stateOf = async (stack: Stack, id: string) => {
    const entry = (await stack.snapshots.list()).find((each) => each.id === id);
    return entry?.state === 'whole' ? entry.hot?.state : undefined;
  };
  /** Names of the steps of a restore. */
  const restored = async (stack: Stack, id: string) => {
    const run = watchedRun();
    await stack.snapshots.restore(id, run);
    return run.events.flatMap((event) => (event.type === 'operation' && event.state === 'running' ? [event.id] : []));
  };

  it('is restored without a byte being copied or read, again and again, and what was there becomes a snapshot', async (test) => {
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const then = await checksum(stack, kinds);
    const { id } = await stack.snapshots.create(hot, quietRun());
    expect(await stateOf(stack, id)).toBe('ready');
    for (const _ of runtime === 'native' ? [1, 2] : [1]) {
      await wreck(stack, kinds);
      const wrecked = await checksum(stack, kinds);
      const steps = await restored(stack, id);
      expect(steps.filter((step) => /^(copy|verify|count) /.test(step))).toEqual(['verify ready copy']);
      expect(await checksum(stack, kinds)).toEqual(then);
      expect(await stateOf(stack, id)).toBe('wanted');

      await stack.snapshots.renew(quietRun());
      expect(await stateOf(stack, id)).toBe('ready');
      const [kept] = await stack.snapshots.list();
      expect(kept).toMatchObject({ state: 'whole', snapshot: { cause: 'before-restore', of: id } });
      await stack.snapshots.verify(kept!.id, quietRun());
      await stack.snapshots.restore(kept!.id, quietRun());
      expect(await checksum(stack, kinds)).toEqual(wrecked);
    }
    await stack.snapshots.delete(id, quietRun());
    expect(await leftovers(bed, runtime, await ids(stack))).toEqual([]);
  });

  it('has its space told, goes as a whole, and can be made an ordinary one', async (test) => {
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const { id } = await stack.snapshots.create(hot, quietRun());
    const before = (await stack.snapshots.outlook(id, 'delete')).does;
    await stack.snapshots.hot(id, false, quietRun());
    expect(await stateOf(stack, id)).toBeUndefined();
    expect(await copiesOf(id)).toEqual([]);
    const after = (await stack.snapshots.outlook(id, 'delete')).does;
    const mebibytes = (does: readonly string[]) => Number(/([\d.,]+) MiB free/.exec(does.join())![1]!.replace(',', ''));
    // Redis alone holds too little for that to be told.
    if (runtime === 'native') expect(mebibytes(before) / mebibytes(after)).toBeCloseTo(2, 1);
    await stack.snapshots.hot(id, true, quietRun());
    expect(await stateOf(stack, id)).toBe('ready');
    expect(await copiesOf(id)).toHaveLength(kinds.length);
    await stack.snapshots.delete(id, quietRun());
    expect(await copiesOf(id)).toEqual([]);
  });

  it('whose copy was touched is restored from the snapshot itself', async (test) => {
    if (lacks) return test.skip(lacks);
    const { stack } = bed;
    const then = await checksum(stack, kinds);
    const { id } = await stack.snapshots.create(hot, quietRun());
    // Times can be set back, but not that of the change itself.
    await touch(id, 'file=$(find . -name "*.base.rdb"); printf " " >> "$file"; touch -d @0 "$file"');
    await wreck(stack, kinds);
    expect(await restored(stack, id)).toContain('copy redis-data');
    expect(await checksum(stack, kinds)).toEqual(then);
    await stack.snapshots.renew(quietRun());
    expect(await stateOf(stack, id)).toBe('ready');
  });

  const kills = [
    ['verify ready copy', 'done'],
    ['stop redis', 'running'],
    ['keep TEST', 'done'],
    ['swap redis-data', 'done'],
    ['check TEST', 'running'],
  ] as const;

  it('killed at any step of its restore leaves the stack as it was, and the copy is made anew', async (test) => {
    if (lacks) return test.skip(lacks);
    const then = await checksum(bed.stack, kinds);
    const { id } = await bed.stack.snapshots.create(hot, quietRun());
    await wreck(bed.stack, kinds);
    const data = await checksum(bed.stack, kinds);
    for (const [at, state] of runtime === 'native' ? kills : kills.slice(2)) {
      await killedAt(bed, { stack: bed.name, runtime, restore: id, at: at.replace('TEST', bed.name), state });
      const next = await bed.reopen();
      expect(await checksum(next, kinds), at).toEqual(data);
      expect(await ids(next), at).toEqual([id]);
      expect(await stateOf(next, id), at).toBe('wanted');
      await next.snapshots.renew(quietRun());
      expect(await stateOf(next, id), at).toBe('ready');
      expect(await leftovers(bed, runtime, [id]), at).toEqual([]);
    }
    await bed.stack.snapshots.restore(id, quietRun());
    expect(await checksum(bed.stack, kinds)).toEqual(then);
  });

  it('killed while its copy is made anew has none, and the next one is whole', async (test) => {
    if (lacks) return test.skip(lacks);
    const { id } = await bed.stack.snapshots.create(hot, quietRun());
    await bed.stack.snapshots.restore(id, quietRun());
    for (const at of runtime === 'native' ? ['copy postgres-data (hot)', 'verify redis-data (hot)'] : ['copy redis-data (hot)']) {
      await killedAt(bed, { stack: bed.name, runtime, renew: true, at, state: 'running' });
      const next = await bed.reopen();
      expect(await stateOf(next, id), at).toBe('wanted');
    }
    const next = await bed.reopen();
    await next.snapshots.renew(quietRun());
    expect(await restored(next, id)).toContain('verify ready copy');
  });

  it('may be deleted while its copy is made anew, which goes with it', async (test) => {
    if (lacks) return test.skip(lacks);
    const { id } = await bed.stack.snapshots.create(hot, quietRun());
    await bed.stack.snapshots.restore(id, quietRun());
    const other = await bed.reopen();
    await other.status();
    let deleted: Promise<void> | undefined;
    await bed.stack.snapshots.renew({
      ...quietRun(),
      onEvent(event) {
        if (event.type === 'operation' && event.id === 'copy redis-data (hot)') deleted ??= other.snapshots.delete(id, quietRun());
      },
    });
    await deleted;
    const left = await ids(bed.stack);
    expect(left).not.toContain(id);
    expect(await copiesOf(id)).toEqual([]);
    expect(await leftovers(bed, runtime, left)).toEqual([]);
  });

  it('is made, listed and restored by commands, the copy anew by a process of its own', async (test) => {
    if (lacks) return test.skip(lacks);
    const bin = fileURLToPath(new URL('../../bin/noodlebox.mjs', import.meta.url));
    const cli = async (...words: string[]) => {
      const text = await output(process.execPath, [bin, 'snapshot', ...words, '--stack', bed.name, '--json', '--yes'], bed.env);
      return text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    };
    const made = await cli('create', '--hot');
    const { id } = made.at(-1).snapshot;
    expect((await cli('list'))[0]).toMatchObject({ id, hot: { state: 'ready' } });
    expect((await cli('restore', id)).at(-1)).toMatchObject({ ok: true });
    await expect.poll(() => stateOf(bed.stack, id), { timeout: 60_000, interval: 200 }).toBe('ready');
    expect(await ids(bed.stack)).toHaveLength(2);
    // The renewing process has finished with the stack, too.
    await expect.poll(renewing, { timeout: 60_000 }).toEqual([]);
    expect((await cli('hot', id, 'off')).at(-1)).toMatchObject({ ok: true });
    expect((await cli('list')).find((entry) => entry.id === id)).toMatchObject({ hot: null });
  });

  /** Processes that make copies of this stack anew. */
  async function renewing(): Promise<string[]> {
    const pids = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return pids.filter((_, at) => lines[at]!.includes('renew') && lines[at]!.includes(bed.name));
  }

  /** What there is of its ready copy. */
  async function copiesOf(id: string): Promise<string[]> {
    if (runtime === 'native') return readdir(volumesOf(id)).catch(() => []);
    const listed = await output('docker', ['volume', 'ls', '-q', '--filter', `label=io.noodlebox.snapshot=${id}.hot`], bed.env);
    return listed.split('\n').filter(Boolean);
  }

  function volumesOf(id: string): string {
    return join(bed.home, 'stacks', bed.name, 'snapshots', `${id}.hot`, 'volumes');
  }

  /** Runs a script in Redis' part of the ready copy. */
  async function touch(id: string, script: string): Promise<void> {
    if (runtime === 'native') return void (await output('sh', ['-c', script], bed.env, join(volumesOf(id), `${bed.name}_redis-data`)));
    const volume = `${bed.name}_snapshot_${id}.hot_redis-data:/d`;
    await output('docker', ['run', '--rm', '-v', volume, '-w', '/d', '--entrypoint', 'sh', labImages.redis, '-c', script], bed.env);
  }
});
