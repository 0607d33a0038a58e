/** What there is of a stack, in few calls made side by side: `up` on a running stack waits for little else. */
import type { NetworkInspectInfo, VolumeInspectInfo } from 'dockerode';
import type { Observed, ObservedInstance } from '../runtime.ts';
import type { Definition } from '../spec.ts';
import type { EngineClient } from './engine/client.ts';
import { refusedWith } from './engine/refusal.ts';
import { inspectContainer, listContainers, observedInstance } from './instances.ts';
import { label, ofStack } from './names.ts';

export async function observe(engine: EngineClient, definition: Definition, signal?: AbortSignal): Promise<Observed> {
  const stack = definition.name;
  const [instances, volumes, networks, provided] = await Promise.all([
    observeInstances(engine, stack, signal),
    observeVolumes(engine, definition, signal),
    observeNetworks(engine, definition, signal),
    observeImages(engine, definition, signal),
  ]);
  return { instances, volumes, networks, provided };
}

/** Stacks of ours, running or not, and those whose volumes alone are left. Other people's compose projects are none of our business. */
export async function listStacks(engine: EngineClient, signal?: AbortSignal): Promise<readonly string[]> {
  const doing = 'list stacks';
  const labelled = { label: [label.project] };
  const [containers, { Volumes }] = await Promise.all([
    engine.json<{ Labels: Record<string, string> }[]>({ path: '/containers/json', query: { all: true, filters: labelled }, signal, doing }),
    engine.json<{ Volumes: { Labels: Record<string, string> | null }[] | null }>({
      path: '/volumes',
      query: { filters: labelled },
      signal,
      doing,
    }),
  ]);
  const marks = [label.kind, label.specHash, label.stack];
  const names = [...containers, ...(Volumes ?? [])]
    .filter(({ Labels }) => marks.some((mark) => Labels?.[mark] !== undefined))
    .map(({ Labels }) => Labels?.[label.project] ?? '');
  return [...new Set(names)].sort();
}

async function observeInstances(engine: EngineClient, stack: string, signal?: AbortSignal): Promise<readonly ObservedInstance[]> {
  const listed = await listContainers(engine, stack, undefined, signal);
  const inspected = await Promise.all(listed.map(({ Id }) => inspectContainer(engine, Id, signal)));
  return inspected.filter((container) => container !== undefined).map(observedInstance);
}

async function observeVolumes(engine: EngineClient, { name, volumes }: Definition, signal?: AbortSignal): Promise<readonly string[]> {
  const doing = `list the volumes of ${name}`;
  const foreign = Object.values(volumes).filter(({ external }) => external);
  const [own, others] = await Promise.all([
    engine.json<{ Volumes: VolumeInspectInfo[] | null }>({ path: '/volumes', query: { filters: ofStack(name) }, signal, doing }),
    existing(engine, foreign, (volume) => `/volumes/${encodeURIComponent(volume)}`, signal),
  ]);
  return [...(own.Volumes ?? []).map(({ Name }) => Name), ...others];
}

async function observeNetworks(engine: EngineClient, { name, networks }: Definition, signal?: AbortSignal): Promise<readonly string[]> {
  const foreign = Object.values(networks).filter(({ external }) => external);
  const [own, others] = await Promise.all([
    engine.json<NetworkInspectInfo[]>({
      path: '/networks',
      query: { filters: ofStack(name) },
      signal,
      doing: `list the networks of ${name}`,
    }),
    existing(engine, foreign, (network) => `/networks/${encodeURIComponent(network)}`, signal),
  ]);
  return [...own.map(({ Name }) => Name), ...others];
}

async function observeImages(
  engine: EngineClient,
  { services }: Definition,
  signal?: AbortSignal,
): Promise<Readonly<Record<string, boolean>>> {
  const images = [...new Set(Object.values(services).map(({ image }) => image))];
  const here = await existing(
    engine,
    images.map((name) => ({ name })),
    imagePath,
    signal,
  );
  return Object.fromEntries(images.map((image) => [image, here.includes(image)]));
}

/** An image's name is part of the path as it is, slashes included. */
export function imagePath(image: string): string {
  return `/images/${image.split('/').map(encodeURIComponent).join('/')}/json`;
}

/** Those of the named things that the engine has. */
async function existing(
  engine: EngineClient,
  things: readonly { readonly name: string }[],
  path: (name: string) => string,
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const found = await Promise.all(things.map(({ name }) => exists(engine, path(name), name, signal)));
  return things.filter((_, at) => found[at]).map(({ name }) => name);
}

async function exists(engine: EngineClient, path: string, name: string, signal?: AbortSignal): Promise<boolean> {
  try {
    await engine.run({ path, signal, doing: `look for ${name}` });
    return true;
  } catch (error) {
    if (refusedWith(error, 404)) return false;
    throw error;
  }
}
