/** Redis 7 or later as a process. Every setting of the stack is known to both 7.0 and 8. */
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileAtomic } from '../../home/files.ts';
import { configNamed, withoutSettings } from '../../runtime/native/config.ts';
import { askVersion, atLeast, programs } from '../../runtime/native/find-program.ts';
import { librariesOf, serverFromPackages } from '../../runtime/native/provision/packages.ts';
import type { NativeInstance, NativeServer } from '../../runtime/native/server.ts';
import { parseLine } from './log-line.ts';

const oldest = '7.0';
const imageMajor = '8';

export const server: NativeServer = {
  kind: 'redis',
  title: 'Redis',
  parseLine,

  async find({ env, servers }) {
    const installed = await installedFolders(join(servers, 'redis'));
    const folders = installed.map((root) => join(root, 'usr', 'bin'));
    for await (const path of programs('redis-server', env, [...folders, '/opt/homebrew/opt/redis/bin', '/usr/local/opt/redis/bin'])) {
      const version = await askVersion([path, '--version'], /v=(\d+\.\d+\.\d+)/, { ...env, ...librariesOf(path) });
      if (version && atLeast(version, oldest)) return { program: `Redis ${version}`, version, path, notes: notesOn(version) };
    }
    return undefined;
  },

  installation: (places) =>
    serverFromPackages(places, { kind: 'redis', program: 'Redis', debian: ['redis-server', 'redis-tools'], brew: 'redis' }),

  async prepare(found, instance) {
    const file = join(instance.folder, 'redis.conf');
    await writeFileAtomic(file, config(instance), 0o600);
    return {
      command: found.path,
      args: [file],
      // Its log's times are those of its zone.
      env: { ...librariesOf(found.path), TZ: 'UTC' },
      cwd: instance.mounted('/data'),
      stopSignal: 'SIGTERM',
    };
  },

  async ready(instance, signal) {
    const { Redis } = await import('ioredis');
    const redis = new Redis({
      host: '127.0.0.1',
      port: instance.published(6379),
      password: instance.spec.environment.REDIS_PASSWORD || undefined,
      lazyConnect: true,
      retryStrategy: () => null,
      maxRetriesPerRequest: 0,
    });
    let cause: Error | undefined;
    redis.on('error', (error) => {
      cause = error;
    });
    const stop = () => redis.disconnect();
    signal.addEventListener('abort', stop, { once: true });
    try {
      await redis.connect();
      await redis.ping();
    } catch (error) {
      // `connect` itself only says "Connection is closed."
      throw cause ?? error;
    } finally {
      signal.removeEventListener('abort', stop);
      redis.disconnect();
    }
  },
};

function notesOn(version: string): readonly string[] {
  return version.startsWith(`${imageMajor}.`) ? [] : [`The image runs Redis ${imageMajor}; this is ${version}.`];
}

async function installedFolders(folder: string): Promise<readonly string[]> {
  const names = await readdir(folder).catch((): string[] => []);
  return names.filter((name) => !name.startsWith('.')).map((name) => join(folder, name));
}

/** The stack's settings but for what only this machine knows. Redis acts on `dir` as it reads it, so a container's has to go. */
function config(instance: NativeInstance): string {
  const own: readonly (readonly [string, string])[] = [
    ['bind', '127.0.0.1'],
    ['port', String(instance.published(6379))],
    ['dir', instance.mounted('/data')],
    ['requirepass', instance.spec.environment.REDIS_PASSWORD ?? ''],
    ['daemonize', 'no'],
    ['supervised', 'no'],
    ['pidfile', ''],
    ['logfile', ''],
  ];
  const names = own.map(([name]) => name);
  const kept = withoutSettings(configNamed(instance.spec, 'redis.conf') ?? '', names, /\s/);
  return [kept, ...own.map(([name, value]) => `${name} ${quote(value)}`), ''].join('\n');
}

/** A value as redis.conf takes it in double quotes (sds.c, sdssplitargs): any other byte may stand for itself. */
function quote(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\r', '\\r')}"`;
}
