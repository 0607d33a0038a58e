/** One key as a bundle holds it: a line of JSON. Values are told by type, so that any version of Redis takes them. */
import { z } from 'zod';
import { bytesOf, nameOf } from '../bytes.ts';
import { type Argv, asArray, asBytes, type Reply } from '../link.ts';

const Bytes = z.string();
const common = {
  key: Bytes,
  /** ms left when it was read; null: for good */
  ttl: z.number().int().positive().nullable(),
};

/** Bytes are written as `nameOf` does. */
export const Entry = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal('string'), value: Bytes }),
  z.strictObject({ ...common, type: z.literal('list'), elements: z.array(Bytes) }),
  z.strictObject({ ...common, type: z.literal('set'), elements: z.array(Bytes) }),
  z.strictObject({ ...common, type: z.literal('zset'), members: z.array(z.tuple([Bytes, z.string()])) }),
  z.strictObject({ ...common, type: z.literal('hash'), fields: z.array(z.tuple([Bytes, Bytes])) }),
  /** Streams, and types of modules: as DUMP gives them. */
  z.strictObject({ ...common, type: z.literal('other'), named: z.string(), dump: z.base64() }),
]);
export type Entry = z.infer<typeof Entry>;

/** The command that reads a value. */
export function readCommand(type: string, key: Buffer): Argv {
  switch (type) {
    case 'string':
      return ['GET', key];
    case 'list':
      return ['LRANGE', key, 0, -1];
    case 'set':
      return ['SMEMBERS', key];
    case 'zset':
      return ['ZRANGE', key, 0, -1, 'WITHSCORES'];
    case 'hash':
      return ['HGETALL', key];
    default:
      return ['DUMP', key];
  }
}

/** @returns undefined when the key has gone since its type was asked */
export function entryOf(key: Buffer, type: string, ttl: number | null, reply: Reply): Entry | undefined {
  const head = { key: nameOf(key), ttl };
  const list = () => asArray(reply).map((each) => nameOf(asBytes(each)));
  if (reply === null || (Array.isArray(reply) && reply.length === 0)) return undefined;
  switch (type) {
    case 'string':
      return { ...head, type, value: nameOf(asBytes(reply)) };
    case 'list':
    case 'set':
      return { ...head, type, elements: list() };
    case 'zset':
      return { ...head, type, members: pairs(list()) };
    case 'hash':
      return { ...head, type, fields: pairs(list()) };
    default:
      return { ...head, type: 'other', named: type, dump: asBytes(reply).toString('base64') };
  }
}

/** Elements sent in one command. */
const atOnce = 1_000;

/** The commands that make the key anew, without its time to live. @throws NoodleError bad-argument for bytes that are none */
export function writeCommands(entry: Entry): readonly Argv[] {
  const key = bytesOf(entry.key);
  switch (entry.type) {
    case 'string':
      return [['SET', key, bytesOf(entry.value)]];
    case 'list':
      return chunked(entry.elements.map(bytesOf), (chunk) => ['RPUSH', key, ...chunk]);
    case 'set':
      return chunked(entry.elements.map(bytesOf), (chunk) => ['SADD', key, ...chunk]);
    case 'zset':
      return chunked(entry.members, (chunk) => ['ZADD', key, ...chunk.flatMap(([member, score]) => [score, bytesOf(member)])]);
    case 'hash':
      return chunked(entry.fields, (chunk) => ['HSET', key, ...chunk.flatMap(([field, value]) => [bytesOf(field), bytesOf(value)])]);
    case 'other':
      return [['RESTORE', key, 0, Buffer.from(entry.dump, 'base64')]];
  }
}

function chunked<T>(items: readonly T[], command: (chunk: readonly T[]) => Argv): readonly Argv[] {
  return Array.from({ length: Math.ceil(items.length / atOnce) }, (_, at) => command(items.slice(at * atOnce, (at + 1) * atOnce)));
}

function pairs(flat: readonly string[]): [string, string][] {
  return Array.from({ length: Math.floor(flat.length / 2) }, (_, at) => [flat[at * 2]!, flat[at * 2 + 1]!]);
}

/** Whether an id stands in a key: as all of it, as one of its parts, or as all behind a colon. */
export function carriesId(key: string, ids: ReadonlySet<string>): boolean {
  if (ids.has(key)) return true;
  for (let at = key.indexOf(':'); at >= 0; at = key.indexOf(':', at + 1)) if (ids.has(key.slice(at + 1))) return true;
  return key.split(/[:|/{}]/).some((part) => ids.has(part));
}

/** `session:` of `session:4711`: what keys are counted by. */
export function prefixOf(key: string): string {
  const colon = key.indexOf(':');
  return colon > 0 ? key.slice(0, colon + 1) : '';
}
