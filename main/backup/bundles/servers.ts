/**
 * Servers that a bundle is pulled from, told by connection strings: the variables that `noodlebox env` prints, in a file,
 * or in the environment with NOODLEBOX_PULL_ before their names. Never in arguments, which everybody on a machine can see.
 * How the network is crossed stands in them as the drivers name it; none is crossed in clear where that was not said.
 */
import { resolve } from 'node:path';
import { parseEnv } from 'node:util';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { NoodleError } from '../../errors.ts';
import type { Connection } from '../../services/kind.ts';
import { isLoopback } from '../../services/loopback.ts';
import type { Authority, Tls } from '../../services/tls.ts';

export const pullPrefix = 'NOODLEBOX_PULL_';

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws NoodleError bad-argument for a line that is no variable of ours, or a URL that cannot be used; no error holds a secret */
export function serversOf(variables: Variables): readonly Connection[] {
  const get = (name: string) => variables[name] || undefined;
  const made = [
    get('DATABASE_URL') && postgres(parsed('DATABASE_URL', get('DATABASE_URL')!, ['postgres:', 'postgresql:'])),
    get('REDIS_URL') && redis(parsed('REDIS_URL', get('REDIS_URL')!, ['redis:', 'rediss:']), get('REDIS_CA_FILE')),
    get('PULSAR_ADMIN_URL') && pulsar(get('PULSAR_ADMIN_URL')!, variables),
    get('MONGODB_URL') && mongodb(parsed('MONGODB_URL', get('MONGODB_URL')!, ['mongodb:']), get('MONGODB_DATABASE')),
    get('INFLUX_URL') && influxdb(parsed('INFLUX_URL', get('INFLUX_URL')!, ['http:', 'https:']), variables),
  ];
  const servers = made.filter((each) => typeof each === 'object');
  if (servers.length > 0) return servers;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'No server to pull from is named.',
    why: 'None of DATABASE_URL, REDIS_URL, PULSAR_ADMIN_URL, MONGODB_URL and INFLUX_URL is there.',
    todo: `Put them into a file and give it with --from, or into the environment as ${pullPrefix}DATABASE_URL and so on.`,
  });
}

/** @param text of a file in the form of .env */
export function serversInFile(text: string): readonly Connection[] {
  return serversOf(parseEnv(text));
}

export function serversInEnvironment(environment: Variables): readonly Connection[] {
  const own = Object.entries(environment).filter(([name]) => name.startsWith(pullPrefix));
  return serversOf(Object.fromEntries(own.map(([name, value]) => [name.slice(pullPrefix.length), value])));
}

function parsed(variable: string, text: string, protocols: readonly string[]): URL {
  const wrong = (why: string, todo?: string) => new NoodleError({ code: 'bad-argument', what: `${variable} cannot be used.`, why, todo });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  // The text itself is not told: a password stands in it.
  if (!url) throw wrong('It is no URL. Special characters of a password have to be percent-encoded.');
  if (url.protocol === 'mongodb+srv:') {
    throw wrong('mongodb+srv:// names a set of servers, and a bundle is taken of one.', 'Give one of them: mongodb://host:27017/?tls=true');
  }
  if (!protocols.includes(url.protocol)) throw wrong(`It begins with ${url.protocol}// and not with ${protocols.map((each) => `${each}//`).join(' or ')}.`); // biome-ignore format: one line
  if (url.hostname === '') throw wrong('It names no host.');
  return url;
}

function of(kind: ServiceKindName, url: URL, port: number, parts: Readonly<Record<string, string>>, tls?: Tls): Connection {
  const shown = new URL(url);
  if (shown.password) shown.password = '***';
  return {
    kind,
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? port : Number(url.port),
    url: url.href,
    maskedUrl: shown.href,
    environment: {},
    parts,
    ...(tls ? { tls } : {}),
  };
}

const user = (url: URL) => ({ user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) });
const pathOf = (url: URL) => decodeURIComponent(url.pathname.replace(/^\//, ''));

function unusable(variable: string, why: string, todo?: string): NoodleError {
  return new NoodleError({ code: 'bad-argument', what: `${variable} cannot be used.`, why, todo });
}

/** @param what of a server crosses the network @param todo how it is said that it may */
function inClear(variable: string, what: string, why: string, todo: string): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: `${variable} does not say whether ${what} may cross the network in clear.`,
    why,
    todo,
  });
}

/** @param file undefined: those whom Node trusts */
function checked(file: string | undefined): Tls {
  return { check: 'name', authority: authorityOf(file) };
}

function authorityOf(file: string | undefined): Authority | undefined {
  return file === undefined ? undefined : { file: file === 'system' ? file : resolve(file) };
}

function postgres(url: URL): Connection {
  const { user: name, password } = user(url);
  return of('postgres', url, 5432, { user: name, password, database: pathOf(url) || name }, postgresTls(url));
}

/** As libpq does it: https://www.postgresql.org/docs/17/libpq-ssl.html#LIBPQ-SSL-PROTECTION */
function postgresTls(url: URL): Tls | undefined {
  const mode = url.searchParams.get('sslmode') ?? 'prefer';
  const root = url.searchParams.get('sslrootcert') ?? undefined;
  if (url.searchParams.has('sslcert') || url.searchParams.has('sslkey'))
    throw unusable('DATABASE_URL', 'Certificates of clients are not sent.');
  switch (mode) {
    case 'disable':
      return undefined;
    case 'allow':
    case 'prefer':
      if (isLoopback(url.hostname)) return undefined;
      throw inClear(
        'DATABASE_URL',
        'rows',
        `sslmode=${mode} leaves it to the server.`,
        'Give sslmode=verify-full with sslrootcert, sslmode=require, or sslmode=disable where the network is your own.',
      );
    case 'require':
      // An authority that is named is asked, then as in libpq.
      return root === undefined ? { check: 'nothing', authority: undefined } : { check: 'authority', authority: authorityOf(root) };
    case 'verify-ca':
    case 'verify-full':
      if (root === undefined) {
        throw unusable(
          'DATABASE_URL',
          `sslmode=${mode} does not say who is trusted.`,
          'Give sslrootcert=<file>, or sslmode=verify-full and sslrootcert=system.',
        );
      }
      if (root === 'system' && mode === 'verify-ca')
        throw unusable('DATABASE_URL', 'sslrootcert=system goes with sslmode=verify-full alone.');
      return { check: mode === 'verify-full' ? 'name' : 'authority', authority: authorityOf(root) };
    default:
      throw unusable('DATABASE_URL', `There is no sslmode=${mode}.`);
  }
}

function redis(url: URL, authority: string | undefined): Connection {
  const database = pathOf(url) || '0';
  if (database !== '0') throw unusable('REDIS_URL', `Database ${database}: only 0 is looked into.`);
  return of('redis', url, 6379, { ...user(url), database }, url.protocol === 'rediss:' ? checked(authority) : undefined);
}

function mongodb(url: URL, database: string | undefined): Connection {
  return of('mongodb', url, 27017, { ...user(url), database: database ?? (pathOf(url) || 'test') }, mongodbTls(url));
}

/** https://www.mongodb.com/docs/manual/reference/connection-string-options/#tls-options */
function mongodbTls(url: URL): Tls | undefined {
  const has = (name: string) => url.searchParams.get(name) ?? undefined;
  const on = has('tls') ?? has('ssl');
  if (on !== undefined && on !== 'true' && on !== 'false') throw unusable('MONGODB_URL', 'tls is neither true nor false.');
  if (has('tlsCertificateKeyFile') !== undefined) throw unusable('MONGODB_URL', 'Certificates of clients are not sent.');
  if (on === undefined && !isLoopback(url.hostname)) {
    const todo = 'Give tls=true (and tlsCAFile), or tls=false where the network is your own.';
    throw inClear('MONGODB_URL', 'documents', 'Neither tls=true nor tls=false stands in it.', todo);
  }
  if (on !== 'true') return undefined;
  const unchecked = has('tlsAllowInvalidCertificates') === 'true' || has('tlsInsecure') === 'true';
  const check = unchecked ? 'nothing' : has('tlsAllowInvalidHostnames') === 'true' ? 'authority' : 'name';
  return { check, authority: authorityOf(has('tlsCAFile')) };
}

function pulsar(admin: string, variables: Variables): Connection {
  const { PULSAR_WS_URL: socket, PULSAR_TOKEN: token = '', PULSAR_CA_FILE: authority } = variables;
  const url = parsed('PULSAR_ADMIN_URL', admin, ['http:', 'https:']);
  const adminUrl = url.href.replace(/\/$/, '');
  const wsUrl = socket
    ? parsed('PULSAR_WS_URL', socket, ['ws:', 'wss:']).href.replace(/\/$/, '')
    : `${adminUrl.replace(/^http/, 'ws')}/ws/v2`;
  const tls = url.protocol === 'https:' ? checked(authority || undefined) : undefined;
  if (tls && !wsUrl.startsWith('wss:')) throw unusable('PULSAR_WS_URL', 'It is in clear, and PULSAR_ADMIN_URL is not.', 'Give wss://…');
  return of('pulsar', url, tls ? 443 : 80, { token, adminUrl, wsUrl, transport: 'websocket' }, tls);
}

function influxdb(url: URL, variables: Variables): Connection {
  const { INFLUX_ORG: org = '', INFLUX_BUCKET: bucket = '', INFLUX_TOKEN: token = '', INFLUX_CA_FILE: authority } = variables;
  const tls = url.protocol === 'https:' ? checked(authority || undefined) : undefined;
  return of('influxdb', url, tls ? 443 : 80, { org, bucket, token }, tls);
}
