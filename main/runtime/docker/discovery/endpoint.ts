/** Where an engine listens. */
import { NoodleError } from '../../../errors.ts';

export type Endpoint =
  /** A Unix socket or a Windows named pipe. */
  | { readonly transport: 'socket'; readonly path: string }
  | { readonly transport: 'tcp'; readonly host: string; readonly port: number; readonly tls: TlsMaterial | undefined }
  /** `ssh` runs `docker system dial-stdio` over there, as the docker command does. */
  | {
      readonly transport: 'ssh';
      readonly host: string;
      readonly user: string | undefined;
      readonly port: number | undefined;
      readonly socket: string | undefined;
    };

/** PEM contents; undefined parts are the system's. */
export interface TlsMaterial {
  readonly ca: Buffer | undefined;
  readonly cert: Buffer | undefined;
  readonly key: Buffer | undefined;
  /** False only where the docker settings say so (`SkipTLSVerify`, DOCKER_TLS without DOCKER_TLS_VERIFY). */
  readonly verify: boolean;
}

/** Ports of the docker documentation. */
const plainPort = 2375;
const tlsPort = 2376;

/**
 * An address as DOCKER_HOST takes it: unix://, npipe://, tcp://, http://, https://, ssh://, or `host:port`.
 * @throws NoodleError bad-argument
 */
export function parseEndpoint(address: string, tls: TlsMaterial | undefined): Endpoint {
  const text = address.includes('://') ? address : `tcp://${address}`;
  const [scheme = '', rest = ''] = text.split('://', 2);
  if (scheme === 'unix') return { transport: 'socket', path: rest || '/var/run/docker.sock' };
  if (scheme === 'npipe') return { transport: 'socket', path: rest || '//./pipe/docker_engine' };
  if (scheme === 'tcp' || scheme === 'http' || scheme === 'https') {
    const url = parseUrl(`http://${rest}`, address);
    const secured = tls ?? (scheme === 'https' ? systemTls : undefined);
    const written = /:(\d+)\/?$/.exec(rest)?.[1];
    return { transport: 'tcp', host: bare(url.hostname), port: written ? Number(written) : secured ? tlsPort : plainPort, tls: secured };
  }
  if (scheme === 'ssh') {
    const url = parseUrl(`ssh://${rest}`, address);
    return {
      transport: 'ssh',
      host: bare(url.hostname),
      user: decodeURIComponent(url.username) || undefined,
      port: url.port ? Number(url.port) : undefined,
      socket: url.pathname.length > 1 ? url.pathname : undefined,
    };
  }
  throw badAddress(address, `"${scheme}" is none of unix, npipe, tcp, http, https and ssh.`);
}

/** On another machine, so that its ports are not ours. */
export function isRemote(endpoint: Endpoint): boolean {
  if (endpoint.transport === 'socket') return false;
  return endpoint.transport === 'ssh' || !/^(localhost|127\.[\d.]+|::1)$/.test(endpoint.host);
}

/** The endpoint as DOCKER_HOST would name it. */
export function formatEndpoint(endpoint: Endpoint): string {
  if (endpoint.transport === 'socket') return `${/^(\/\/|\\\\)[.?]/.test(endpoint.path) ? 'npipe' : 'unix'}://${endpoint.path}`;
  const host = endpoint.host.includes(':') ? `[${endpoint.host}]` : endpoint.host;
  if (endpoint.transport === 'tcp') return `tcp://${host}:${endpoint.port}`;
  return `ssh://${endpoint.user ? `${endpoint.user}@` : ''}${host}${endpoint.port ? `:${endpoint.port}` : ''}${endpoint.socket ?? ''}`;
}

const systemTls: TlsMaterial = { ca: undefined, cert: undefined, key: undefined, verify: true };

function parseUrl(text: string, address: string): URL {
  const url = URL.parse(text);
  if (!url?.hostname) throw badAddress(address, 'It names no host.');
  if (url.password)
    throw badAddress(address.replace(`:${url.password}@`, ':***@'), 'A password in the address would show in process lists; use keys.');
  return url;
}

/** A host without the brackets of IPv6. */
function bare(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function badAddress(address: string, why: string): NoodleError {
  return new NoodleError({
    code: 'bad-argument',
    what: `"${address}" is not the address of a container engine.`,
    why,
    todo: 'Give it as unix:///path, tcp://host:port or ssh://user@host.',
  });
}
