/** `noodlebox sql` as scripts call it. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lacking, makeStack, quietRun, type StackBed } from '../../lab/stack-bed.ts';

const cli = fileURLToPath(new URL('../../../bin/noodlebox.mjs', import.meta.url));

describe('noodlebox sql', async () => {
  const lacks = await lacking('native', ['postgres']);
  let bed: StackBed;
  let folder: string;
  beforeAll(async () => {
    if (lacks) return;
    folder = await mkdtemp(join(tmpdir(), 'noodlebox-sql-cli-'));
    bed = await makeStack('native');
    await bed.stack.up(['postgres'], { seed: false, install: false }, quietRun());
  });
  afterAll(async () => {
    await bed?.clear();
    if (folder) await rm(folder, { recursive: true });
  });
  const test = (name: string, act: () => Promise<void>) => it(name, (context) => (lacks ? context.skip(lacks) : act()));

  async function sql(args: readonly string[], { input = '', interruptAt }: { input?: string; interruptAt?: string } = {}) {
    const child = spawn(process.execPath, [cli, '--stack', bed.name, 'sql', ...args], { env: { ...bed.env, NO_COLOR: '1' } });
    child.stdin.end(input);
    let stdout = '';
    let stderr = '';
    let interrupted = false;
    child.stdout.on('data', (chunk) => {
      stdout = (stdout + chunk).slice(-100_000);
      if (interrupted || interruptAt === undefined || !stdout.includes(interruptAt)) return;
      interrupted = true;
      child.kill('SIGINT');
    });
    child.stderr.on('data', (chunk) => (stderr += chunk));
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { stdout, stderr, code };
  }

  test('prints a table, and takes a query from a file or from standard input', async () => {
    const { stdout, code } = await sql(["select 1 as number, null as nothing, 'a' as text"]);
    expect([stdout, code]).toEqual(['number  nothing  text\n     1  NULL     a\nSELECT 1\n', 0]);
    expect((await sql([], { input: 'select 2 as n' })).stdout).toContain('2\n');
    const script = join(folder, 'script.sql');
    await writeFile(script, 'create table made (a int);\ninsert into made values (1), (2);\nselect * from made;');
    expect((await sql(['--script', script])).stdout).toContain('INSERT 0 2');
  });

  test('prints an object a line with --json, every digit of it, and binds parameters', async () => {
    const hostile = `'; drop table made; --`;
    const { stdout, code } = await sql([
      '--json',
      'select 12345678901234567890::numeric as n, :v::text as v, :w::int as w',
      '--param',
      `v=${hostile}`,
      '--param',
      'w:integer=7',
    ]);
    const [row, statement, result] = stdout.trim().split('\n');
    expect(row).toBe(`{"type":"row","statement":0,"row":{"n":12345678901234567890,"v":${JSON.stringify(hostile)},"w":7}}`);
    expect(JSON.parse(statement!)).toEqual({ type: 'statement', statement: 0, tag: 'SELECT 1' });
    expect(JSON.parse(result!)).toMatchObject({ type: 'result', ok: true, rows: 1 });
    expect(code).toBe(0);
  });

  test('prints CSV that a spreadsheet reads', async () => {
    expect((await sql(['--csv', `select 'a,b' as x, '' as y, null as z`])).stdout).toBe('x,y,z\n"a,b","",\n');
  });

  test('points at a mistake, refuses changes when read-only, and says so by its exit code', async () => {
    const wrong = await sql(['select 1,\n  nowhere']);
    expect(wrong.stderr).toContain('2   nowhere\n    ^^^^^^^\n');
    expect(wrong.code).toBe(1);
    const json = JSON.parse((await sql(['--json', 'select nowhere'])).stdout);
    expect(json).toMatchObject({ ok: false, problem: { code: 'query-failed', at: { offset: 7, length: 7 } } });
    expect((await sql(['--read-only', 'delete from made'])).code).toBe(1);
    expect((await sql(['select :missing'])).code).toBe(2);
    expect((await sql(['--csv', '--json', 'select 1'])).code).toBe(2);
    expect((await sql(['--timeout', '0.1', 'select pg_sleep(30)'])).stderr).toContain('statement timeout');
  });

  test('prints endless results as fast as they are read, and Ctrl-C ends them on the server', async () => {
    const { code } = await sql(['--json', 'select generate_series(1, 1000000000) as n'], { interruptAt: '"n":5000}' });
    expect(code).toBe(1);
    const left = `select count(*) as n from pg_stat_activity where query like '%1000000000%' and state = 'active' and pid <> pg_backend_pid()`;
    await expect.poll(async () => (await sql(['--json', left])).stdout).toContain('"n":0');
  });
});
