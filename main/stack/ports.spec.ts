import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { serviceSpec } from '../../test/support/specs.ts';
import { choosePorts, localPorts, type PortQuestions } from './ports.ts';

const db = serviceSpec('db', { ports: [{ target: 5432, published: 5432, hostIp: '127.0.0.1', protocol: 'tcp' }] });
const twin = serviceSpec('twin', { ports: [{ target: 5432, published: 5432, hostIp: '127.0.0.1', protocol: 'tcp' }] });

/** A machine on which the given ports are taken by somebody. */
function machine(taken: Readonly<Record<number, string>>): PortQuestions {
  let next = 40_000;
  return {
    isFree: async (port) => !(port in taken),
    ownerOf: async (port) => taken[port],
    anyFree: async () => next++,
  };
}

describe('choosing host ports', () => {
  it('takes the port asked for when it is free', async () => {
    const { ports, notices } = await choosePorts([db], {}, {}, new Set(), machine({}));
    expect(ports).toEqual({ 'db:5432': 5432 });
    expect(notices).toEqual([]);
  });

  it('moves to a free port and names who has the preferred one', async () => {
    const { ports, notices } = await choosePorts([db], {}, {}, new Set(), machine({ 5432: 'postgres (process 7)' }));
    expect(ports).toEqual({ 'db:5432': 40_000 });
    expect(notices).toEqual(['Port 5432 is taken by postgres (process 7); db uses 40000 instead.']);
  });

  it('refuses when the taken port was named by a person', async () => {
    const choosing = choosePorts([db], {}, {}, new Set([5432]), machine({ 5432: 'postgres (process 7)' }));
    await expect(choosing).rejects.toMatchObject({ code: 'port-taken', message: expect.stringContaining('postgres (process 7)') });
  });

  it('keeps the port of a service that runs, and prefers the remembered one for the rest', async () => {
    const { ports } = await choosePorts([db, twin], { 'twin:5432': 6000 }, { 'db:5432': 7000 }, new Set(), machine({ 7000: 'db itself' }));
    expect(ports).toEqual({ 'db:5432': 7000, 'twin:5432': 6000 });
  });

  it('never gives one port to two services', async () => {
    const { ports, notices } = await choosePorts([db, twin], {}, {}, new Set(), machine({}));
    expect(ports).toEqual({ 'db:5432': 5432, 'twin:5432': 40_000 });
    expect(notices[0]).toContain('another service of this stack');
  });

  it.runIf(process.platform === 'linux')('finds this process as the owner of a port it listens on', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as { port: number };
    try {
      expect(await localPorts.isFree(port, '127.0.0.1')).toBe(false);
      expect(await localPorts.ownerOf(port)).toContain(`process ${process.pid}`);
    } finally {
      server.close();
    }
  });
});
