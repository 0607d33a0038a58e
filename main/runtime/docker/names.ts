/**
 * Names and labels by which `docker compose` and we know the parts of a stack
 * (docker/compose, pkg/api/labels.go and pkg/compose/container.go).
 */

import { dirname } from 'node:path';
import type { Definition, NetworkSpec, ServiceSpec, VolumeSpec } from '../spec.ts';

export const label = {
  project: 'com.docker.compose.project',
  service: 'com.docker.compose.service',
  number: 'com.docker.compose.container-number',
  oneOff: 'com.docker.compose.oneoff',
  configHash: 'com.docker.compose.config-hash',
  dependsOn: 'com.docker.compose.depends_on',
  workingDir: 'com.docker.compose.project.working_dir',
  configFiles: 'com.docker.compose.project.config_files',
  version: 'com.docker.compose.version',
  network: 'com.docker.compose.network',
  volume: 'com.docker.compose.volume',
  specHash: 'io.noodlebox.spec-hash',
  kind: 'io.noodlebox.kind',
  /** On what has no kind or spec hash: volumes and networks we made. */
  stack: 'io.noodlebox.stack',
  /** On volumes that are copies: the set they belong to, and the volume they were copied from. They are no part of the compose project. */
  snapshot: 'io.noodlebox.snapshot',
  copyOf: 'io.noodlebox.copy-of',
  /** On a volume that keeps what a service's own programs made, and on the container they work in: the service. They are no part of the compose project. */
  depot: 'io.noodlebox.depot',
  /** On a container that only copies, or that a service's own programs work in: the stack it is for. */
  helper: 'io.noodlebox.helper',
  /** On one of these that works beside what else is done to the stack. */
  aside: 'io.noodlebox.aside',
} as const;

/** The release of compose whose labels these are. */
const composeVersion = '2.26.1';

export function containerName(stack: string, service: string): string {
  return `${stack}-${service}-1`;
}

/** `docker compose` lists only containers that carry a config hash; ours is no hash of its making, so a `docker compose up` makes them anew. */
export function containerLabels(definition: Definition, spec: ServiceSpec, specHash: string): Record<string, string> {
  return {
    ...spec.labels,
    [label.project]: definition.name,
    [label.service]: spec.name,
    [label.number]: '1',
    [label.oneOff]: 'False',
    [label.configHash]: specHash,
    [label.dependsOn]: Object.entries(spec.dependsOn)
      .map(([service, condition]) => `${service}:${condition}:false`)
      .join(','),
    [label.workingDir]: dirname(definition.file),
    [label.configFiles]: definition.file,
    [label.version]: composeVersion,
    [label.specHash]: specHash,
  };
}

export function volumeLabels(stack: string, volume: VolumeSpec): Record<string, string> {
  return { ...volume.labels, [label.project]: stack, [label.volume]: volume.key, [label.version]: composeVersion, [label.stack]: stack };
}

export function networkLabels(stack: string, network: NetworkSpec): Record<string, string> {
  return { ...network.labels, [label.project]: stack, [label.network]: network.key, [label.version]: composeVersion, [label.stack]: stack };
}

/** The engine's `filters` for things of one stack, or of one of its services. */
export function ofStack(stack: string, service?: string): { label: string[] } {
  return { label: [`${label.project}=${stack}`, ...(service === undefined ? [] : [`${label.service}=${service}`])] };
}
