import { NoodleError } from '../../errors.ts';
import { encode } from '../address.ts';

/** A persistent topic by its parts, none of them encoded. */
export interface Topic {
  readonly tenant: string;
  readonly namespace: string;
  readonly name: string;
}

/** A topic of the stack's own namespace. */
export function stackTopic(name: string): Topic {
  return { tenant: 'public', namespace: 'default', name };
}

/** `persistent://tenant/namespace/name`, as Pulsar's own clients take it. @throws NoodleError bad-argument */
export function topicUrl(topic: Topic): string {
  return `persistent://${checked(topic.tenant)}/${checked(topic.namespace)}/${checked(topic.name)}`;
}

/** The topic's three segments of a URL path. @throws NoodleError bad-argument */
export function topicPath(topic: Topic): string {
  return segments([topic.tenant, topic.namespace, topic.name]);
}

/** Path segments, each encoded. `.` and `..` would be taken as steps through the path even when encoded. @throws NoodleError bad-argument */
export function segments(names: readonly string[]): string {
  return names.map((name) => encode(checked(name))).join('/');
}

function checked(name: string): string {
  if (name !== '' && name !== '.' && name !== '..' && !/[\u0000-\u001f\u007f/\\]/.test(name)) return name;
  throw new NoodleError({
    code: 'bad-argument',
    what: `${JSON.stringify(name)} cannot be a name in Pulsar.`,
    todo: 'Choose one without slashes, backslashes and control characters.',
  });
}

/** Reads `persistent://tenant/namespace/name`, `tenant/namespace/name`, or a name of the stack's own namespace. @throws NoodleError bad-argument */
export function parseTopic(text: string): Topic {
  const match = /^(?:persistent:\/\/)?([^/]+)\/([^/]+)\/([^/]+)$/.exec(text);
  const topic = match ? { tenant: match[1]!, namespace: match[2]!, name: match[3]! } : stackTopic(text);
  topicPath(topic);
  return topic;
}

/** The topic that a partition is one of, and which. */
export function partitionOf(topic: Topic): { readonly topic: Topic; readonly partition: number } | undefined {
  const match = /^(.+)-partition-(\d{1,6})$/.exec(topic.name);
  return match ? { topic: { ...topic, name: match[1]! }, partition: Number(match[2]) } : undefined;
}

export function partition(topic: Topic, number: number): Topic {
  return { ...topic, name: `${topic.name}-partition-${number}` };
}
