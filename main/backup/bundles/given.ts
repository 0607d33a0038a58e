/**
 * Servers as a window gives them: the connection strings that the command line takes from a file, and certificates
 * themselves in place of the names of files.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { PullServer } from '../../../preload/contract/pull.ts';
import { asNoodleError, NoodleError } from '../../errors.ts';
import type { Connection } from '../../services/kind.ts';
import { kindOf } from '../../services/registry.ts';
import { withAuthorities } from './authorities.ts';
import { serversOf } from './servers.ts';

/** @param folder for their certificates @throws NoodleError bad-argument, naming the server; no error holds a secret */
export async function serversGiven(given: readonly PullServer[], folder: string): Promise<readonly Connection[]> {
  return Promise.all(given.map((server) => connectionOf(server, join(folder, `${server.kind}.pem`))));
}

async function connectionOf(server: PullServer, file: string): Promise<Connection> {
  const { title } = kindOf(server.kind);
  try {
    const named = server.authority === null ? undefined : file;
    if (server.authority !== null) await writeFile(file, server.authority, { mode: 0o600 });
    const [connection] = await withAuthorities(serversOf(variablesOf(server, named)));
    if (named !== undefined && !connection!.tls) throw inClear(title);
    return connection!;
  } catch (error) {
    throw inItsWords(error, title, file);
  }
}

/** As they stand in a file that the command line reads. A certificate authority that is named asks for TLS where nothing else was said. */
function variablesOf(server: PullServer, authority: string | undefined): Readonly<Record<string, string | undefined>> {
  const withFile = (on: readonly [name: string, value: string], file: string) => {
    const url = new URL(server.url);
    if (authority === undefined) return url.href;
    if (!url.searchParams.has(on[0])) url.searchParams.set(...on);
    url.searchParams.set(file, authority);
    return url.href;
  };
  switch (server.kind) {
    case 'postgres':
      return { DATABASE_URL: withFile(['sslmode', 'verify-full'], 'sslrootcert') };
    case 'mongodb':
      return { MONGODB_URL: withFile([new URL(server.url).searchParams.has('ssl') ? 'ssl' : 'tls', 'true'], 'tlsCAFile') };
    case 'redis':
      return { REDIS_URL: server.url, REDIS_CA_FILE: authority };
    case 'pulsar':
      return { PULSAR_ADMIN_URL: server.url, PULSAR_TOKEN: server.token, PULSAR_CA_FILE: authority };
    case 'influxdb':
      return {
        INFLUX_URL: server.url,
        INFLUX_ORG: server.org,
        INFLUX_BUCKET: server.bucket,
        INFLUX_TOKEN: server.token,
        INFLUX_CA_FILE: authority,
      };
  }
}

function inClear(title: string): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: `${title} has a certificate authority, and its connection string asks for no TLS.`,
    todo: 'Ask for it in the connection string (sslmode=verify-full, tls=true, rediss://, https://), or leave the certificates out.',
  });
}

/** Nobody here has named a variable or a file. */
function inItsWords(error: unknown, title: string, file: string): NoodleError {
  const { problem } = asNoodleError(error);
  const said = (text: string | undefined) =>
    text
      ?.replaceAll(file, `The certificate authority of ${title}`)
      .replace(/\b[A-Z]+(_ADMIN)?_URL\b/g, (_name, _admin, at: number) => `${at === 0 ? 'The' : 'the'} connection string of ${title}`)
      .replace('sslrootcert=<file>', 'its certificate authority')
      .replace('with sslrootcert,', 'with its certificate authority,')
      .replace('(and tlsCAFile)', '(and its certificate authority)');
  return new NoodleError({ ...problem, what: said(problem.what)!, why: said(problem.why), todo: said(problem.todo) });
}
