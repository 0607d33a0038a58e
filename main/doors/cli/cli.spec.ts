/** The command as people and scripts run it: a process of its own, with a data home of its own and no engine. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const script = fileURLToPath(new URL('../../../bin/noodlebox.mjs', import.meta.url));
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-cli-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs with nobody at the terminal, and no engine to be found unless the command goes without one. */
function noodlebox(
  args: readonly string[],
  options: { readonly env?: NodeJS.ProcessEnv; readonly closeAfter?: number } = {},
): Promise<Ended> {
  const env = {
    ...process.env,
    NOODLEBOX_HOME: join(folder, 'home'),
    DOCKER_HOST: 'unix:///nowhere/docker.sock',
    NO_COLOR: '',
    FORCE_COLOR: '',
    ...options.env,
  };
  const child = spawn(process.execPath, [script, ...args], { env, cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '';
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
    if (options.closeAfter !== undefined && out.length > options.closeAfter) child.stdout.destroy();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })));
}

/** The last object of `--json`. */
function lastOf({ out }: Ended): {
  readonly type: string;
  readonly ok: boolean;
  readonly problem?: { readonly code: string; readonly what: string };
} {
  return JSON.parse(out.trimEnd().split('\n').at(-1)!);
}

describe('exit codes', () => {
  test('0 for what was done', async () => {
    expect(await noodlebox(['--version'])).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), err: '' });
    expect(await noodlebox(['up', '--help'])).toMatchObject({ code: 0, err: '' });
  });

  test.each([
    [['nonsense']],
    [['up', '--nonsense']],
    [['status', 'something']],
    [['status', '--runtime', 'podman']],
    [['env', '--format', 'xml']],
    [['up', '--stack']],
  ])('2 for wrong usage: %j', async (args) => {
    const { code, out, err } = await noodlebox(args);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^error: /);
  });

  test.each([
    [['seed', '--scale', '0'], '"0" is no scale.'],
    [['seed', '--scale', '-1'], '"-1" is no scale.'],
    [['seed', '--scale', 'abc'], '"abc" is no scale.'],
    [['seed', '--scale', '1001'], '"1001" is no scale.'],
    [['seed', '--scale', ''], '"" is no scale.'],
    [['seed', '--seed', '1.5'], '"1.5" is no seed.'],
    [['logs', '--since', 'yesterday'], '"yesterday" is no time.'],
    [['logs', '--tail', '-3'], '"-3" is no number of lines.'],
    [['open', '--web', '--port', '70000'], '"70000" is no port.'],
    [['up', 'nosuch', '--runtime', 'native'], 'There is no service "nosuch" in this stack.'],
    [['logs', 'nosuch', '--runtime', 'native'], 'There is no service "nosuch" in this stack.'],
    [['servers', 'install', 'oracle'], 'There is no server "oracle".'],
    [['status', '--stack', 'Not A Name', '--runtime', 'native'], '"Not A Name" cannot be a stack\'s name.'],
    [['status', '--stack', 'mistyped', '--runtime', 'native'], 'There is no stack "mistyped".'],
  ])('2 and one clear line for a bad value: %j', async (args, what) => {
    const { code, out, err } = await noodlebox(args);
    expect(err.split('\n')[0]).toBe(`✖ ${what}`);
    expect([code, out]).toEqual([2, '']);
    expect(err).not.toContain('    at ');
  });

  test('3 when this machine lacks something: an engine that was asked for', async () => {
    const ended = await noodlebox(['status', '--runtime', 'docker', '--json']);
    expect(ended.code).toBe(3);
    expect(lastOf(ended)).toMatchObject({ type: 'result', ok: false, problem: { code: 'no-engine' } });
  });
});

describe('with --json', () => {
  test('wrong usage is an object, and nothing else is said', async () => {
    const ended = await noodlebox(['up', '--nonsense', '--json']);
    expect(ended).toMatchObject({ code: 2, err: '' });
    expect(lastOf(ended)).toMatchObject({
      type: 'result',
      ok: false,
      problem: { code: 'bad-argument', what: "unknown option '--nonsense'" },
    });
  });

  test('status ends with the fields that scripts rely on', async () => {
    const ended = await noodlebox(['--json', 'status', '--runtime', 'native']);
    const result = JSON.parse(ended.out) as { services: object[] };
    expect(Object.keys(result)).toEqual(['type', 'ok', 'stack', 'runtime', 'overall', 'services']);
    expect(result).toMatchObject({ type: 'result', ok: true, stack: 'noodlebox', runtime: 'native', overall: 'stopped' });
    expect(Object.keys(result.services[0]!)).toEqual([
      'name',
      'kind',
      'state',
      'health',
      'url',
      'host',
      'port',
      'version',
      'image',
      'pid',
      'cpu',
      'memory',
      'startedAt',
      'reasons',
    ]);
  });

  test('a plan is told, and nothing is made', async () => {
    const env = { NOODLEBOX_HOME: join(folder, 'untouched-home') };
    const ended = await noodlebox(['up', 'postgres', '--dry-run', '--json', '--runtime', 'native'], { env });
    expect(ended.code).toBe(0);
    const [plan, result] = ended.out
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(plan.operations.map(({ kind }: { kind: string }) => kind)).toContain('start');
    expect(result).toEqual({ type: 'result', ok: true });
    const after = await noodlebox(['stacks', '--json'], { env });
    expect(lastOf(after)).toMatchObject({ ok: true, stacks: [] });
  });
});

describe('bad days', () => {
  test('a compose file that is not there, or that cannot be read, is named', async () => {
    const missing = await noodlebox(['status', '--file', 'nowhere.yaml', '--runtime', 'native']);
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('nowhere.yaml')]);
    await writeFile(join(folder, 'bad.yaml'), 'services:\n  redis:\n   image: redis\n  - oops\n');
    const bad = await noodlebox(['status', '--file', 'bad.yaml', '--runtime', 'native']);
    expect(bad.code).toBe(2);
    expect(bad.err).toMatch(/bad\.yaml.*4|bad\.yaml:4/);
  });

  test('settings that cannot be understood are kept aside and named, and the command goes on', async () => {
    const home = join(folder, 'broken-home');
    await mkdir(home, { recursive: true });
    await writeFile(join(home, 'settings.json'), '{ "theme": ');
    const ended = await noodlebox(['status', '--runtime', 'native'], { env: { NOODLEBOX_HOME: home } });
    expect(ended.code).toBe(0);
    const aside = /kept at (\S+)\. /.exec(ended.err)?.[1];
    expect(await readFile(aside!, 'utf8')).toBe('{ "theme": ');
  });

  test('a reader that has seen enough is no error', async () => {
    const ended = await noodlebox(['help'], { closeAfter: 10 });
    expect(ended).toMatchObject({ code: 0, err: '' });
  });
});

describe('env', () => {
  test('--init writes what compose needs, for its owner only, and does not replace it unasked', async () => {
    const file = join(folder, 'compose.yaml');
    await writeFile(file, 'services:\n  cache:\n    image: redis:8\n');
    const first = await noodlebox(['env', '--init', '--file', file, '--runtime', 'native']);
    expect(first).toMatchObject({ code: 0, out: expect.stringContaining(join(folder, '.env')) });
    const written = await readFile(join(folder, '.env'), 'utf8');
    expect(written).toContain('COMPOSE_PROJECT_NAME=noodlebox');
    expect((await stat(join(folder, '.env'))).mode & 0o777).toBe(0o600);

    const again = await noodlebox(['env', '--init', '--file', file, '--runtime', 'native']);
    expect(again.code).toBe(2);
    expect(await readFile(join(folder, '.env'), 'utf8')).toBe(written);
  });
});
