/** The archive of classes that Pulsar starts faster with: how it is made, and that a Pulsar starts whatever has become of it. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  realpath,
  rm,
  symlink,
  truncate,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { serversFolder } from '../../../main/home/paths.ts';
import { openNative } from '../../../main/runtime/native/native.ts';
import type { FoundServer, NativeServer, ServerPlaces } from '../../../main/runtime/native/server.ts';
import { installServer, missingOf } from '../../../main/runtime/native/servers.ts';
import { findArchive, keepArchive, sharedClasses } from '../../../main/services/pulsar/class-archive.ts';
import { serviceKinds } from '../../../main/services/registry.ts';
import type { Progress } from '../../../preload/contract/models.ts';
import { lacking } from '../../lab/stack-bed.ts';
import { nativeBed } from '../../support/native-bed.ts';

const lacks = process.platform === 'linux' ? await lacking('native', ['pulsar']) : 'optional: this looks into /proc';
const never = new AbortController().signal;
const quiet = { signal: never, progress: () => {} };

let root: string;
let places: ServerPlaces;
let server: NativeServer;
let found: FoundServer;
/** What all files of a Pulsar lie in, its archive too. */
let folder: string;

/** A servers' folder with the jars of this machine and no archive. */
beforeAll(async () => {
  if (lacks) return;
  root = await mkdtemp(join(tmpdir(), 'noodlebox-classes-'));
  server = await serviceKinds.pulsar.native();
  const installed = (await server.find({ servers: serversFolder(process.env), env: process.env }))!;
  // With a space, as the folders of users have.
  places = { servers: join(root, 'all servers'), env: process.env };
  folder = join(places.servers, 'pulsar');
  const lib = join(folder, installed.path.slice(dirname(installed.path).length + 1), 'lib');
  await mkdir(lib, { recursive: true });
  for (const name of await readdir(join(installed.path, 'lib'))) await symlink(join(installed.path, 'lib', name), join(lib, name));
  found = (await server.find(places))!;
});
beforeEach(({ skip }) => {
  if (lacks) skip(lacks);
});
afterAll(async () => {
  if (lacks) return;
  await rm(root, { recursive: true, force: true });
  expect(await running()).toEqual([]);
});

it('cancelled or killed while it is made, it is not there, nothing of it runs, and Pulsar is', async () => {
  const abort = new AbortController();
  const cancelled = expect(installServer(server, places, { ...quiet, signal: abort.signal })).rejects.toMatchObject({ name: 'AbortError' });
  await expect.poll(running).not.toEqual([]);
  abort.abort();
  await cancelled;
  expect(await running()).toEqual([]);
  expect(await readdir(folder)).toEqual([expect.stringMatching(/^pulsar-/)]);

  const script = `
    import { installServer } from ${JSON.stringify(join(import.meta.dirname, '../../../main/runtime/native/servers.ts'))};
    import { serviceKinds } from ${JSON.stringify(join(import.meta.dirname, '../../../main/services/registry.ts'))};
    const places = { servers: process.env.TEST_SERVERS, env: process.env };
    await installServer(await serviceKinds.pulsar.native(), places, { signal: new AbortController().signal, progress() {} });`;
  const env = { ...process.env, TEST_SERVERS: places.servers };
  const child = spawn(process.execPath, ['--input-type=module-typescript', '-e', script], { env, stdio: 'inherit' });
  await expect.poll(running).not.toEqual([]);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await expect.poll(running, { timeout: 60_000 }).toEqual([]);
  expect(await missingOf(server, places)).toBe('its quick start');
  expect(await sharedClasses(found)).toEqual([]);
});

it('on a full disk there is none, which is said and no failure', async ({ skip }) => {
  const small = join(root, 'small');
  const pulsar = join(small, 'pulsar');
  await mkdir(pulsar, { recursive: true });
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', pulsar], { stdio: 'ignore' });
  } catch {
    skip('this machine does not let us mount a tmpfs');
  }
  try {
    await symlink(found.path, join(pulsar, found.path.slice(folder.length + 1)));
    const told: string[] = [];
    const progress = (one: Progress) => told.push('label' in one ? one.label : '');
    await installServer(server, { ...places, servers: small }, { signal: never, progress });
    expect(told.at(-1)).toBe('Pulsar starts no faster than before: There is too little room on the disk for it.');
    expect(await readdir(pulsar)).toEqual([expect.stringMatching(/^pulsar-/)]);
  } finally {
    execFileSync('umount', [pulsar]);
  }
});

it('of two installations at once one makes it, what a killed one left goes, and Pulsar runs on it', async () => {
  await writeFile(join(folder, 'classes-0badcafe-4.jsa'), 'jars');
  await Promise.all([installServer(server, places, quiet), installServer(server, places, quiet)]);
  expect(await missingOf(server, places)).toBeUndefined();
  const archive = (await findArchive(found))!;
  expect((await readdir(folder)).toSorted()).toEqual([archive.slice(folder.length + 1), expect.stringMatching(/^pulsar-/)]);
  expect(await running()).toEqual([]);
  await installServer(server, places, quiet);
  expect(await findArchive(found)).toBe(archive);

  expect(await mappedByPulsar()).toContain(archive);
});

it('of which a part is missing is neither taken nor asked for, nor is one of another Java or of other jars', async () => {
  const archive = (await findArchive(found))!;
  const aside = join(root, 'aside.jsa');
  await copyFile(archive, aside);
  await rm(archive);
  await copyFile(aside, archive);
  await truncate(archive, 40_000_000);
  await expect(keepArchive(found, archive, never)).rejects.toMatchObject({ code: 'install-failed' });
  expect(await sharedClasses(found)).toEqual([]);
  expect(await missingOf(server, places)).toBe('its quick start');
  await rm(archive);
  await copyFile(aside, archive);
  expect(await sharedClasses(found)).toContain(`-XX:SharedArchiveFile=${archive}`);

  const other = join(root, 'java');
  await writeFile(other, `#!/bin/sh\nexec "${await realpath(found.interpreter!)}" "$@"\n`);
  await chmod(other, 0o755);
  expect(await sharedClasses({ ...found, interpreter: other })).toEqual([]);

  const lib = join(found.path, 'lib');
  const jar = join(lib, (await readdir(lib)).find((name) => name.startsWith('bookkeeper-server-'))!);
  const original = await realpath(jar);
  await rm(jar);
  await copyFile(original, jar);
  await utimes(jar, new Date(), new Date());
  expect(await sharedClasses(found)).toEqual([]);
  await rm(jar);
  await symlink(original, jar);
  expect(await findArchive(found)).toBe(archive);
});

it('whose bytes have changed is refused by Java, and Pulsar starts without', async () => {
  const archive = (await findArchive(found))!;
  await chmod(archive, 0o644);
  const file = await open(archive, 'r+');
  await file.write(Buffer.alloc(64 * 1024, 0xff), 0, 64 * 1024, 50_000_000);
  await file.close();
  expect(await sharedClasses(found)).toContain(`-XX:SharedArchiveFile=${archive}`);
  expect(await mappedByPulsar()).not.toContain(archive);
});

/** Starts it as a stack does, until it is ready. @returns the files that its memory holds */
async function mappedByPulsar(): Promise<string> {
  const bed = await nativeBed();
  try {
    const runtime = openNative({ home: bed.home, env: { ...process.env, NOODLEBOX_SERVERS: places.servers }, servers: async () => server });
    await bed.start(runtime, 'pulsar');
    await bed.ready(runtime, 'pulsar');
    const { pid } = (await runtime.inspect(bed.stack, 'pulsar'))!;
    return await readFile(`/proc/${pid}/maps`, 'utf8');
  } finally {
    await bed.close();
  }
}

/** Processes that have our folder in their command line. */
async function running(): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((pid) => /^\d+$/.test(pid));
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(root) && line.includes('PulsarStandaloneStarter'));
}
