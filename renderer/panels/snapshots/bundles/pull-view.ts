/** Servers to pull from, as a person types them. */
import { type PullServer, pullAddressProblem, pullAuthorityLength, type ServiceKindName } from '../../../../preload/contract/index.ts';

/** One server; nothing of it is kept once the dialog is gone. */
export interface Typed {
  readonly url: string;
  /** Of Pulsar and InfluxDB. */
  readonly token: string;
  /** Of InfluxDB. */
  readonly org: string;
  /** Of InfluxDB. */
  readonly bucket: string;
  /** Certificates, PEM; null: none are asked for. */
  readonly authority: string | null;
}

export type TypedServers = Readonly<Record<ServiceKindName, Typed>>;

const nothing: Typed = { url: '', token: '', org: '', bucket: '', authority: null };
export const noServers: TypedServers = { postgres: nothing, redis: nothing, pulsar: nothing, mongodb: nothing, influxdb: nothing };

/** What a server is reached by, by example. */
export const addressExamples: Readonly<Record<ServiceKindName, string>> = {
  postgres: 'postgres://me:…@db.example.org/shop?sslmode=verify-full',
  redis: 'rediss://:…@cache.example.org:6379',
  pulsar: 'https://broker.example.org',
  mongodb: 'mongodb://me:…@db.example.org/shop?tls=true',
  influxdb: 'https://metrics.example.org',
};

export function takesToken(kind: ServiceKindName): boolean {
  return kind === 'pulsar' || kind === 'influxdb';
}

/** Why a server's connection string cannot be used; null when it can, and while there is none. */
export function addressProblem(kind: ServiceKindName, { url }: Typed): string | null {
  return url.trim() === '' ? null : pullAddressProblem(kind, url.trim());
}

export function tokenProblem({ token }: Typed): string | null {
  return /^[\x21-\x7e]*$/.test(token.trim()) ? null : 'A token is made of visible ASCII characters, without spaces';
}

export function authorityProblem({ authority }: Typed): string | null {
  if (authority === null || authority.trim() === '') return null;
  if (authority.length > pullAuthorityLength) return 'That is too much for a certificate authority';
  return authority.includes('-----BEGIN CERTIFICATE-----') ? null : 'PEM begins with -----BEGIN CERTIFICATE-----';
}

/** Those that are named; null while there are none, or something of one is missing or wrong. */
export function serversOf(typed: TypedServers): PullServer[] | null {
  const named = Object.entries(typed).filter(([, { url }]) => url.trim() !== '') as [ServiceKindName, Typed][];
  const wrong = named.some(
    ([kind, each]) =>
      addressProblem(kind, each) !== null || (takesToken(kind) && tokenProblem(each) !== null) || authorityProblem(each) !== null,
  );
  return named.length === 0 || wrong ? null : named.map(([kind, each]) => serverOf(kind, each));
}

function serverOf(kind: ServiceKindName, typed: Typed): PullServer {
  const [url, token, authority] = [typed.url.trim(), typed.token.trim(), typed.authority?.trim() || null];
  switch (kind) {
    case 'pulsar':
      return { kind, url, token, authority };
    case 'influxdb':
      return { kind, url, token, org: typed.org.trim(), bucket: typed.bucket.trim(), authority };
    default:
      return { kind, url, authority };
  }
}
