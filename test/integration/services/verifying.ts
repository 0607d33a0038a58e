import { expect, it } from 'vitest';
import type { Connection } from '../../../main/services/kind.ts';
import { kindOf } from '../../../main/services/registry.ts';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { connectionOf, type Servers } from '../../lab/servers.ts';

/** What holds for the `verify` of every kind of server. */
export function verifiesAsEveryKindDoes(kind: ServiceKindName, servers: () => Servers): void {
  const verify = async (connection: Connection) => (await kindOf(kind).access()).verify(connection, new AbortController().signal);

  it('tells its version to the real user', async (test) => {
    const facts = await verify(connectionOf(servers(), kind, test));
    expect(facts.version).toMatch(/\d|dev/);
  });

  it('refuses another password or token, and says what to do', async (test) => {
    const connection = connectionOf(servers(), kind, test);
    const wrong = { ...connection, parts: { ...connection.parts, password: 'not-this-one', token: 'not-this-one' } };
    await expect(verify(wrong)).rejects.toMatchObject({
      code: 'wrong-password',
      problem: { todo: expect.any(String), command: expect.stringMatching(/^noodlebox /) },
    });
  });
}
