/** Making, starting, stopping and removing. Each act may be repeated: what is so already is no error. */
import { setTimeout as pause } from 'node:timers/promises';
import { limits } from '../../limits.ts';
import type { Definition, NetworkSpec, ServiceSpec, VolumeSpec } from '../spec.ts';
import { aliases, containerOptions, graceSeconds, networkNames } from './container.ts';
import { removeHelpers } from './copies/helper.ts';
import type { EngineCall, EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { putFiles } from './files.ts';
import { inspectContainer, onContainer } from './instances.ts';
import { containerName, label, networkLabels, volumeLabels } from './names.ts';
import { unpauseContainer } from './pause.ts';

export async function createNetwork(engine: EngineClient, stack: string, network: NetworkSpec): Promise<void> {
  const body = { Name: network.name, CheckDuplicate: true, Internal: network.internal, Labels: networkLabels(stack, network) };
  await tolerating(409, engine.run({ method: 'POST', path: '/networks/create', body, doing: `create the network ${network.name}` }));
}

export async function removeNetwork(engine: EngineClient, network: NetworkSpec): Promise<void> {
  await tolerating(
    404,
    engine.run({ method: 'DELETE', path: `/networks/${encodeURIComponent(network.name)}`, doing: `remove the network ${network.name}` }),
  );
}

export async function createVolume(engine: EngineClient, stack: string, volume: VolumeSpec): Promise<void> {
  const body = { Name: volume.name, Labels: volumeLabels(stack, volume) };
  await engine.run({ method: 'POST', path: '/volumes/create', body, doing: `create the volume ${volume.name}` });
}

export async function removeVolume(engine: EngineClient, stack: string, { name }: VolumeSpec): Promise<void> {
  const removing = () =>
    tolerating(404, engine.run({ method: 'DELETE', path: `/volumes/${encodeURIComponent(name)}`, doing: `remove the volume ${name}` }));
  try {
    await removing();
  } catch (error) {
    if (!refusedWith(error, 409)) throw error;
    // A killed process may have left a helper that has it.
    await removeHelpers(engine, stack, { volumes: [name] });
    await removing();
  }
}

/** A container that could not join all its networks is not left behind. */
export async function createContainer(
  engine: EngineClient,
  definition: Definition,
  spec: ServiceSpec,
  specHash: string,
  signal: AbortSignal,
): Promise<void> {
  const name = containerName(definition.name, spec.name);
  const body = containerOptions(definition, spec, specHash);
  await engine.run({ method: 'POST', path: '/containers/create', query: { name }, body, signal, doing: `create ${name}` });
  try {
    for (const network of networkNames(definition, spec).slice(1)) {
      const joining = { Container: name, EndpointConfig: { Aliases: aliases(definition.name, spec) } };
      await engine.run({
        method: 'POST',
        path: `/networks/${encodeURIComponent(network)}/connect`,
        body: joining,
        signal,
        doing: `join ${name} to ${network}`,
      });
    }
  } catch (error) {
    await engine
      .run({ method: 'DELETE', path: `/containers/${name}`, query: { force: true }, doing: `remove ${name}` })
      .catch(() => undefined);
    throw error;
  }
}

/**
 * Configuration files go in before the first start rather than at creation, so that being killed
 * between the two leaves nothing that would start without them.
 */
export async function startContainer(engine: EngineClient, stack: string, spec: ServiceSpec, signal: AbortSignal): Promise<void> {
  await onContainer(engine, stack, spec.name, async (container) => {
    if (spec.configs.length > 0 && (await isOursAndNew(engine, container, signal))) await putFiles(engine, container, spec.configs, signal);
    try {
      await engine.run({ method: 'POST', path: `/containers/${container}/start`, signal, doing: `start ${spec.name}` });
    } catch (error) {
      // One that was left paused runs as soon as it is let go.
      if (!refusedWith(error, 409, 500) || (await inspectContainer(engine, container, signal))?.State.Status !== 'paused') throw error;
      await unpauseContainer(engine, stack, spec.name);
    }
  });
}

export async function stopContainer(engine: EngineClient, stack: string, spec: ServiceSpec, signal: AbortSignal): Promise<void> {
  const stopping = onContainer(engine, stack, spec.name, (container) =>
    engine.run({
      method: 'POST',
      path: `/containers/${container}/stop`,
      query: { t: graceSeconds(spec) },
      signal,
      doing: `stop ${spec.name}`,
    }),
  );
  await tolerating(404, stopping);
}

/** With the anonymous volumes that its image declares and nobody named: they would be left behind, unreachable. */
export async function removeContainer(engine: EngineClient, stack: string, service: string): Promise<void> {
  const removing = onContainer(engine, stack, service, (container) =>
    removeOnce(engine, { method: 'DELETE', path: `/containers/${container}`, query: { v: true }, doing: `remove ${service}` }, container),
  );
  await tolerating(404, removing);
}

async function removeOnce(engine: EngineClient, call: EngineCall, container: string): Promise<void> {
  try {
    await engine.run(call);
  } catch (error) {
    if (!refusedWith(error, 409) || !/already in progress/i.test(error.problem.why ?? '')) throw error;
    const deadline = Date.now() + limits.removalWait;
    while (await inspectContainer(engine, container)) {
      if (Date.now() > deadline) throw error;
      await pause(limits.probeInterval);
    }
  }
}

/** Compose mounts the files into containers of its own, read-only; and what has run has them already. */
async function isOursAndNew(engine: EngineClient, container: string, signal: AbortSignal): Promise<boolean> {
  const found = await inspectContainer(engine, container, signal);
  return found?.State.Status === 'created' && found.Config.Labels[label.specHash] !== undefined;
}

async function tolerating(status: number, act: Promise<void>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!refusedWith(error, status)) throw error;
  }
}
