/** A server's own programs, run where the server is, on both runtimes. */
import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openStack } from '../../main/core/open.ts';
import { homePaths } from '../../main/home/paths.ts';
import type { Runtime } from '../../main/runtime/runtime.ts';
import type { ServiceTools, ToolCall } from '../../main/runtime/tools.ts';
import { output } from '../lab/commands.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';

describe.each(['native', 'docker'] as const)('tools on %s', (kind) => {
  let bed: StackBed;
  let runtime: Runtime;
  let tools: ServiceTools;
  let lacks: string | undefined;

  beforeAll(async () => {
    lacks = await lacking(kind, ['redis']);
    if (lacks) return;
    bed = await makeStack(kind);
    await bed.stack.up(['redis'], { seed: false, install: false }, quietRun());
    const context = { env: bed.env, home: bed.home, paths: homePaths(bed.home), settings: () => bed.core.settings() };
    const opened = await openStack(context, { stack: bed.name, create: false });
    runtime = opened.runtime;
    tools = runtime.tools(bed.name, opened.definition.services.redis!);
  });
  afterAll(async () => {
    await runtime?.close();
    await bed?.clear();
  });

  const call = (argv: ToolCall['argv'], more: Partial<ToolCall> = {}): ToolCall => ({
    argv,
    signal: new AbortController().signal,
    doing: 'do what a test wants',
    ...more,
  });

  it('carries every byte in and out, in order, whatever is in it', async (test) => {
    if (lacks) return test.skip(lacks);
    const content = randomBytes(9 * 2 ** 20 + 3);
    const pieces = async function* () {
      for (let at = 0; at < content.length; at += 70_001) yield content.subarray(at, at + 70_001);
    };
    const back = await buffer(tools.run(call(['cat'], { input: pieces() })));
    expect(hash(back)).toBe(hash(content));
    const lines = await buffer(tools.run(call(['printf', '%s\n', '$(id)', "'; rm -rf /", 'ü 😀\n'])));
    expect(lines.toString()).toBe("$(id)\n'; rm -rf /\nü 😀\n\n");
  });

  it('reads a server of its own with a password that no list of processes shows', async (test) => {
    if (lacks) return test.skip(lacks);
    const { port } = await tools.address(6379);
    const { parts } = await bed.stack.connection('redis');
    const pong = await buffer(tools.run(call(['redis-cli', '-p', String(port), 'ping'], { env: { REDISCLI_AUTH: parts.password! } })));
    expect(pong.toString()).toBe('PONG\n');
  });

  it('tells status and last words of what fails, and what is missing', async (test) => {
    if (lacks) return test.skip(lacks);
    await expect(buffer(tools.run(call(['sh', '-c', 'echo bad news >&2; exit 3'])))).rejects.toMatchObject({
      code: 'tool-failed',
      problem: { what: 'Could not do what a test wants.', why: 'sh: bad news' },
    });
    await expect(buffer(tools.run(call(['sh', '-c', 'echo write: No space left on device >&2; exit 1'])))).rejects.toMatchObject({
      code: 'disk-full',
    });
    await expect(buffer(tools.run(call(['no-such-tool-at-all'])))).rejects.toMatchObject({ code: 'tool-missing' });
    // One that ends without having read what it is given.
    const endless = async function* () {
      for (;;) yield Buffer.alloc(65_536);
    };
    await expect(buffer(tools.run(call(['sh', '-c', 'exit 4'], { input: endless() })))).rejects.toMatchObject({ code: 'tool-failed' });
  });

  it('ends the process on an abort, on leaving early, and when its input fails', async (test) => {
    if (lacks) return test.skip(lacks);
    const mark = `1000.${process.pid}`;
    const abort = new AbortController();
    const running = buffer(tools.run(call(['sh', '-c', `echo begun; sleep ${mark}1 & sleep ${mark}2`], { signal: abort.signal })));
    await expect.poll(() => processes(mark), { timeout: 20_000 }).toBe(2);
    abort.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await expect.poll(() => processes(mark), { timeout: 20_000 }).toBe(0);

    for await (const _ of tools.run(call(['sh', '-c', `echo begun; exec sleep ${mark}3`]))) break;
    await expect.poll(() => processes(mark), { timeout: 20_000 }).toBe(0);

    const failing = async function* () {
      yield Buffer.from('half');
      throw new Error('the file ends here');
    };
    await expect(buffer(tools.run(call(['sh', '-c', `cat; exec sleep ${mark}4`], { input: failing() })))).rejects.toThrow(
      'the file ends here',
    );
    await expect.poll(() => processes(mark), { timeout: 20_000 }).toBe(0);
  });

  it('says that the service does not run', async (test) => {
    if (lacks || kind === 'native') return test.skip(lacks ?? 'optional: a tool of this machine needs no service');
    await bed.stack.stop(['redis'], quietRun());
    await expect(buffer(tools.run(call(['cat'])))).rejects.toMatchObject({ code: 'service-unreachable' });
  });

  /** Processes with the mark in their command line, here or in the container: both are of this machine. */
  async function processes(mark: string): Promise<number> {
    if (kind === 'docker') {
      const listed = await output('docker', ['top', `${bed.name}-redis-1`, '-eo', 'pid,args'], bed.env);
      return listed.split('\n').filter((line) => / sleep /.test(line) && line.includes(mark) && !line.includes('sh -c')).length;
    }
    const pids = (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid));
    const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
    return lines.filter((line) => line.startsWith('sleep') && line.includes(mark)).length;
  }
});

function hash(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
