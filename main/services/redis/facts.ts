/** What this server is and can do, as it says itself: commands that were renamed away, those the user may not run, modules. */
import type { CacheFacts } from '../../../preload/contract/cache-models.ts';
import { asArray, asNumber, asRecord, asText, type RedisLink, type Reply } from './link.ts';
import { parseInfo } from './verify.ts';

/** Commands this panel uses, each with one harmless way to call it and what is missing without it. */
const used: readonly (readonly [name: string, example: readonly string[], lack: string])[] = [
  ['CONFIG', ['CONFIG', 'GET', 'maxmemory'], 'settings cannot be read: live changes need them to be on already'],
  ['MONITOR', ['MONITOR'], 'the profiler cannot watch'],
  ['SLOWLOG', ['SLOWLOG', 'GET', '1'], 'the slow log cannot be read'],
  ['CLIENT', ['CLIENT', 'LIST'], 'clients cannot be listed'],
  ['MEMORY', ['MEMORY', 'USAGE', 'key'], 'memory cannot be measured'],
  ['OBJECT', ['OBJECT', 'ENCODING', 'key'], 'encodings are not told'],
  ['SCAN', ['SCAN', '0'], 'keys cannot be browsed'],
  ['UNLINK', ['UNLINK', 'key'], 'keys cannot be deleted in bulk'],
  ['DUMP', ['DUMP', 'key'], 'keys cannot be exported'],
  ['RESTORE', ['RESTORE', 'key', '0', 'x'], 'keys cannot be imported'],
  ['WATCH', ['WATCH', 'key'], 'values cannot be edited safely'],
  ['EVAL', ['EVAL', 'return 1', '0'], 'scripts cannot run'],
  ['PSUBSCRIBE', ['PSUBSCRIBE', '*'], 'live changes cannot be watched'],
  ['FLUSHDB', ['FLUSHDB'], 'nobody empties the database by a slip of the hand'],
  ['FLUSHALL', ['FLUSHALL'], 'nobody empties the server by a slip of the hand'],
  ['KEYS', ['KEYS', '*'], 'keys are listed by SCAN, as they should be'],
];

export async function readFacts(link: RedisLink): Promise<CacheFacts> {
  const [info, size, who, modules, commands, notify, shapes] = await link.pipeline([
    ['INFO'],
    ['DBSIZE'],
    ['ACL', 'WHOAMI'],
    ['MODULE', 'LIST'],
    ['COMMAND', 'INFO', ...used.map(([name]) => name)],
    ['CONFIG', 'GET', 'notify-keyspace-events'],
    ['HGETALL', 'noodlebox:shapes'],
  ]);
  const server = parseInfo(info instanceof Error ? '' : (asText(info) ?? ''));
  const user = who instanceof Error ? 'default' : (asText(who) ?? 'default');
  const absent = commands instanceof Error ? [] : used.flatMap(([name], at) => (asArray(commands)[at] === null ? [name] : []));
  const refused = await refusedTo(link, user, absent);
  const json = moduleNames(modules).some((name) => /json/i.test(name));
  const notes = [
    ...absent.map((name) => `${name} is not on this server (renamed away): ${lackOf(name)}.`),
    ...refused.map((name) => `User ${user} may not run ${name}: ${lackOf(name)}.`),
    ...(json ? [] : ['The JSON module is not there: JSON is kept in strings.']),
  ];
  return {
    product: server.valkey_version ? 'Valkey' : 'Redis',
    version: server.valkey_version ?? server.redis_version ?? 'unknown',
    user,
    keys: asNumber(size) ?? 0,
    maxmemory: Number(server.maxmemory ?? 0),
    policy: server.maxmemory_policy ?? '',
    notify: notify instanceof Error ? null : (asText(asArray(notify)[1]) ?? null),
    missing: [...absent, ...refused],
    json,
    notes,
    shapes: shapesOf(shapes),
  };
}

/** ACL DRYRUN asks without running anything; where it may not be asked itself, errors will tell. */
async function refusedTo(link: RedisLink, user: string, absent: readonly string[]): Promise<string[]> {
  const asked = used.filter(([name]) => !absent.includes(name));
  const replies = await link.pipeline(asked.map(([, example]) => ['ACL', 'DRYRUN', user, ...example]));
  return asked.flatMap(([name], at) => {
    const reply = replies[at];
    return Buffer.isBuffer(reply) && reply.toString() !== 'OK' && /has no permissions to run/.test(reply.toString()) ? [name] : [];
  });
}

function lackOf(name: string): string {
  return used.find(([each]) => each === name)![2];
}

function moduleNames(reply: Reply | undefined): string[] {
  if (reply instanceof Error) return [];
  return asArray(reply).map((each) => asText(asRecord(each).name) ?? '');
}

function shapesOf(reply: Reply | undefined): CacheFacts['shapes'] {
  if (reply instanceof Error) return [];
  return Object.entries(asRecord(reply)).flatMap(([name, said]) => {
    try {
      const { key, about } = JSON.parse(asText(said) ?? '') as { key?: unknown; about?: unknown };
      return typeof key === 'string' && typeof about === 'string' ? [{ name, key, about }] : [];
    } catch {
      return [];
    }
  });
}
