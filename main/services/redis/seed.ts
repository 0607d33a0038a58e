/** Seeding Redis: data by pipelines. All of it is gone after an hour, and so is the mark: then it may be loaded again. */
import { z } from 'zod';
import { entry, type KeyShape, keyCounts, keyShapes } from '../../../seeds/redis/keys.ts';
import { limits } from '../../limits.ts';
import { readDeclared } from '../declared.ts';
import type { Connection } from '../kind.ts';
import type { LedgerEntry, LoadMark, Migration, SeedTarget } from '../seed-target.ts';
import { type Command, openRedis, type RedisClient } from './client.ts';

const ledgerKey = 'noodlebox:ledger';
const loadKey = 'noodlebox:load';
const shapesKey = 'noodlebox:shapes';

const shape = z.strictObject({
  key: z.string(),
  value: z.enum(['json', 'integer']),
  seconds: z.number().int().positive().optional(),
  about: z.string(),
});
const declared = z.strictObject({ shapes: z.record(z.string(), shape) });

/** @throws NoodleError wrong-password, service-unreachable */
export async function openSeedTarget(connection: Connection): Promise<SeedTarget> {
  const client = await openRedis(connection);
  return {
    kind: 'redis',
    async ledger() {
      const flat = await client.command<string[]>('HVALS', ledgerKey);
      return flat.map((text) => JSON.parse(text) as LedgerEntry).sort((a, b) => a.id.localeCompare(b.id));
    },
    migrate: (migration) => migrate(client, migration),
    async loadMark() {
      const text = await client.command<string | null>('GET', loadKey);
      return text === null ? undefined : (JSON.parse(text) as LoadMark);
    },
    setLoadMark: async (mark) => void (await client.command(...keepMark(mark))),
    parts(sizes) {
      const counts = keyCounts(sizes);
      return keyShapes.map((name) => ({ name: `${name}:*`, items: counts[name], batch: limits.seedBatch }));
    },
    async load(dataset, { part, from, to }, mark) {
      const commands: Command[] = [];
      for (let index = from; index < to; index++) {
        const { key, value } = entry(dataset, part.slice(0, -2) as KeyShape, index);
        // Counters outlive the rest: when it is loaded again after its hour, what was counted since stays.
        commands.push(
          typeof value === 'number' ? ['SETNX', key, value] : ['SETEX', key, limits.cacheLifetimeSeconds, JSON.stringify(value)],
        );
      }
      await client.pipeline([...commands, keepMark(mark)]);
    },
    async clear(_, signal) {
      for (const name of keyShapes) {
        for await (const keys of client.scan(`${name}:*`, signal)) await client.command('UNLINK', ...keys);
      }
    },
    async counts() {
      const rows = await client.command<number[]>('EVAL', countKeys, 0, limits.scanCount, ...keyShapes);
      return keyShapes.map((name, index) => ({ name: `${name}:*`, rows: rows[index]! }));
    },
    close: () => client.close(),
  };
}

function keepMark(mark: LoadMark): Command {
  return ['SETEX', loadKey, limits.cacheLifetimeSeconds, JSON.stringify(mark)];
}

/** All of it at once or not at all: MULTI. */
async function migrate(client: RedisClient, migration: Migration): Promise<void> {
  const { shapes } = readDeclared(migration, declared);
  const { id, checksum } = migration;
  await client.pipeline([
    ['MULTI'],
    ...Object.entries(shapes).map(([name, said]): Command => ['HSET', shapesKey, name, JSON.stringify(said)]),
    ['HSET', ledgerKey, id, JSON.stringify({ id, checksum, state: 'applied', at: Date.now() } satisfies LedgerEntry)],
    ['EXEC'],
  ]);
}

/**
 * Counts keys by the part before their first colon. In one script, because a SCAN that other commands
 * come between may tell a key twice; a key that has expired is not told.
 */
const countKeys = `
local counts, place = {}, {}
for i = 2, #ARGV do counts[i - 1] = 0; place[ARGV[i]] = i - 1 end
local cursor = '0'
repeat
  local step = redis.call('SCAN', cursor, 'COUNT', ARGV[1])
  cursor = step[1]
  for _, key in ipairs(step[2]) do
    local at = place[string.match(key, '^([^:]*):')]
    if at then counts[at] = counts[at] + 1 end
  end
until cursor == '0'
return counts
`;
