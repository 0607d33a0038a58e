/** One million keys scanned into the panel's tree, against `redis-cli --scan` of the same server. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { serversFolder } from '../main/home/paths.ts';
import { limits } from '../main/limits.ts';
import { librariesOf } from '../main/runtime/native/provision/packages.ts';
import type { Connection } from '../main/services/kind.ts';
import { asArray, asText, RedisLink } from '../main/services/redis/link.ts';
import { server } from '../main/services/redis/native.ts';
import { openSession } from '../main/services/redis/session.ts';
import { withServers } from '../test/lab/servers.ts';
import { type Bench, Skip } from './bench.ts';
import { inTurn, timed } from './measure.ts';

const keys = 1_000_000;

/** Keys as the stack has them: a word and a uuid. */
const fill = `
for i = tonumber(ARGV[1]), tonumber(ARGV[2]) do
  local hex = redis.sha1hex(i)
  local id = string.sub(hex, 1, 8) .. '-' .. string.sub(hex, 9, 12) .. '-' .. string.sub(hex, 13, 16) .. '-' .. string.sub(hex, 17, 20) .. '-' .. string.sub(hex, 21, 32)
  redis.call('SET', (({'session', 'compilation', 'model', 'profile'})[i % 4 + 1]) .. ':' .. id, i)
end`;

export const cache: Bench = {
  async run(rounds) {
    const found = await server.find({ env: process.env, servers: serversFolder(process.env) });
    if (!found) throw new Skip('Redis is not on this machine: noodlebox servers install redis');
    const cli = join(dirname(found.path), 'redis-cli');
    if (!existsSync(cli)) throw new Skip('redis-cli is not beside redis-server');
    const servers = await withServers(['redis']);
    try {
      const connection = servers.connections.redis;
      if (!connection) throw new Skip(servers.lacks.redis ?? 'Redis did not come up');
      await load(connection);
      const env = { ...process.env, ...librariesOf(found.path), REDISCLI_AUTH: connection.parts.password };
      const scan = ['-h', connection.host, '-p', String(connection.port), '--scan'];
      const blocked: number[] = [];
      const memory: number[] = [];
      const ours = () => scanIntoTree(connection, blocked, memory);
      // The first is for warming up.
      await ours();
      blocked.length = 0;
      memory.length = 0;
      const asIs = await inTurn(rounds, ours, () => timed(cli, scan, env, 'drop'));
      const alike = await inTurn(rounds, ours, () => driverAlone(connection));
      return [
        {
          kind: 'comparison',
          name: '1,000,000 keys scanned into the tree',
          ours: asIs.ours,
          peer: asIs.peer,
          unit: 's',
          bound: { at: 'most', ratio: 1.2 },
          note: 'against redis-cli --scan (10 keys a step)',
        },
        {
          kind: 'comparison',
          name: 'the same, steps of 1,000 alike',
          ours: alike.ours,
          peer: alike.peer,
          unit: 's',
          bound: { at: 'most', ratio: 2 },
          note: 'against the driver alone (ioredis), keys thrown away',
        },
        {
          kind: 'figure',
          name: 'longest the core was blocked meanwhile',
          values: blocked,
          unit: 'ms',
          note: 'with what others took of the processor',
        },
        { kind: 'figure', name: 'memory of the tree', values: memory, unit: 'MiB', note: 'resident, grown since before' },
      ] as const;
    } finally {
      await servers.close();
    }
  },
};

/** The same steps by the driver, with nothing kept. @returns seconds */
async function driverAlone(connection: Connection): Promise<number> {
  const link = new RedisLink(connection, { name: 'bench' });
  const begun = performance.now();
  let cursor = '0';
  do {
    const [next] = asArray(await link.call('SCAN', cursor, 'COUNT', limits.scanCount));
    cursor = asText(next) ?? '0';
  } while (cursor !== '0');
  link.close();
  return (performance.now() - begun) / 1000;
}

async function load(connection: Connection): Promise<void> {
  const link = new RedisLink(connection, { name: 'bench' });
  for (let at = 1; at <= keys; at += 20_000) await link.call('EVAL', fill, 0, at, at + 19_999);
  link.close();
}

/** From asking to a tree whose first page can be shown. @returns seconds */
async function scanIntoTree(connection: Connection, blocked: number[], memory: number[]): Promise<number> {
  const session = await openSession(connection, { spool: () => Promise.reject(new Error('nothing is spooled')) });
  const before = process.memoryUsage().rss;
  const delay = monitorEventLoopDelay({ resolution: 5 });
  delay.enable();
  const begun = performance.now();
  const browser = session.browse({ pattern: '', type: null, delimiter: ':', open: [] });
  await browser.run();
  await browser.rows(0, 200);
  const seconds = (performance.now() - begun) / 1000;
  delay.disable();
  const { matched, state } = browser.state();
  if (matched !== keys || state !== 'done') throw new Error(`Only ${matched} keys were found.`);
  blocked.push(delay.max / 1e6);
  memory.push(Math.max(0, process.memoryUsage().rss - before) / 2 ** 20);
  await session.close();
  return seconds;
}
