import { expect, it } from 'vitest';
import type { Connection } from '../../../main/services/kind.ts';
import { kindOf } from '../../../main/services/registry.ts';
import { type ServiceKindName, serviceKindNames } from '../../../preload/contract/kinds.ts';
import { freePorts } from '../../lab/servers.ts';
import { serviceSpec } from '../../support/specs.ts';

it.concurrent.each(serviceKindNames)('%s that does not run is named with its address after the retries', async (kind) => {
  const [connection, port] = await toNobody(kind);
  await expect(verify(connection, new AbortController().signal)).rejects.toMatchObject({
    code: 'service-unreachable',
    problem: { what: expect.stringContaining(`127.0.0.1:${port}`), why: expect.stringContaining('ECONNREFUSED') },
  });
});

it.each(serviceKindNames)('%s is not waited for once the caller has cancelled', async (kind) => {
  const [connection] = await toNobody(kind);
  const abort = new AbortController();
  setTimeout(() => abort.abort(), 100);
  await expect(verify(connection, abort.signal)).rejects.toMatchObject({ name: 'AbortError' });
});

async function verify(connection: Connection, signal: AbortSignal) {
  return (await kindOf(connection.kind).access()).verify(connection, signal);
}

/** A connection to a port that nothing listens on. */
async function toNobody(kind: ServiceKindName): Promise<readonly [Connection, number]> {
  const [port = 0] = await freePorts(1);
  const ports = new Map([kindOf(kind).port, 8080].map((target) => [target, port]));
  return [kindOf(kind).connection(serviceSpec(kind), { host: '127.0.0.1', ports }), port];
}
