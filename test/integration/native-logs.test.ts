import { readdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { limits } from '../../main/limits.ts';
import type { Runtime } from '../../main/runtime/runtime.ts';
import { type NativeBed, nativeBed, shellServer } from '../support/native-bed.ts';

let bed: NativeBed;
let runtime: Runtime;

beforeEach(async () => {
  bed = await nativeBed();
  runtime = bed.open();
});
afterEach(() => bed.close());

describe('files of an instance', () => {
  it('are read by their path in the container, unless a link leads out of their folder', async () => {
    await bed.create(runtime, 'postgres');
    const data = join(bed.home, 'stacks', bed.stack, 'volumes', `${bed.stack}_postgres-data`);
    await writeFile(join(data, 'PG_VERSION'), '17\n');
    await symlink(join(bed.home, 'secret'), join(data, 'out'));
    await writeFile(join(bed.home, 'secret'), 'not for you');
    const read = async (path: string) => (await runtime.readFile(bed.stack, bed.spec('postgres'), path))?.toString();
    expect(await read('/var/lib/postgresql/data/PG_VERSION')).toBe('17\n');
    expect(await read('/var/lib/postgresql/data/out')).toBeUndefined();
    expect(await read('/var/lib/postgresql/data/../../../../etc/passwd')).toBeUndefined();
    expect(await read('/var/lib/postgresql/data/none')).toBeUndefined();
  });
});

describe('the log of an instance', () => {
  it('is read whole, by its last lines, and since a time', async () => {
    runtime = bed.open(async () => shellServer('for n in 1 2 3 4 5; do echo "line $n"; done; exec sleep 300'));
    await bed.start(runtime, 'redis');
    await expect.poll(() => bed.lines(runtime, 'redis')).toHaveLength(5);
    expect(await bed.lines(runtime, 'redis', { tail: 2 })).toEqual(['line 4', 'line 5']);
    expect(await bed.lines(runtime, 'redis', { since: Date.now() + 60_000 })).toEqual([]);
  });

  it('is followed through stop, rotation and start, until the instance is removed', async () => {
    runtime = bed.open(async () => shellServer('echo begin; exec sleep 300'));
    await bed.start(runtime, 'redis');
    const seen: string[] = [];
    const following = (async () => {
      const options = { follow: true, signal: new AbortController().signal };
      for await (const batch of runtime.logs(bed.stack, 'redis', options)) seen.push(...batch.map(({ text }) => text));
    })();
    await expect.poll(() => seen).toEqual(['begin']);
    await runtime.stop(bed.stack, bed.spec('redis'), bed.task);
    // Past its limit: the next start moves it aside.
    const line = `${'x'.repeat(limits.logLineBytes - 1)}\n`;
    await writeFile(join(bed.folder('redis'), 'server.log'), line.repeat(limits.nativeLogBytes / limits.logLineBytes + 1), { flag: 'a' });
    await runtime.start(bed.stack, bed.spec('redis'), bed.task);
    await expect.poll(() => seen.length, { timeout: 90_000 }).toBe(limits.nativeLogBytes / limits.logLineBytes + 3);
    expect(seen.at(-1)).toBe('begin');
    expect((await readdir(bed.folder('redis'))).filter((name) => name.startsWith('server.log')).sort()).toEqual([
      'server.log',
      'server.log.1',
    ]);

    await runtime.stop(bed.stack, bed.spec('redis'), bed.task);
    await runtime.remove(bed.stack, 'redis');
    await following;
  });
});

it('changes are hinted at: a start, an end, a removal', async () => {
  const abort = new AbortController();
  const hints = runtime.changes(bed.stack, abort.signal)[Symbol.asyncIterator]();
  expect((await hints.next()).value).toEqual({ service: undefined });
  const next = hints.next();
  await bed.start(runtime, 'redis');
  expect((await next).value).toEqual({ service: 'redis' });
  abort.abort();
});
