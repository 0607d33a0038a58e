/** InfluxDB 2.7 as a process: `influxd` where there is one, else built from the Go module proxy and crates.io. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { askVersion, atLeast, executable, isExecutable, programs } from '../../runtime/native/find-program.ts';
import type { FoundServer, NativeInstance, NativeServer } from '../../runtime/native/server.ts';
import { builtVersion, influxdInstallation, installed } from './influxd-build.ts';
import { parseLine } from './log-line.ts';

const oldest = '2.7';
const knownFolders = [
  '/opt/homebrew/opt/influxdb@2/bin',
  '/usr/local/opt/influxdb@2/bin',
  '/opt/homebrew/opt/influxdb/bin',
  '/usr/local/opt/influxdb/bin',
];

export const server: NativeServer = {
  kind: 'influxdb',
  title: 'InfluxDB',
  parseLine,

  async find({ env, servers }) {
    for await (const path of programs('influxd', env, knownFolders)) {
      const version = await askVersion([path, 'version'], /InfluxDB v?(\d+\.\d+\.\d+)/);
      if (version && atLeast(version, oldest) && !atLeast(version, '3')) return influxd(version, path);
    }
    const path = join(installed(servers), executable('influxd'));
    return (await isExecutable(path)) ? influxd(builtVersion, path) : undefined;
  },

  installation: influxdInstallation,

  async prepare(found, instance) {
    const data = instance.mounted('/var/lib/influxdb2');
    await mkdir(data, { recursive: true, mode: 0o700 });
    const args = [
      ...['--http-bind-address', `127.0.0.1:${instance.published(8086)}`],
      ...['--bolt-path', join(data, 'influxd.bolt'), '--engine-path', join(data, 'engine'), '--sqlite-path', join(data, 'influxd.sqlite')],
      '--reporting-disabled',
    ];
    // It reads a config file that lies in its working folder.
    return { command: found.path, args, env: {}, cwd: instance.folder, stopSignal: 'SIGINT' };
  },

  async settle(instance, signal) {
    const { environment } = instance.spec;
    const { allowed } = (await call(instance, 'GET', '/api/v2/setup', signal)) as { readonly allowed: boolean };
    if (!allowed || environment.DOCKER_INFLUXDB_INIT_MODE !== 'setup') return;
    await call(instance, 'POST', '/api/v2/setup', signal, {
      username: environment.DOCKER_INFLUXDB_INIT_USERNAME,
      password: environment.DOCKER_INFLUXDB_INIT_PASSWORD,
      org: environment.DOCKER_INFLUXDB_INIT_ORG,
      bucket: environment.DOCKER_INFLUXDB_INIT_BUCKET,
      token: environment.DOCKER_INFLUXDB_INIT_ADMIN_TOKEN,
      retentionPeriodSeconds: durationSeconds(environment.DOCKER_INFLUXDB_INIT_RETENTION ?? '0s'),
    });
  },

  async ready(instance, signal) {
    await call(instance, 'GET', '/health', signal);
  },
};

function influxd(version: string, path: string): FoundServer {
  return { program: `InfluxDB ${version}`, version, path, notes: [] };
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400, w: 604_800 };

/** `30d`, `1h30m`; 0 keeps for ever (https://docs.influxdata.com/influxdb/v2/reference/cli/influx/setup/). */
function durationSeconds(text: string): number {
  if (!/^(\d+[smhdw])+$/.test(text)) {
    throw new NoodleError({
      code: 'definition-invalid',
      what: `DOCKER_INFLUXDB_INIT_RETENTION is "${text}", which is no duration.`,
      todo: 'Write it as 30d, 4w or 1h30m.',
    });
  }
  return [...text.matchAll(/(\d+)([smhdw])/g)].reduce((sum, [, count, unit]) => sum + Number(count) * unitSeconds[unit!]!, 0);
}

async function call(instance: NativeInstance, method: string, path: string, signal: AbortSignal, body?: unknown): Promise<unknown> {
  const answer = await fetch(`http://127.0.0.1:${instance.published(8086)}${path}`, {
    method,
    headers: { 'content-type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
    signal: AbortSignal.any([signal, AbortSignal.timeout(limits.probeTimeout)]),
  });
  if (answer.ok) return answer.json();
  await answer.body?.cancel();
  throw new Error(`${path} answers ${answer.status}`);
}
