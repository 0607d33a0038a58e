/**
 * A thin client of the Docker Engine API (https://docs.docker.com/reference/api/engine/).
 *
 * dockerode is not used to talk: importing it costs 100 to 170 ms (it brings ssh2, gRPC and
 * protobufjs along), which is half of what `up` may take when everything is up already; its types are.
 */
import { type Agent, type ClientRequest, request as httpRequest, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { asNoodleError } from '../../../errors.ts';
import { EngineRefusal, engineLost } from './refusal.ts';

export interface EngineCall {
  readonly method?: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Without version and query: `/containers/json`. */
  readonly path: string;
  /** Left out where undefined; objects go as JSON, as the engine's `filters` want it. */
  readonly query?: Readonly<Record<string, string | number | boolean | object | undefined>>;
  /** Sent as JSON, or as a tar archive when it is a Buffer. */
  readonly body?: object | Buffer;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** For errors, as it follows "could not": `start postgres`. */
  readonly doing: string;
}

/** The newest version of the API this client was written for; older engines are spoken to in theirs. */
const newestVersion = [1, 47] as const;

/** The engine's answer to starting what runs and stopping what has stopped. */
const alreadySo = 304;

export class EngineClient {
  readonly #agent: Agent;
  readonly #open = new Set<ClientRequest>();
  #prefix = '';

  constructor(agent: Agent) {
    this.#agent = agent;
  }

  /** One answer, whole, as JSON; undefined when it is empty. @throws NoodleError engine-lost, EngineRefusal, cancelled */
  async json<T>(call: EngineCall): Promise<T> {
    const response = await this.send(call);
    const text = await readText(response, call);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  }

  /** For the effect alone. */
  async run(call: EngineCall): Promise<void> {
    const response = await this.send(call);
    await readText(response, call);
  }

  /** The answer's body as it comes. The caller reads it to its end or destroys it. */
  async send(call: EngineCall): Promise<IncomingMessage> {
    const response = await this.#exchange(call);
    this.#agreeOnVersion(response.headers['api-version']);
    const status = response.statusCode ?? 0;
    if ((status >= 200 && status < 300) || status === alreadySo) return response;
    throw new EngineRefusal(status, refusalMessage(await readText(response, call)), call.doing);
  }

  /**
   * A connection of its own to a process in a container: what is written to it is its input, what is read comes in
   * frames (`logs/frames.ts`). It takes no signal: the caller destroys it.
   */
  async hijack(call: EngineCall): Promise<Duplex> {
    const body = Buffer.from(JSON.stringify(call.body ?? {}));
    const { promise, resolve, reject } = Promise.withResolvers<Duplex>();
    const request = httpRequest({
      agent: this.#agent,
      host: 'docker',
      method: call.method ?? 'POST',
      path: this.#prefix + call.path + queryString(call.query),
      headers: { connection: 'Upgrade', upgrade: 'tcp', 'content-type': 'application/json', 'content-length': body.length },
    });
    this.#open.add(request);
    request.once('close', () => this.#open.delete(request));
    request.once('upgrade', (_response, socket, head) => {
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.once('response', (response) => {
      readText(response, call).then(
        (text) => reject(new EngineRefusal(response.statusCode ?? 0, refusalMessage(text), call.doing)),
        reject,
      );
    });
    request.on('error', (error) => reject(engineLost(error, call.doing)));
    request.end(body);
    return promise;
  }

  /** Ends every open request and connection. */
  close(): void {
    for (const request of this.#open) request.destroy(new Error('the connection to the engine was closed'));
    this.#agent.destroy();
  }

  async #exchange(call: EngineCall): Promise<IncomingMessage> {
    try {
      return await this.#once(call);
    } catch (error) {
      throw call.signal?.aborted ? asNoodleError(new DOMException('cancelled', 'AbortError')) : engineLost(error, call.doing);
    }
  }

  /** A kept connection that the other side had closed just then is no loss: the request is made on a fresh one. */
  async #once(call: EngineCall, again = true): Promise<IncomingMessage> {
    const body = call.body === undefined || Buffer.isBuffer(call.body) ? call.body : Buffer.from(JSON.stringify(call.body));
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const request = httpRequest({
      agent: this.#agent,
      host: 'docker',
      method: call.method ?? 'GET',
      path: this.#prefix + call.path + queryString(call.query),
      headers: {
        ...call.headers,
        ...(body && { 'content-type': Buffer.isBuffer(call.body) ? 'application/x-tar' : 'application/json' }),
        ...(call.method && call.method !== 'GET' && { 'content-length': body?.length ?? 0 }),
      },
      signal: call.signal,
    });
    this.#open.add(request);
    request.once('close', () => this.#open.delete(request));
    request.once('response', resolve);
    request.on('error', (error: NodeJS.ErrnoException) => {
      const stale = again && request.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      if (stale && !call.signal?.aborted) this.#once(call, false).then(resolve, reject);
      else reject(error);
    });
    request.end(body);
    return promise;
  }

  #agreeOnVersion(offered: string | string[] | undefined): void {
    if (this.#prefix !== '' || typeof offered !== 'string') return;
    const [major = 0, minor = 0] = offered.split('.').map(Number);
    const newer = major > newestVersion[0] || (major === newestVersion[0] && minor > newestVersion[1]);
    this.#prefix = `/v${newer ? newestVersion.join('.') : offered}`;
  }
}

/** The chunks of an answer's body. An abort ends it quietly; a broken connection is `engine-lost`. */
export async function* chunks(response: IncomingMessage, call: Pick<EngineCall, 'signal' | 'doing'>): AsyncGenerator<Buffer> {
  try {
    yield* response as AsyncIterable<Buffer>;
  } catch (error) {
    if (call.signal?.aborted) return;
    throw engineLost(error, call.doing);
  }
}

async function readText(response: IncomingMessage, call: EngineCall): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of chunks(response, call)) parts.push(part);
  call.signal?.throwIfAborted();
  return Buffer.concat(parts).toString('utf8');
}

function queryString(query: EngineCall['query'] = {}): string {
  const parameters = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined) parameters.set(name, typeof value === 'object' ? JSON.stringify(value) : String(value));
  }
  const text = parameters.toString();
  return text && `?${text}`;
}

/** Engines answer `{"message": …}`; proxies before them answer text. */
function refusalMessage(body: string): string {
  try {
    const { message, cause } = JSON.parse(body) as { message?: string; cause?: string };
    return message ?? cause ?? body;
  } catch {
    return body.slice(0, 500);
  }
}
