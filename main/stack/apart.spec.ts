import { expect, it } from 'vitest';
import { definitionOf, serviceSpec, volumeMount } from '../../test/support/specs.ts';
import type { Definition } from '../runtime/spec.ts';
import { mustStandApart } from './apart.ts';

const plain = definitionOf('box', [serviceSpec('db', { mounts: [volumeMount('data', '/data')] }), serviceSpec('app')]);
const refusal = (definition: Definition, services: readonly string[] = [], runtime: 'docker' | 'native' = 'docker') => {
  try {
    mustStandApart(definition, services, runtime);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
};

it('a stack whose volumes and networks have its own name stands apart', () => {
  expect(refusal(plain)).toBeUndefined();
});

it('an external volume, or one with a name of its own, would be the volume of both', () => {
  const named = { ...plain, volumes: { data: { ...plain.volumes.data!, name: 'precious' } } };
  const external = { ...plain, volumes: { data: { ...plain.volumes.data!, external: true } } };
  expect(refusal(named)).toContain('the volume precious');
  expect(refusal(external)).toContain('the volume box_data');
  expect(refusal(named, ['app'])).toBeUndefined();
  // Each native stack keeps its volumes in its own folder.
  expect(refusal(named, [], 'native')).toBeUndefined();
});

it('a network with a name of its own would make each answer for the other', () => {
  const named = { ...plain, networks: { default: { ...plain.networks.default!, name: 'shared' } } };
  expect(refusal(named)).toContain('the network shared');
});

it('a folder that a service writes to is shared on both runtimes, one that it only reads is not', () => {
  const bound = (readOnly: boolean) =>
    definitionOf('box', [serviceSpec('db', { mounts: [{ type: 'bind', source: '/srv/data', target: '/data', readOnly }] })]);
  for (const runtime of ['docker', 'native'] as const) {
    expect(refusal(bound(false), [], runtime)).toContain('the folder /srv/data');
    expect(refusal(bound(true), [], runtime)).toBeUndefined();
  }
});
