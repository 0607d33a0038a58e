/** What panels ask of the broker: its REST calls with errors for people, and names that are checked before anything is opened by them. */
import { NoodleError } from '../../errors.ts';
import { limits } from '../../limits.ts';
import { connecting, unreachable } from '../connect.ts';
import type { Connection } from '../kind.ts';
import { classify, PulsarHttpError } from './errors.ts';
import { type CallOptions, fetchPulsar } from './http.ts';
import { partition, segments, type Topic, topicUrl } from './topic.ts';

export interface Request {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Segments below `/admin/v2`, not encoded. */
  readonly path: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

export interface Broker {
  readonly connection: Connection;
  /** @returns the JSON answered, undefined for none. @throws NoodleError not-found, conflict, bad-argument, query-failed, service-unreachable */
  call<T>(request: Request, signal?: AbortSignal): Promise<T>;
  get<T>(path: readonly string[], query?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<T>;
  /** The answer itself, for what stands in its headers. */
  fetch(request: Request, signal?: AbortSignal): Promise<Response>;
  /** Partitions of a topic that is there; 0 for one without. Asking makes no topic, as opening a reader or producer would. @throws NoodleError not-found */
  partitions(topic: Topic, signal?: AbortSignal): Promise<number>;
  /** The topics that hold the messages: itself, or its partitions. @throws NoodleError not-found */
  parts(topic: Topic, signal?: AbortSignal): Promise<readonly TopicPart[]>;
}

export interface TopicPart {
  readonly topic: Topic;
  /** null: of a topic without partitions */
  readonly partition: number | null;
}

export function openBroker(connection: Connection): Broker {
  const fetching = async ({ method, path, query, body }: Request, signal?: AbortSignal) => {
    const timeout = AbortSignal.timeout(limits.topicsCallTimeout);
    const options: CallOptions = { query, body, signal: signal ? AbortSignal.any([signal, timeout]) : timeout };
    try {
      // A person waits for the answer: no retries.
      return await connecting(() => fetchPulsar(connection, method, ['admin', 'v2', ...path], options), connection, classify, signal, []);
    } catch (error) {
      throw forPeople(error, connection);
    }
  };
  const call = async <T>(request: Request, signal?: AbortSignal): Promise<T> => {
    const text = await (await fetching(request, signal)).text();
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const partitions = async (topic: Topic, signal?: AbortSignal) => {
    const { partitions } = await call<{ partitions: number }>({ method: 'GET', path: [...topicSegments(topic), 'partitions'] }, signal);
    return partitions;
  };
  return {
    connection,
    call,
    get: (path, query, signal) => call({ method: 'GET', path, query }, signal),
    fetch: fetching,
    partitions,
    async parts(topic, signal) {
      const count = await partitions(topic, signal);
      if (count === 0) return [{ topic, partition: null }];
      return Array.from({ length: count }, (_, number) => ({ topic: partition(topic, number), partition: number }));
    },
  };
}

/** Path of a topic below `/admin/v2`. */
export function topicSegments({ tenant, namespace, name }: Topic): string[] {
  return ['persistent', tenant, namespace, name];
}

/**
 * Path of a subscription below that of its topic. The broker decodes subscriptions' names twice, so they are encoded once
 * more than the path is.
 */
export function subscriptionSegments(topic: Topic, subscription: string): string[] {
  return [...topicSegments(topic), 'subscription', encodedOnce(subscription)];
}

/** For names in a path that the broker decodes twice. @throws NoodleError bad-argument */
export function encodedOnce(name: string): string {
  return segments([name]);
}

/** An answer of the broker in the words of the error catalogue. */
export function forPeople(error: unknown, connection: Connection): unknown {
  if (error instanceof Error && error.name === 'TimeoutError') return unreachable('Pulsar', connection, error);
  if (!(error instanceof PulsarHttpError)) return error;
  const why = error.message;
  const code = (
    {
      400: 'bad-argument',
      404: 'not-found',
      405: 'bad-argument',
      409: 'conflict',
      412: 'bad-argument',
      413: 'too-large',
      422: 'bad-argument',
    } as const
  )[error.status as 400];
  return new NoodleError(
    { code: code ?? 'query-failed', what: what[code ?? 'query-failed'] ?? 'Pulsar could not do this.', why },
    { cause: error },
  );
}

const what: Readonly<Record<string, string>> = {
  'not-found': 'Pulsar does not have this.',
  conflict: 'Pulsar refuses: it is in use, or there already.',
  'bad-argument': 'Pulsar does not take this.',
};

/** @throws NoodleError not-found, named, for a topic that is not there */
export async function mustExist(broker: Broker, topic: Topic, signal?: AbortSignal): Promise<number> {
  try {
    return await broker.partitions(topic, signal);
  } catch (error) {
    if (!(error instanceof NoodleError) || error.code !== 'not-found') throw error;
    throw new NoodleError(
      {
        code: 'not-found',
        what: `There is no topic ${topicUrl(topic)}.`,
        todo: 'Create it first: reading or publishing makes no topics here.',
      },
      { cause: error },
    );
  }
}
