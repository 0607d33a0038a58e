import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { escapePattern, openRedis } from '../../../main/services/redis/client.ts';
import { redisRepositories } from '../../../main/services/redis/repositories.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from './hostile.ts';
import { verifiesAsEveryKindDoes } from './verifying.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(['redis']);
});
afterAll(() => servers?.close());

describe('Redis', () => {
  verifiesAsEveryKindDoes('redis', () => servers);

  it('keeps hostile ids and values as they are, for an hour', async (test) => {
    const client = await openRedis(connectionOf(servers, 'redis', test));
    const { sessions, compilations, models, counters } = redisRepositories(client);
    for (const text of hostile) {
      const session = { user_id: text, username: text, created_at: text };
      await sessions.set(text, session);
      expect(await sessions.get(text)).toEqual(session);
      expect(await client.command('TTL', `session:${text}`)).toBeGreaterThan(3_590);
      const result = { job_id: text, project_id: text, status: text, optimization_level: 1, execution_time: null, memory_usage: null };
      await compilations.set(text, result);
      expect(await compilations.get(text)).toEqual(result);
      const model = { model_id: text, project_id: text, name: text, model_type: text, model_size: 1, status: text };
      await models.set(text, model);
      expect(await models.get(text)).toEqual(model);
      expect([await counters.increment(text), await counters.increment(text), await counters.get(text)]).toEqual([1, 2, 2]);

      const found: string[] = [];
      for await (const keys of client.scan(`session:${escapePattern(text)}`)) found.push(...keys);
      expect(new Set(found)).toEqual(new Set([`session:${text}`]));
      expect(await sessions.delete(text)).toBe(true);
      expect(await sessions.get(text)).toBeUndefined();
    }
    await client.close();
  });

  it('answers a pipeline in order, and throws the first error in it', async (test) => {
    const client = await openRedis(connectionOf(servers, 'redis', test));
    expect(await client.pipeline([['SET', 'p', 1], ['INCR', 'p'], ['DEL', 'p']])).toEqual(['OK', 2, 1]); // biome-ignore format: one line a pipeline
    await expect(client.pipeline([['INCR'], ['PING']])).rejects.toThrow(/wrong number of arguments/);
    await client.close();
  });
});
