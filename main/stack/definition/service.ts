import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { type ServiceKindName, serviceKindNames } from '../../../preload/contract/kinds.ts';
import type { DependencyCondition, HealthcheckSpec, MountSpec, PortSpec, RestartPolicy, ServiceSpec } from '../../runtime/spec.ts';
import type { Value } from './document.ts';
import { bytes, duration, octal, words } from './scalars.ts';

/** What a service may refer to. */
export interface Surroundings {
  /** The compose file's folder, which relative paths start from. */
  readonly folder: string;
  readonly volumes: ReadonlySet<string>;
  readonly networks: ReadonlySet<string>;
  /** Content of each top-level config. */
  readonly configs: ReadonlyMap<string, string>;
}

export const serviceKeys = [
  'image',
  'entrypoint',
  'command',
  'environment',
  'user',
  'working_dir',
  'hostname',
  'ports',
  'volumes',
  'configs',
  'healthcheck',
  'depends_on',
  'networks',
  'labels',
  'profiles',
  'stop_grace_period',
  'stop_signal',
  'restart',
  'mem_limit',
  'shm_size',
  'ulimits',
  'init',
  'tmpfs',
] as const;

/** The label that says which server a container is. */
export const kindLabel = 'io.noodlebox.kind';

/** What the engine takes in a container's name; the native runtime names folders by it. */
const serviceName = /^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$/;

export function readService(name: string, value: Value, around: Surroundings): ServiceSpec {
  if (!serviceName.test(name))
    throw value.error("a service's name is made of letters, digits, dots, - and _, 63 at most, and starts with a letter or a digit");
  value.only(serviceKeys);
  const image = value.get('image');
  if (!image) throw value.error('it has no image, and Noodlebox builds none');
  const labels = value.get('labels')?.dictionary(() => '') ?? {};
  return {
    name,
    kind: kindFrom(value, labels[kindLabel]),
    image: image.text(),
    entrypoint: value.get('entrypoint')?.strings(words),
    command: value.get('command')?.strings(words),
    environment: value.get('environment')?.dictionary((variable) => value.variables[variable]) ?? {},
    user: value.get('user')?.text(),
    workingDir: value.get('working_dir')?.text(),
    hostname: value.get('hostname')?.text(),
    ports: value.get('ports')?.items().flatMap(readPort) ?? [],
    mounts: [
      ...(value
        .get('volumes')
        ?.items()
        .map((mount) => readMount(mount, around)) ?? []),
      ...readTmpfs(value),
    ],
    configs:
      value
        .get('configs')
        ?.items()
        .map((config) => readConfig(config, around)) ?? [],
    healthcheck: readHealthcheck(value.get('healthcheck')),
    dependsOn: readDependencies(value.get('depends_on')),
    networks: readNetworks(value.get('networks'), around),
    labels,
    profiles:
      value
        .get('profiles')
        ?.items()
        .map((profile) => profile.text()) ?? [],
    stopGrace: value.get('stop_grace_period') ? duration(value.get('stop_grace_period')!) : 10_000,
    stopSignal: value.get('stop_signal')?.text(),
    restart: readRestart(value.get('restart')),
    memoryLimit: value.get('mem_limit') && bytes(value.get('mem_limit')!),
    shmSize: value.get('shm_size') && bytes(value.get('shm_size')!),
    ulimits: readUlimits(value.get('ulimits')),
    init: value.get('init')?.boolean() ?? false,
  };
}

function kindFrom(value: Value, kind: string | undefined): ServiceKindName | undefined {
  if (kind === undefined) return undefined;
  const known = serviceKindNames.find((name) => name === kind);
  if (!known) throw value.error(`its label ${kindLabel} must be one of ${serviceKindNames.join(', ')}`);
  return known;
}

/** `[[ip:]published:]target[/protocol]`, ranges aside, or the long form. */
function readPort(value: Value): PortSpec {
  if (value.isMap) {
    value.only(['target', 'published', 'host_ip', 'protocol']);
    const target = value.get('target');
    if (!target) throw value.error('it has no target');
    const published = value.get('published');
    return {
      target: portNumber(target, target.text()),
      published: published && publishedPort(published, published.text()),
      hostIp: value.get('host_ip')?.text() ?? '127.0.0.1',
      protocol: protocolOf(value, value.get('protocol')?.text()),
    };
  }
  const match = /^(?:(?:(\[[^\]]+\]|[^:]+):)?(\d*):)?(\d+)(?:\/(\w+))?$/.exec(value.text());
  if (!match) throw value.error('a port is written as [[ip:]published:]target[/protocol]');
  const [, ip, published, target, protocol] = match;
  return {
    target: portNumber(value, target!),
    published: publishedPort(value, published ?? ''),
    // Compose would bind every interface; here nothing leaves this machine unless the file says so.
    hostIp: ip?.replace(/^\[|\]$/g, '') ?? '127.0.0.1',
    protocol: protocolOf(value, protocol),
  };
}

function publishedPort(value: Value, text: string): number | undefined {
  return text === '' || text === '0' ? undefined : portNumber(value, text);
}

function portNumber(value: Value, text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) throw value.error(`${text} is no port (1 to 65535)`);
  return port;
}

function protocolOf(value: Value, text: string | undefined): 'tcp' | 'udp' {
  if (text === undefined || text === 'tcp') return 'tcp';
  if (text === 'udp') return 'udp';
  throw value.error(`the protocol ${text} is not known (tcp, udp)`);
}

/** `source:target[:mode]`; a Windows path has a colon of its own. */
const shortMount = /^([A-Za-z]:[\\/][^:]*|[^:]+):(\/[^:]*)(?::([^:]*))?$/;
/** What makes a short mount's source a path of this machine. */
const pathSource = /^(?:[./~]|[A-Za-z]:[\\/])/;

/** Short or long form; no anonymous volumes, which would be lost with their container. */
function readMount(value: Value, around: Surroundings): MountSpec {
  if (value.isMap) {
    value.only(['type', 'source', 'target', 'read_only']);
    const target = value.get('target')?.text();
    if (!target) throw value.error('it has no target');
    const type = value.get('type')?.text() ?? 'volume';
    if (type === 'tmpfs') return { type, target };
    if (type !== 'volume' && type !== 'bind') throw value.error(`the type ${type} is not known (volume, bind, tmpfs)`);
    return mountOf(value, type, value.get('source')?.text(), target, value.get('read_only')?.boolean() ?? false, around);
  }
  const [, source, target, mode] = shortMount.exec(value.text()) ?? [];
  if (!source || !target) throw value.error('a mount is written as source:target[:ro]; anonymous volumes are not honoured');
  if (mode !== undefined && mode !== 'ro' && mode !== 'rw') throw value.error(`the mode ${mode} is not known (ro, rw)`);
  return mountOf(value, pathSource.test(source) ? 'bind' : 'volume', source, target, mode === 'ro', around);
}

function mountOf(
  value: Value,
  type: 'volume' | 'bind',
  source: string | undefined,
  target: string,
  readOnly: boolean,
  around: Surroundings,
): MountSpec {
  if (!source) throw value.error('it has no source; anonymous volumes are not honoured');
  if (type === 'bind') return { type, source: resolve(around.folder, source.replace(/^~(?=$|[\\/])/, homedir())), target, readOnly };
  if (!around.volumes.has(source)) throw value.error(`the volume "${source}" is not declared under "volumes"`);
  return { type, source, target, readOnly };
}

function readTmpfs(value: Value): MountSpec[] {
  const tmpfs = value.get('tmpfs');
  const targets = tmpfs?.strings((target) => [target.text()]) ?? [];
  if (tmpfs && targets.some((target) => target.includes(':'))) throw tmpfs.error('options of a tmpfs are not honoured');
  return targets.map((target) => ({ type: 'tmpfs', target }));
}

/** The short form mounts at `/<name>`, as compose does. */
function readConfig(value: Value, around: Surroundings): ServiceSpec['configs'][number] {
  if (!value.isMap) return { target: `/${value.text()}`, content: contentOf(value, around), mode: 0o444, uid: 0, gid: 0 };
  value.only(['source', 'target', 'mode', 'uid', 'gid']);
  const source = value.get('source');
  if (!source) throw value.error('it has no source');
  const mode = value.get('mode');
  return {
    target: value.get('target')?.text() ?? `/${source.text()}`,
    content: contentOf(source, around),
    mode: mode ? octal(mode) : 0o444,
    uid: value.get('uid')?.integer() ?? 0,
    gid: value.get('gid')?.integer() ?? 0,
  };
}

function contentOf(source: Value, around: Surroundings): string {
  const content = around.configs.get(source.text());
  if (content === undefined) throw source.error(`the config "${source.text()}" is not declared under "configs"`);
  return content;
}

function readHealthcheck(value: Value | undefined): HealthcheckSpec | undefined {
  if (!value) return undefined;
  value.only(['test', 'interval', 'timeout', 'retries', 'start_period', 'disable']);
  if (value.get('disable')?.boolean()) return undefined;
  const test = value.get('test')?.strings((line) => ['CMD-SHELL', line.text()]);
  if (test?.[0] === 'NONE') return undefined;
  if (!test || test.length < 2) throw value.error('it has no test');
  if (test[0] !== 'CMD' && test[0] !== 'CMD-SHELL') throw value.error('a test begins with CMD or CMD-SHELL');
  const time = (key: string, otherwise: number) => (value.get(key) ? duration(value.get(key)!) : otherwise);
  // The engine's own defaults (docker container create).
  return {
    test,
    interval: time('interval', 30_000),
    timeout: time('timeout', 30_000),
    retries: value.get('retries')?.integer() ?? 3,
    startPeriod: time('start_period', 0),
  };
}

const conditions: readonly DependencyCondition[] = ['service_started', 'service_healthy', 'service_completed_successfully'];

function readDependencies(value: Value | undefined): Record<string, DependencyCondition> {
  if (!value) return {};
  if (value.isList) return Object.fromEntries(value.items().map((item) => [item.text(), 'service_started']));
  return Object.fromEntries(
    value.entries().map(([name, dependency]) => {
      dependency.only(['condition']);
      const text = dependency.get('condition')?.text() ?? 'service_started';
      const condition = conditions.find((one) => one === text);
      if (!condition) throw dependency.error(`its condition must be one of ${conditions.join(', ')}`);
      return [name, condition];
    }),
  );
}

function readNetworks(value: Value | undefined, around: Surroundings): string[] {
  if (value?.isMap) for (const [, network] of value.entries()) network.only([]);
  const names = value?.isMap ? value.entries().map(([name]) => name) : (value?.items().map((item) => item.text()) ?? ['default']);
  for (const name of names) if (!around.networks.has(name)) throw value!.error(`the network "${name}" is not declared under "networks"`);
  return names;
}

const policies: readonly RestartPolicy[] = ['no', 'always', 'on-failure', 'unless-stopped'];

function readRestart(value: Value | undefined): RestartPolicy {
  if (!value) return 'no';
  const text = value.text();
  const policy = policies.find((one) => one === text || (one === 'no' && text === 'false'));
  if (!policy) throw value.error(`restart must be one of ${policies.join(', ')}`);
  return policy;
}

function readUlimits(value: Value | undefined): ServiceSpec['ulimits'] {
  if (!value) return {};
  return Object.fromEntries(
    value.entries().map(([name, limit]) => {
      if (!limit.isMap) return [name, { soft: limit.integer(), hard: limit.integer() }];
      limit.only(['soft', 'hard']);
      const [soft, hard] = [limit.get('soft'), limit.get('hard')];
      if (!soft || !hard) throw limit.error('it needs soft and hard');
      return [name, { soft: soft.integer(), hard: hard.integer() }];
    }),
  );
}
