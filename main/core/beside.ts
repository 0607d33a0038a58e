/** A second stack beside a first one: the same definition and passwords, a name and ports of its own. */
import { rm } from 'node:fs/promises';
import type { BesideStack, Run } from '../backup/snapshots/host.ts';
import { NoodleError } from '../errors.ts';
import { isTaken, readStackRecord, type StackRecord, writeCredentials, writeStackRecord } from '../home/stack-record.ts';
import { stackName } from '../stack/definition/definition.ts';
import { localPorts, type PortMap, portKey } from '../stack/ports.ts';
import { checksOf } from './checks.ts';
import type { StackContext } from './context.ts';
import type { Stack } from './core.ts';
import { openStack } from './open.ts';

export type MakeStack = (context: StackContext) => Stack;

/** @throws NoodleError bad-argument */
export async function isFreeName({ core, runtime }: StackContext, name: string): Promise<boolean> {
  if (!stackName.test(name)) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `"${name}" cannot be a stack's name.`,
      why: 'A name is made of lower-case letters, digits, - and _, and starts with a letter or a digit.',
    });
  }
  return !isTaken(core.paths, name) && !(await runtime.stacks()).includes(name);
}

export async function makeBeside(context: StackContext, name: string, snapshot: string, make: MakeStack): Promise<BesideStack> {
  const { core, record, credentials } = context;
  await writeCredentials(core.paths, name, credentials);
  const own: StackRecord = { ...record, ports: await portsOfItsOwn(context), branchOf: { stack: context.name, snapshot } };
  await writeStackRecord(core.paths, name, own);
  const opened = await openStack(core, { stack: name, runtime: record.runtime, file: record.file ?? undefined, create: false });
  const stack = make(opened);
  return {
    ...checksOf(opened),
    up: (services, run) => stack.up(services, { seed: false, install: false }, run),
    end: (run) => stack.down({ volumes: false, snapshot: false }, run),
    connection: (service) => stack.connection(service),
    close: () => stack.close(),
  };
}

/** Only one that was branched from this stack, or was about to be. */
export async function removeBeside(context: StackContext, name: string, run: Run, make: MakeStack): Promise<void> {
  const { core } = context;
  const record = await readStackRecord(core.paths, name);
  if (record && record.branchOf?.stack !== context.name) return;
  if (record) {
    const opened = await openStack(core, { stack: name, runtime: record.runtime, file: record.file ?? undefined, create: false });
    const stack = make(opened);
    try {
      await stack.down({ volumes: true, snapshot: false }, run);
    } finally {
      await stack.close();
    }
  }
  await rm(core.paths.stack(name), { recursive: true, force: true, maxRetries: 3 });
}

/** Free ones, and none that the first stack has or wants: it may not run just now. */
async function portsOfItsOwn({ definition, record }: StackContext): Promise<PortMap> {
  const taken = new Set(Object.values(record.ports));
  const ports: Record<string, number> = {};
  for (const spec of Object.values(definition.services)) {
    for (const port of spec.ports) if (port.published !== undefined) taken.add(port.published);
  }
  for (const spec of Object.values(definition.services)) {
    for (const { target, hostIp } of spec.ports) {
      let free = await localPorts.anyFree(hostIp);
      while (taken.has(free)) free = await localPorts.anyFree(hostIp);
      taken.add(free);
      ports[portKey(spec.name, target)] = free;
    }
  }
  return ports;
}
