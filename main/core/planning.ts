/** What a plan is made of: the definition with its ports, what was observed, and what is known of each service's data. */
import type { Observed } from '../runtime/runtime.ts';
import type { Definition } from '../runtime/spec.ts';
import { kindOf } from '../services/registry.ts';
import { specHash } from '../stack/definition/hash.ts';
import { withDependencies } from '../stack/order.ts';
import type { UpInput } from '../stack/plan.ts';
import { choosePorts, localPorts, portKey, remotePorts, withPorts } from '../stack/ports.ts';
import { instanceOf, type StackContext } from './context.ts';
import { type FactsByService, readFacts, runOf, seenReady } from './facts.ts';
import { seedsChecksum } from './fill.ts';

/** The definition with a host port for everything that will run. */
export async function placed(context: StackContext, observed: Observed, services: readonly string[]) {
  const wanted = withDependencies(context.definition, services);
  const running: Record<string, number> = {};
  for (const instance of observed.instances) {
    if (instance.state === 'exited' || instance.state === 'created') continue;
    for (const port of instance.ports) running[portKey(instance.service, port.target)] = port.published;
  }
  const ask = context.info.remote ? remotePorts : localPorts;
  const { ports, notices } = await choosePorts(wanted, context.record.ports, running, context.exactPorts, ask);
  return { definition: withPorts(context.definition, ports), ports, notices };
}

export async function upInput(
  context: StackContext,
  definition: Definition,
  observed: Observed,
  services: readonly string[],
  seed: boolean,
): Promise<UpInput> {
  const wanted = withDependencies(definition, services);
  const guarded = wanted.filter((spec) => spec.kind && kindOf(spec.kind).dataVersion).map((spec) => spec.name);
  const facts = await readFacts(context.core.paths.facts(context.name));
  return {
    definition,
    observed: seenReady(observed, facts),
    services,
    specHashes: hashes(definition),
    seed: seed && context.record.filled === undefined ? await unfilled(facts, definition, observed, services) : new Set(),
    guarded: new Set(guarded),
  };
}

/** Services that nobody has seen filled since they started. */
async function unfilled(
  facts: FactsByService,
  definition: Definition,
  observed: Observed,
  services: readonly string[],
): Promise<Set<string>> {
  const names = new Set<string>();
  for (const spec of withDependencies(definition, services)) {
    if (!spec.kind) continue;
    const instance = instanceOf(observed, spec.name);
    const known = facts[spec.name];
    const seen = instance?.state === 'running' && known?.run === runOf(instance);
    if (!seen || known?.seeds !== (await seedsChecksum(spec))) names.add(spec.name);
  }
  return names;
}

export function hashes(definition: Definition): Record<string, string> {
  return Object.fromEntries(Object.values(definition.services).map((spec) => [spec.name, specHash(spec)]));
}

/** Services that hold data of a kind that can be seeded. */
export function kinds(definition: Definition): Set<string> {
  return new Set(
    Object.values(definition.services)
      .filter((spec) => spec.kind)
      .map((spec) => spec.name),
  );
}
