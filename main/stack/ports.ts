import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { NoodleError } from '../errors.ts';
import type { Definition, ServiceSpec } from '../runtime/spec.ts';

/** Host ports by `service:containerPort`. */
export type PortMap = Readonly<Record<string, number>>;

export interface PortDecision {
  readonly ports: PortMap;
  /** What to tell: a preferred port that was taken, by whom, and what is used instead. */
  readonly notices: readonly string[];
}

export interface PortQuestions {
  isFree(port: number, hostIp: string): Promise<boolean>;
  /** Who listens there, in words; undefined when the system does not tell. */
  ownerOf(port: number): Promise<string | undefined>;
  anyFree(hostIp: string): Promise<number>;
}

/**
 * A host port for everything the services publish: the remembered one, else the one asked for, else
 * a free one. Ports of `running` services are theirs already and are not asked for again.
 * @param exact ports that the person named; when one is taken that is an error, not a detour
 * @throws NoodleError port-taken, naming the owner, before anything was started
 */
export async function choosePorts(
  services: readonly ServiceSpec[],
  remembered: PortMap,
  running: PortMap,
  exact: ReadonlySet<number>,
  ask: PortQuestions,
): Promise<PortDecision> {
  const ports: Record<string, number> = {};
  const notices: string[] = [];
  const given = new Set<number>(Object.values(running));
  for (const spec of services) {
    for (const port of spec.ports) {
      const key = portKey(spec.name, port.target);
      const held = running[key];
      if (held !== undefined) {
        ports[key] = held;
        continue;
      }
      const wanted = port.published !== undefined && exact.has(port.published) ? port.published : (remembered[key] ?? port.published);
      const chosen = await choose(spec.name, wanted, port.hostIp, exact, given, ask, notices);
      given.add(chosen);
      ports[key] = chosen;
    }
  }
  return { ports, notices };
}

async function choose(
  service: string,
  wanted: number | undefined,
  hostIp: string,
  exact: ReadonlySet<number>,
  given: ReadonlySet<number>,
  ask: PortQuestions,
  notices: string[],
): Promise<number> {
  if (wanted !== undefined && !given.has(wanted) && (await ask.isFree(wanted, hostIp))) return wanted;
  if (wanted === undefined) return freeBeside(hostIp, given, ask);
  const owner = given.has(wanted) ? 'another service of this stack' : ((await ask.ownerOf(wanted)) ?? 'another program');
  if (exact.has(wanted)) {
    throw new NoodleError({
      code: 'port-taken',
      what: `Port ${wanted}, asked for by ${service}, is taken by ${owner}.`,
      todo: 'Stop that program, or give the service another port.',
    });
  }
  const free = await freeBeside(hostIp, given, ask);
  notices.push(`Port ${wanted} is taken by ${owner}; ${service} uses ${free} instead.`);
  return free;
}

async function freeBeside(hostIp: string, given: ReadonlySet<number>, ask: PortQuestions): Promise<number> {
  for (;;) {
    const port = await ask.anyFree(hostIp);
    if (!given.has(port)) return port;
  }
}

export function portKey(service: string, target: number): string {
  return `${service}:${target}`;
}

/** The definition with every published port as chosen. */
export function withPorts(definition: Definition, ports: PortMap): Definition {
  const services = Object.entries(definition.services).map(([name, spec]) => {
    const published = spec.ports.map((port) => ({ ...port, published: ports[portKey(name, port.target)] ?? port.published }));
    return [name, { ...spec, ports: published }] as const;
  });
  return { ...definition, services: Object.fromEntries(services) };
}

/** Asks this machine. */
export const localPorts: PortQuestions = {
  isFree: (port, hostIp) =>
    listen(port, hostIp).then(
      () => true,
      () => false,
    ),
  ownerOf: (port) => (process.platform === 'linux' ? linuxOwner(port) : lsofOwner(port)),
  anyFree: (hostIp) => listen(0, hostIp),
};

/** For an engine on another machine, whose ports cannot be asked for from here: it refuses by itself. */
export const remotePorts: PortQuestions = { ...localPorts, isFree: async () => true };

/** Binds the port for a moment. @returns the port bound */
function listen(port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : port));
    });
  });
}

/** Socket inode from /proc/net/tcp, then the process that has it open (proc(5)). */
async function linuxOwner(port: number): Promise<string | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => readFile(`/proc/net/${name}`, 'utf8').catch(() => '')));
  const inodes = new Set<string>();
  for (const row of tables.join('\n').split('\n')) {
    const fields = row.trim().split(/\s+/);
    const listening = fields[3] === '0A';
    if (listening && fields[1]?.endsWith(`:${hex}`) && fields[9]) inodes.add(`socket:[${fields[9]}]`);
  }
  if (inodes.size === 0) return undefined;
  for (const pid of await readdir('/proc').catch(() => [])) {
    if (!/^\d+$/.test(pid)) continue;
    const descriptors = await readdir(`/proc/${pid}/fd`).catch(() => []);
    for (const descriptor of descriptors) {
      const link = await readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => '');
      if (!inodes.has(link)) continue;
      const name = (await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')).trim();
      return `${name || 'a program'} (process ${pid})`;
    }
  }
  return 'a program of another user';
}

function lsofOwner(port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    execFile('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc'], { timeout: 3_000 }, (_error, stdout) => {
      const pid = /^p(\d+)$/m.exec(stdout)?.[1];
      const name = /^c(.+)$/m.exec(stdout)?.[1];
      resolve(pid ? `${name ?? 'a program'} (process ${pid})` : undefined);
    });
  });
}
