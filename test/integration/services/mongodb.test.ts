import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askCapabilities, lacksOf } from '../../../main/services/mongodb/capabilities.ts';
import { openMongodb } from '../../../main/services/mongodb/client.ts';
import { documentRepositories } from '../../../main/services/mongodb/documents.ts';
import { verify } from '../../../main/services/mongodb/verify.ts';
import { connectionOf, type Servers, withServers } from '../../lab/servers.ts';
import { hostile } from './hostile.ts';
import { verifiesAsEveryKindDoes } from './verifying.ts';

let servers: Servers;
beforeAll(async () => {
  servers = await withServers(['mongodb']);
});
afterAll(() => servers?.close());

describe('MongoDB', () => {
  verifiesAsEveryKindDoes('mongodb', () => servers);

  it('keeps hostile documents as they are, one an id', async (test) => {
    const client = await openMongodb(connectionOf(servers, 'mongodb', test));
    const { profiles, projects, models } = documentRepositories(client);
    for (const text of hostile) {
      await profiles.save({ user_id: text, display_name: text, preferences: { note: text } });
      await profiles.save({ user_id: text, display_name: `${text}!`, preferences: {} });
      await projects.save({ project_id: text, title: text, content: text, tags: [text] });
      await models.save({ model_id: text, name: text, model_type: text, parameters: { note: text } });
      const profile = await profiles.get(text);
      expect(profile).toMatchObject({ display_name: `${text}!`, created_at: expect.any(Date) });
      expect(profile!.updated_at.getTime()).toBeGreaterThanOrEqual(profile!.created_at.getTime());
      expect(await projects.get(text)).toMatchObject({ tags: [text] });
      expect(await models.get(text)).toMatchObject({ parameters: { note: text } });
    }
    expect(await profiles.list({ limit: 100 })).toHaveLength(hostile.length);
    await client.database.dropDatabase();
    await client.close();
  });

  it('takes an id that is an operator for a value, so that it finds nothing', async (test) => {
    const client = await openMongodb(connectionOf(servers, 'mongodb', test));
    const { profiles } = documentRepositories(client);
    await profiles.save({ user_id: 'someone', display_name: 'x', preferences: {} });
    const operator = JSON.parse('{"$ne":null}');
    expect(await profiles.get(operator).catch(() => undefined)).toBeUndefined();
    expect(await profiles.delete(operator).catch(() => false)).toBe(false);
    expect(await profiles.get('someone')).toBeDefined();
    await client.database.dropDatabase();
    await client.close();
  });

  it('tells what it can do, and leaves nothing behind by being asked', async (test) => {
    const client = await openMongodb(connectionOf(servers, 'mongodb', test));
    const capabilities = await askCapabilities(client.database);
    const { notes } = await verify(connectionOf(servers, 'mongodb', test), new AbortController().signal);
    for (const lack of lacksOf(capabilities)) expect(notes.join(' ')).toContain(lack);
    expect(notes.length === 0).toBe(lacksOf(capabilities).length === 0);
    expect(await client.database.listCollections().toArray()).toEqual([]);
    await client.close();
  });
});
