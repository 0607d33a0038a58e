import { limits } from '../../limits.ts';
import { fetchFrom } from '../fetch.ts';
import type { Connection } from '../kind.ts';
import { isLoopback } from '../loopback.ts';
import { PulsarHttpError } from './errors.ts';
import { segments } from './topic.ts';

export interface CallOptions {
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly signal?: AbortSignal;
}

/**
 * One call of the broker's HTTP API; each part of the path is encoded.
 * @throws PulsarHttpError for a status of 400 and above, and fetch's own errors
 */
export async function fetchPulsar(
  connection: Connection,
  method: string,
  path: readonly string[],
  options: CallOptions = {},
): Promise<Response> {
  const url = new URL(`/${segments(path)}`, connection.parts.adminUrl);
  for (const [name, value] of Object.entries(options.query ?? {})) url.searchParams.set(name, value);
  const timeout = AbortSignal.timeout(limits.connectTimeout);
  const answer = await fetchFrom(connection, url, {
    method,
    headers: {
      ...plainHere(url),
      ...authorization(connection),
      ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    body: options.body === undefined ? undefined : JSON.stringify(options.body),
    signal: options.signal ? AbortSignal.any([options.signal, timeout]) : timeout,
  });
  if (!answer.ok) throw new PulsarHttpError(answer.status, reasonIn(await answer.text()));
  return answer;
}

/** On this machine compressing an answer takes longer than sending it as it is. */
function plainHere({ hostname }: URL): Record<string, string> {
  return isLoopback(hostname) ? { 'accept-encoding': 'identity' } : {};
}

/** The header that carries the token; none when the broker asks for none. */
export function authorization({ parts }: Connection): Record<string, string> {
  return parts.token ? { authorization: `Bearer ${parts.token}` } : {};
}

/** Errors come as `{"reason": …}`, some as text or as a page of Jetty's. */
function reasonIn(body: string): string {
  try {
    const { reason } = JSON.parse(body) as { readonly reason?: unknown };
    return typeof reason === 'string' ? reason : '';
  } catch {
    if (!body.startsWith('<')) return body.slice(0, 500);
    return /<th>MESSAGE:<\/th><td>([^<]*)<\/td>/.exec(body)?.[1] ?? '';
  }
}
