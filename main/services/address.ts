import { NoodleError } from '../errors.ts';
import type { ServiceSpec } from '../runtime/spec.ts';

/** Where a service's published ports are reached: host ports by container port. */
export interface Address {
  readonly host: string;
  readonly ports: ReadonlyMap<number, number>;
}

/**
 * The host port behind a container port.
 * @throws NoodleError service-unreachable when the service does not publish it
 */
export function publishedPort(spec: ServiceSpec, address: Address, target: number): number {
  const port = address.ports.get(target);
  if (port !== undefined) return port;
  throw new NoodleError({
    code: 'service-unreachable',
    what: `${spec.name} publishes no port for ${target}.`,
    why: 'Without it nothing on this machine can connect to the service.',
    todo: `Add "127.0.0.1:${target}:${target}" to the ports of ${spec.name} in its compose file, or start it.`,
  });
}

/** `host:port` as a URL has it: IPv6 in brackets. */
export function hostPort(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/**
 * The `user:password@` of a URL, percent-encoded; empty when there is neither.
 * `encodeURIComponent` leaves `!'()*` alone, which RFC 3986 allows in userinfo but shells and some parsers trip over.
 */
export function userInfo(user: string, password: string): string {
  if (user === '' && password === '') return '';
  return password === '' ? `${encode(user)}@` : `${encode(user)}:${encode(password)}@`;
}

/** One path segment or query value of a URL. */
export function encode(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** A URL as people may see it: `***` where the password stands. */
export function maskedUrl(url: (password: string) => string, password: string): string {
  return password === '' ? url('') : url('\0').replace('%00', '***');
}
