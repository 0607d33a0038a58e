import { mkdir, mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { findProgram, isExecutable } from '../../main/runtime/native/find-program.ts';
import { startOf } from '../../main/runtime/native/process.ts';
import { debianTools } from '../../main/runtime/native/provision/debian.ts';
import { build, command } from '../../main/runtime/native/provision/steps.ts';
import { runCommand } from '../../main/runtime/native/run-command.ts';
import type { Installation, NativeServer, ServerPlaces } from '../../main/runtime/native/server.ts';
import { installServer, listServers, missingOf, nativeFindings } from '../../main/runtime/native/servers.ts';
import { serviceKinds } from '../../main/services/registry.ts';
import type { Progress } from '../../preload/contract/models.ts';

let places: ServerPlaces;
beforeEach(async () => {
  places = { servers: await mkdtemp(join(tmpdir(), 'noodlebox-servers-')), env: process.env };
});
afterEach(() => rm(places.servers, { recursive: true, force: true }));

it('Redis comes from Debian packages without being installed into the system', async ({ skip }) => {
  if (!(await findProgram('apt-get', process.env))) skip('there is no apt-get here');
  const redis = await serviceKinds.redis.native();
  // With nothing on PATH but what dpkg itself runs, the one that was installed is the first to be found.
  const tools = join(places.servers, 'tools');
  await mkdir(tools);
  for (const name of ['dpkg-deb', 'tar', 'sh']) await symlink((await findProgram(name, process.env))!, join(tools, name));
  const alone: ServerPlaces = { ...places, env: { ...process.env, PATH: tools } };
  const labels: string[] = [];
  await (await redis.installation(alone)).install({ signal: never, progress: (progress) => labels.push(labelOf(progress)) });
  const found = await redis.find(alone);
  expect(found?.path.startsWith(places.servers)).toBe(true);
  expect(found?.program).toMatch(/^Redis \d+\.\d+\.\d+$/);
  expect(labels.some((label) => label.startsWith('apt-get download redis-server'))).toBe(true);
  expect((await readdir(join(places.servers, 'redis'))).length).toBe(1);
});

it("PostgreSQL's tools come from Debian packages, run with their own libraries, and find each other", async ({ skip }) => {
  if (!(await debianTools(process.env))) skip('there is no apt-get here');
  const { tools } = await serviceKinds.postgres.native();
  // A folder with spaces and a quote in its name, as home folders may have.
  const alone: ServerPlaces = {
    servers: join(places.servers, "a user's servers"),
    env: { ...process.env, PATH: '/usr/sbin:/usr/bin:/sbin:/bin' },
  };
  await (await tools!.installation(alone)).install({ signal: never, progress: () => {} });
  const found = await tools!.find(alone);
  expect(found?.path.startsWith(alone.servers)).toBe(true);
  expect(found?.program).toMatch(/^PostgreSQL 17\.\d+$/);
  for (const name of await readdir(found!.path)) {
    expect(await runCommand([join(found!.path, name), '--version'])).toMatchObject({ code: 0, stdout: expect.stringContaining(' 17.') });
  }
  // It looks for pg_waldump beside itself before it looks at the backup.
  const verified = await runCommand([join(found!.path, 'pg_verifybackup'), places.servers]);
  expect(verified.tail).not.toContain('pg_waldump');
  expect(verified.tail).toContain('backup_manifest');
});

it('of two installations at once the second waits, and finds it done', async () => {
  let builds = 0;
  const server = builtBy('sleep 0.5; echo built >tool; chmod +x tool', () => builds++);
  const labels: string[] = [];
  await Promise.all([
    installServer(server, places, { signal: never, progress: () => {} }),
    installServer(server, places, { signal: never, progress: (progress) => labels.push(labelOf(progress)) }),
  ]);
  expect(builds).toBe(1);
});

it('a cancelled installation takes its processes along and leaves nothing', async () => {
  const abort = new AbortController();
  const server = builtBy('sleep 300 & echo $! >../pid; wait');
  const installing = installServer(server, places, { signal: abort.signal, progress: () => {} });
  const pidFile = join(places.servers, 'redis', 'pid');
  const refused = expect(installing).rejects.toMatchObject({ name: 'AbortError' });
  let pid = 0;
  while (!pid) {
    pid = Number(await readText(pidFile));
    await sleep(10);
  }
  abort.abort();
  await refused;
  await expect.poll(() => startOf(pid)).toBeUndefined();
  expect((await readdir(join(places.servers, 'redis'))).filter((name) => name !== 'pid')).toEqual([]);
  expect(await server.find(places)).toBeUndefined();
});

it('what a killed installation left is swept by the next', async () => {
  await mkdir(join(places.servers, 'redis', '.partial-0badcafe', 'half'), { recursive: true });
  await installServer(builtBy('echo built >tool; chmod +x tool'), places, { signal: never, progress: () => {} });
  expect(await readdir(join(places.servers, 'redis'))).toEqual(['tool-1']);
});

it('a failed command is told with what it printed last; a full disk by its name', async () => {
  const failing = builtBy('echo "cannot find the moon" >&2; exit 3');
  await expect(installServer(failing, places, { signal: never, progress: () => {} })).rejects.toMatchObject({
    code: 'install-failed',
    problem: { why: expect.stringContaining('cannot find the moon') },
  });
  const full = builtBy('echo "write: No space left on device" >&2; exit 1');
  await expect(installServer(full, places, { signal: never, progress: () => {} })).rejects.toMatchObject({ code: 'disk-full' });
});

it('what a server starts faster with is made after it was installed, and for one that is there; that it fails is told and no failure', async () => {
  const labels: string[] = [];
  const told = { signal: never, progress: (progress: Progress) => labels.push(labelOf(progress)) };
  let made = 0;
  const tool = builtBy('echo built >tool; chmod +x tool');
  const failing = { ...tool, quickStart: { has: async () => false, make: async () => Promise.reject(new Error('no room')) } };
  await installServer(failing, places, told);
  expect(labels.at(-1)).toBe('Tool starts no faster than before: no room');
  expect(await missingOf(failing, places)).toBe('its quick start');
  expect(await nativeFindings([failing], places)).toMatchObject([{ level: 'ok', command: 'noodlebox servers install redis' }]);
  const making = { ...tool, quickStart: { has: async () => made > 0, make: async () => void made++ } };
  await installServer(making, places, told);
  await installServer(making, places, told);
  expect(made).toBe(1);
  expect(await missingOf(making, places)).toBeUndefined();
  expect(await nativeFindings([making], places)).toMatchObject([{ level: 'ok', command: null }]);
});

it('what a machine lacks is named with the command that mends it', async () => {
  const bare: ServerPlaces = { ...places, env: { PATH: '/nowhere', HOME: '/nowhere' } };
  const lacking: NativeServer = {
    ...builtBy('true'),
    installation: async () => ({
      program: 'Tool 1',
      commands: ['make tool'],
      lacks: [{ what: 'a compiler', command: 'sudo apt-get install build-essential' }],
      install: async () => {},
    }),
  };
  await expect(installServer(lacking, bare, { signal: never, progress: () => {} })).rejects.toMatchObject({
    code: 'server-missing',
    problem: { command: 'sudo apt-get install build-essential' },
  });
  expect(await listServers([lacking], bare)).toMatchObject([
    { state: 'unavailable', commands: ['make tool'], lacks: [{ what: 'a compiler' }] },
  ]);
  expect(await nativeFindings([lacking], bare)).toMatchObject([{ level: 'warn', command: 'sudo apt-get install build-essential' }]);
});

const never = new AbortController().signal;

/** A server that a line of shell makes: `tool` in the folder it runs in. */
function builtBy(line: string, onBuild: () => void = () => {}): NativeServer {
  const target = (servers: string) => join(servers, 'redis', 'tool-1');
  return {
    kind: 'redis',
    title: 'Tool',
    async find({ servers }) {
      const path = join(target(servers), 'tool');
      return (await isExecutable(path)) ? { program: 'Tool 1', version: '1', path, notes: [] } : undefined;
    },
    installation: async ({ servers }): Promise<Installation> => ({
      program: 'Tool 1',
      commands: [line],
      lacks: [],
      install(task) {
        onBuild();
        const steps = (folder: string) => [
          command('The tool could not be made.', { argv: ['/bin/sh', '-c', line], cwd: folder, env: process.env }),
        ];
        return build(target(servers), steps, (folder) => folder, task);
      },
    }),
    prepare: async () => ({ command: 'true', args: [], env: {}, cwd: '/', stopSignal: 'SIGTERM' }),
    ready: async () => {},
    parseLine: () => ({}),
  };
}

function labelOf(progress: Progress): string {
  return 'label' in progress ? progress.label : '';
}

async function readText(path: string): Promise<string> {
  const { readFile } = await import('node:fs/promises');
  return readFile(path, 'utf8').catch(() => '');
}
