/** Ports that servers listen on: free before a start, and a server's own ones the same for ever. */
import { createServer } from 'node:net';
import { NoodleError } from '../../errors.ts';
import { readJson, writeFileAtomic } from '../../home/files.ts';
import type { ServiceSpec } from '../spec.ts';

/** @throws NoodleError port-taken */
export async function assertFree(spec: ServiceSpec, ports: readonly number[]): Promise<void> {
  for (const port of ports) {
    if (await isFree(port)) continue;
    throw new NoodleError({
      code: 'port-taken',
      what: `Port ${port}, which ${spec.name} listens on, is taken by another program.`,
      todo: 'Stop that program, or give the service another port.',
    });
  }
}

/** One service's own ports by name; those not known yet are chosen now and kept. */
export async function internalPorts(file: string, names: readonly string[]): Promise<Readonly<Record<string, number>>> {
  if (names.length === 0) return {};
  const read = await readJson(file, (value) => value as Record<string, number>);
  const known = read.state === 'read' ? read.value : {};
  const missing = names.filter((name) => known[name] === undefined);
  if (missing.length === 0) return known;
  const chosen = await Promise.all(missing.map(async (name) => [name, await freePort()] as const));
  const all = { ...known, ...Object.fromEntries(chosen) };
  await writeFileAtomic(file, `${JSON.stringify(all, null, 2)}\n`, 0o600);
  return all;
}

function isFree(port: number): Promise<boolean> {
  return bind(port).then(
    () => true,
    () => false,
  );
}

function freePort(): Promise<number> {
  return bind(0);
}

/** Listens for a moment. @returns the port */
function bind(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}
