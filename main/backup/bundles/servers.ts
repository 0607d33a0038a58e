/**
 * Servers that a bundle is pulled from, told by connection strings: the variables that `noodlebox env` prints, in a file,
 * or in the environment with NOODLEBOX_PULL_ before their names. Never in arguments, which everybody on a machine can see.
 */
import { parseEnv } from 'node:util';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { NoodleError } from '../../errors.ts';
import type { Connection } from '../../services/kind.ts';

export const pullPrefix = 'NOODLEBOX_PULL_';

type Variables = Readonly<Record<string, string | undefined>>;

/** @throws NoodleError bad-argument for a line that is no variable of ours, or a URL that cannot be used; no error holds a secret */
export function serversOf(variables: Variables): readonly Connection[] {
  const get = (name: string) => variables[name] || undefined;
  const made = [
    get('DATABASE_URL') && postgres(parsed('DATABASE_URL', get('DATABASE_URL')!, ['postgres:', 'postgresql:'])),
    get('REDIS_URL') && redis(parsed('REDIS_URL', get('REDIS_URL')!, ['redis:'])),
    get('PULSAR_ADMIN_URL') && pulsar(get('PULSAR_ADMIN_URL')!, get('PULSAR_WS_URL'), get('PULSAR_TOKEN') ?? ''),
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
  if (url.protocol === 'rediss:' || url.protocol === 'mongodb+srv:') {
    throw wrong(
      `${url.protocol}// is not spoken yet.`,
      'Forward the port (ssh -L, kubectl port-forward) and give the address on this machine.',
    );
  }
  if (!protocols.includes(url.protocol)) throw wrong(`It begins with ${url.protocol}// and not with ${protocols.map((each) => `${each}//`).join(' or ')}.`); // biome-ignore format: one line
  if (url.hostname === '') throw wrong('It names no host.');
  return url;
}

function of(kind: ServiceKindName, url: URL, port: number, parts: Readonly<Record<string, string>>): Connection {
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
  };
}

const user = (url: URL) => ({ user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) });
const pathOf = (url: URL) => decodeURIComponent(url.pathname.replace(/^\//, ''));

function isLoopback(host: string): boolean {
  return /^(localhost|127\.[\d.]+|\[::1\]|)$/.test(host);
}

function postgres(url: URL): Connection {
  const mode = url.searchParams.get('sslmode') ?? 'prefer';
  if (!['require', 'disable'].includes(mode) && !mode.startsWith('verify-') && !isLoopback(url.hostname)) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'DATABASE_URL does not say whether rows may cross the network in clear.',
      why: `sslmode=${mode} leaves it to the server.`,
      todo: 'Give sslmode=require, or sslmode=disable where the network is your own.',
    });
  }
  if (mode.startsWith('verify-')) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'DATABASE_URL cannot be used.',
      why: `sslmode=${mode} asks for a certificate to be checked, which is not done yet.`,
      todo: 'Give sslmode=require where that is enough, or forward the port.',
    });
  }
  const { user: name, password } = user(url);
  return of('postgres', url, 5432, {
    user: name,
    password,
    database: pathOf(url) || name,
    ...(mode === 'require' ? { tls: 'require' } : {}),
  });
}

function redis(url: URL): Connection {
  const database = pathOf(url) || '0';
  if (database !== '0') {
    throw new NoodleError({ code: 'bad-argument', what: 'REDIS_URL cannot be used.', why: `Database ${database}: only 0 is looked into.` });
  }
  return of('redis', url, 6379, { ...user(url), database });
}

function mongodb(url: URL, database: string | undefined): Connection {
  return of('mongodb', url, 27017, { ...user(url), database: database ?? (pathOf(url) || 'test') });
}

function pulsar(admin: string, socket: string | undefined, token: string): Connection {
  const url = parsed('PULSAR_ADMIN_URL', admin, ['http:', 'https:']);
  const adminUrl = url.href.replace(/\/$/, '');
  const wsUrl = socket
    ? parsed('PULSAR_WS_URL', socket, ['ws:', 'wss:']).href.replace(/\/$/, '')
    : `${adminUrl.replace(/^http/, 'ws')}/ws/v2`;
  return of('pulsar', url, url.protocol === 'https:' ? 443 : 80, { token, adminUrl, wsUrl, transport: 'websocket' });
}

function influxdb(url: URL, variables: Variables): Connection {
  const { INFLUX_ORG: org = '', INFLUX_BUCKET: bucket = '', INFLUX_TOKEN: token = '' } = variables;
  return of('influxdb', url, url.protocol === 'https:' ? 443 : 80, { org, bucket, token });
}
