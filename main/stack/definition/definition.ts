/** A compose file as a Definition. The keys that are honoured are listed in docs/compose.md; any other is an error. */
import { readFile } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { NoodleError } from '../../errors.ts';
import { isMissing } from '../../home/files.ts';
import type { Definition, NetworkSpec, VolumeSpec } from '../../runtime/spec.ts';
import { parseYaml, type Value } from './document.ts';
import type { Variables } from './interpolate.ts';
import { readService, type Surroundings } from './service.ts';

/** Compose project names: what the engine takes, so that no name needs escaping anywhere. */
export const stackName = /^[a-z0-9][a-z0-9_-]{0,62}$/;

export interface ReadOptions {
  /** The stack's name; default: the file's own `name`, else its folder's. */
  readonly name?: string;
  readonly variables: Variables;
}

/** @throws NoodleError definition-missing, definition-invalid, definition-key-unsupported, variable-missing, each naming file and line */
export async function readDefinition(file: string, options: ReadOptions): Promise<Definition> {
  const path = resolve(file);
  const root = parseYaml(path, await readComposeFile(path), options.variables);
  root.only(['name', 'services', 'volumes', 'networks', 'configs']);
  const name = options.name ?? nameFrom(root, path);
  const volumes = readVolumes(root.get('volumes'), name);
  const networks = readNetworks(root.get('networks'), name);
  const around: Surroundings = {
    folder: dirname(path),
    volumes: new Set(Object.keys(volumes)),
    networks: new Set(Object.keys(networks)),
    configs: await readConfigs(root.get('configs'), dirname(path)),
  };
  const written = root.get('services');
  if (!written || written.entries().length === 0) throw root.error('it has no services');
  const services = Object.fromEntries(written.entries().map(([service, value]) => [service, readService(service, value, around)]));
  const definition: Definition = { name, file: path, services, volumes, networks };
  checkDependencies(written, definition);
  return definition;
}

/** The file's own name, else its folder's with what a name cannot hold left out, as compose does. */
function nameFrom(root: Value, path: string): string {
  const written = root.get('name');
  const name = written
    ? written.text()
    : basename(dirname(path))
        .toLowerCase()
        .replaceAll(/[^a-z0-9_-]/g, '')
        .replace(/^[_-]+/, '');
  if (stackName.test(name)) return name;
  throw (written ?? root).error(`"${name}" is no name for a stack: lower-case letters, digits, - and _, starting with a letter or digit`);
}

async function readComposeFile(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new NoodleError(
      {
        code: 'definition-missing',
        what: `The compose file ${path} cannot be read.`,
        why: isMissing(error) ? 'It is not there.' : (error as Error).message,
      },
      { cause: error },
    );
  }
}

function readVolumes(value: Value | undefined, stack: string): Record<string, VolumeSpec> {
  const entries = value?.entries() ?? [];
  return Object.fromEntries(
    entries.map(([key, volume]) => {
      volume.only(['name', 'external', 'labels']);
      const external = volume.get('external')?.boolean() ?? false;
      const name = volume.get('name')?.text() ?? (external ? key : `${stack}_${key}`);
      return [key, { key, name, external, labels: volume.get('labels')?.dictionary(() => '') ?? {} }];
    }),
  );
}

function readNetworks(value: Value | undefined, stack: string): Record<string, NetworkSpec> {
  const read = ([key, network]: readonly [string, Value]): [string, NetworkSpec] => {
    network.only(['name', 'external', 'internal', 'labels']);
    const external = network.get('external')?.boolean() ?? false;
    const name = network.get('name')?.text() ?? (external ? key : `${stack}_${key}`);
    return [
      key,
      {
        key,
        name,
        external,
        internal: network.get('internal')?.boolean() ?? false,
        labels: network.get('labels')?.dictionary(() => '') ?? {},
      },
    ];
  };
  const standard: NetworkSpec = { key: 'default', name: `${stack}_default`, external: false, internal: false, labels: {} };
  return { default: standard, ...Object.fromEntries((value?.entries() ?? []).map(read)) };
}

/** A config's content is read now: instances are made of it, wherever they run. */
async function readConfigs(value: Value | undefined, folder: string): Promise<ReadonlyMap<string, string>> {
  const configs = await Promise.all(
    (value?.entries() ?? []).map(async ([name, config]) => {
      config.only(['file', 'content']);
      const [file, content] = [config.get('file'), config.get('content')];
      if (content && !file) return [name, content.text()] as const;
      if (content || !file) throw config.error('it needs either file or content');
      const path = resolve(folder, file.text());
      try {
        return [name, await readFile(path, 'utf8')] as const;
      } catch (error) {
        throw file.error(`${path} cannot be read (${(error as Error).message})`);
      }
    }),
  );
  return new Map(configs);
}

/** Dependencies exist and make no circle. */
function checkDependencies(written: Value, { services }: Definition): void {
  const done = new Set<string>();
  const visit = (name: string, via: readonly string[]): void => {
    if (done.has(name)) return;
    if (via.includes(name)) throw written.get(via[0]!)!.error(`its dependencies make a circle: ${[...via, name].join(' → ')}`);
    for (const dependency of Object.keys(services[name]!.dependsOn)) {
      if (!Object.hasOwn(services, dependency)) throw written.get(name)!.error(`it depends on "${dependency}", which is not there`);
      visit(dependency, [...via, name]);
    }
    done.add(name);
  };
  for (const name of Object.keys(services)) visit(name, []);
}
