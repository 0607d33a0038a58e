/** The commands as a script calls them, and a tail over a restart of its server. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { stackTopic, topicUrl } from '../../../main/services/pulsar/topic.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';

const script = fileURLToPath(new URL('../../../bin/noodlebox.mjs', import.meta.url));
const lacks = await lacking('native', ['pulsar']);
const topic = topicUrl(stackTopic('orders'));
let bed: StackBed;

beforeAll(async () => {
  if (lacks) return;
  bed = await makeStack('native');
  await bed.stack.up(['pulsar'], { seed: false, install: false }, quietRun());
  const session = await bed.stack.session('pulsar', 'pulsar');
  await session.perform({ kind: 'create-topic', topic, partitions: 0 }, soon());
});
afterAll(() => bed?.clear());
const soon = () => AbortSignal.timeout(60_000);

async function noodlebox(test: TestContext, args: readonly string[], input?: string) {
  if (lacks) test.skip(lacks);
  const child = spawn(process.execPath, [script, ...args, '--stack', bed.name, '--json'], { env: bed.env });
  child.stdin.end(input ?? '');
  const [out, , [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close') as Promise<[number]>]);
  const lines = out
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  return { code, lines };
}

describe('noodlebox publish and tail', () => {
  it('carry a message with all that belongs to it', async (test) => {
    const args = ['--key', `k ' "`, '--property', 'a=b=c', '--property', 'ü=1', '--event-time', '2026-01-01T00:00:00Z'];
    const published = await noodlebox(test, ['publish', 'orders', '{"n":9007199254740993}', ...args]);
    expect([published.code, published.lines.at(-1)]).toEqual([0, expect.objectContaining({ type: 'result', ok: true, messages: 1 })]);
    const { code, lines } = await noodlebox(test, ['tail', 'orders', '--filter', '$.n > 1']);
    expect([code, lines.length]).toEqual([0, 2]);
    expect(lines[0]).toMatchObject({
      type: 'message',
      id: published.lines[0]!.id,
      key: `k ' "`,
      properties: { a: 'b=c', ü: '1' },
      eventTime: '2026-01-01T00:00:00.000Z',
    });
  });

  it('take a message a line, and end after as many as were asked for', async (test) => {
    expect((await noodlebox(test, ['publish', 'orders', '-'], 'one\n\ntwo\nthree\n')).lines.at(-1)).toMatchObject({
      ok: true,
      messages: 3,
    });
    const { lines } = await noodlebox(test, ['tail', topic, '--from', 'earliest', '--filter', '-$.n', '--limit', '2']);
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two', undefined]);
    expect((await noodlebox(test, ['publish', 'orders', 'x{{n}}', '--repeat', '50'])).lines.at(-1)).toMatchObject({ messages: 50 });
  });

  it('leave with the exit code of what went wrong', async (test) => {
    expect((await noodlebox(test, ['tail', 'nowhere'])).code).toBe(1);
    expect((await noodlebox(test, ['publish', 'nowhere', 'x'])).code).toBe(1);
    expect((await noodlebox(test, ['tail', 'orders', '--from', 'sideways'])).code).toBe(2);
    expect((await noodlebox(test, ['tail', 'orders', '--filter', '$.'])).code).toBe(2);
    expect((await noodlebox(test, ['publish', 'orders', 'x', '--property', 'none'])).code).toBe(2);
    expect((await noodlebox(test, ['publish', 'orders', 'x', '--repeat', '0'])).code).toBe(2);
  });
});

describe('a tail', () => {
  it('says when its server is away, and goes on where it was once it is back', async (test) => {
    if (lacks) test.skip(lacks);
    const session = await bed.stack.session('pulsar', 'pulsar');
    const message = (payload: string) => ({ payload, encoding: 'text' as const, key: null, properties: {}, eventTime: null });
    const tail = await session.tail('orders', { kind: 'latest' }, '', soon());
    const states: string[] = [];
    const end = new AbortController();
    const watching = (async () => {
      for await (const { state } of tail.batches(end.signal)) if (states.at(-1) !== state) states.push(state);
    })();
    await session.publish('orders', message('before'), soon());
    await expect.poll(() => tail.page(0, 9).map((row) => row.text)).toEqual(['before']);
    await bed.stack.stop(['pulsar'], quietRun());
    await expect.poll(() => states.at(-1), { timeout: 60_000 }).toBe('away');
    await expect(session.detail('orders', soon())).rejects.toMatchObject({ code: 'service-unreachable' });
    await bed.stack.up(['pulsar'], { seed: false, install: false }, quietRun());
    await expect.poll(() => session.detail('orders', soon()).catch(() => undefined), { timeout: 60_000 }).toMatchObject({ topic });
    await session.publish('orders', message('after'), soon());
    await expect.poll(() => tail.page(0, 9).map((row) => row.text), { timeout: 60_000 }).toEqual(['before', 'after']);
    await expect.poll(() => states.at(-1)).toBe('reading');
    end.abort();
    await tail.close();
    await watching;
  });
});
