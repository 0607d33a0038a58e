import { expect, it } from 'vitest';
import type { Connection } from '../../../main/services/kind.ts';
import { kindOf } from '../../../main/services/registry.ts';
import type { ServiceKindName } from '../../../preload/contract/kinds.ts';
import { connectionOf, freePorts, type Servers } from '../../lab/servers.ts';

/** What holds for the `verify` of every kind of server. */
export function verifiesAsEveryKindDoes(kind: ServiceKindName, servers: () => Servers): void {
  const forever = new AbortController().signal;
  const verify = async (connection: Connection, signal: AbortSignal) => (await kindOf(kind).access()).verify(connection, signal);

  it('tells its version to the real user', async (test) => {
    const facts = await verify(connectionOf(servers(), kind, test), forever);
    expect(facts.version).toMatch(/\d|dev/);
  });

  it('refuses another password or token, and says what to do', async (test) => {
    const connection = connectionOf(servers(), kind, test);
    const wrong = { ...connection, parts: { ...connection.parts, password: 'not-this-one', token: 'not-this-one' } };
    await expect(verify(wrong, forever)).rejects.toMatchObject({
      code: 'wrong-password',
      problem: { todo: expect.any(String), command: expect.stringMatching(/^noodlebox /) },
    });
  });

  it('is not waited for once the caller has cancelled', async (test) => {
    const { connection } = await closed(connectionOf(servers(), kind, test));
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 100);
    await expect(verify(connection, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
  });

  it('is named with its address when it cannot be reached, after the retries', async (test) => {
    const { connection, port } = await closed(connectionOf(servers(), kind, test));
    await expect(verify(connection, forever)).rejects.toMatchObject({
      code: 'service-unreachable',
      problem: { what: expect.stringContaining(`127.0.0.1:${port}`), why: expect.stringContaining('ECONNREFUSED') },
    });
  });
}

/** The same connection, to a port that nothing listens on. */
async function closed(connection: Connection): Promise<{ connection: Connection; port: number }> {
  const [port = 0] = await freePorts(1);
  const moved = (url: string) => url.replace(/:\d+(?=$|\/)/, `:${port}`);
  const parts = Object.entries(connection.parts).map(([name, value]) => [name, name.endsWith('Url') ? moved(value) : value]);
  return { connection: { ...connection, port, url: moved(connection.url), parts: Object.fromEntries(parts) }, port };
}
