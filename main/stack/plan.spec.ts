import { describe, expect, it } from 'vitest';
import { definitionOf, nothing, observedInstance, serviceSpec, volumeMount } from '../../test/support/specs.ts';
import type { Observed } from '../runtime/runtime.ts';
import type { ServiceSpec } from '../runtime/spec.ts';
import { withDependants } from './order.ts';
import { planDown, planReset, planRestart, planStop, planUp, printPlan, type UpInput } from './plan.ts';

const db = serviceSpec('db', { mounts: [volumeMount('data', '/data')] });
const app = serviceSpec('app', { dependsOn: { db: 'service_healthy' } });
const definition = definitionOf('box', [app, db]);
const specHashes = { db: 'hash-db', app: 'hash-app' };

function up(observed: Observed, more: Partial<UpInput> = {}): string {
  return printPlan(planUp({ definition, observed, services: [], specHashes, seed: new Set(), guarded: new Set(), ...more }));
}

const complete: Observed = {
  instances: [observedInstance('db'), observedInstance('app')],
  volumes: ['box_data'],
  networks: ['box_default'],
  provided: { 'db:1': true, 'app:1': true },
};

describe('planning up', () => {
  it('makes everything where there is nothing, dependencies first', () => {
    expect(up(nothing, { seed: new Set(['db']) })).toBe(
      [
        'pull db:1: not on this machine',
        'create-network box_default: not there yet',
        'create-volume box_data: not there yet',
        'create db (box-db-1): not there yet, after pull db:1, create-volume box_data, create-network box_default',
        'start db (box-db-1): not there yet, after create db',
        'wait db (box-db-1): until it is ready, after start db',
        'seed db: schema and seeds, after wait db',
        'pull app:1: not on this machine',
        'create app (box-app-1): not there yet, after pull app:1, create-network box_default',
        'start app (box-app-1): not there yet, after create app, wait db',
        'wait app (box-app-1): until it is ready, after start app',
      ].join('\n'),
    );
  });

  it('does nothing where all is up', () => {
    expect(up(complete)).toBe('');
  });

  it('makes anew what was created from another definition', () => {
    expect(up(complete, { specHashes: { ...specHashes, app: 'changed' } })).toBe(
      [
        'stop app (box-app-1): definition changed',
        'remove app (box-app-1): definition changed, after stop app',
        'create app (box-app-1): definition changed, after remove app',
        'start app (box-app-1): definition changed, after create app',
        'wait app (box-app-1): until it is ready, after start app',
      ].join('\n'),
    );
  });

  it('adopts what docker compose created from the same image, and only that', () => {
    const adopted = {
      ...complete,
      instances: [observedInstance('db', { specHash: undefined }), observedInstance('app', { specHash: undefined, image: 'app:0' })],
    };
    expect(up(adopted).split('\n')[0]).toBe('stop app (box-app-1): image changed from app:0');
    expect(up(adopted)).not.toContain('db');
  });

  it('starts what has stopped, and says with which code it exited', () => {
    const observed = {
      ...complete,
      instances: [observedInstance('db', { state: 'exited', exitCode: 3, health: 'none' }), observedInstance('app')],
    };
    expect(up(observed)).toBe('start db (box-db-1): exited with 3\nwait db (box-db-1): until it is ready, after start db');
  });

  it('checks the version of data that was there before, before the server sees it', () => {
    const observed = { ...nothing, volumes: ['box_data'], networks: ['box_default'], provided: complete.provided };
    expect(up(observed, { services: ['db'], guarded: new Set(['db']) })).toBe(
      [
        'create db (box-db-1): not there yet',
        'guard db (box-db-1): its volume was there before, after create db',
        'start db (box-db-1): not there yet, after create db, guard db',
        'wait db (box-db-1): until it is ready, after start db',
      ].join('\n'),
    );
  });

  it('waits for what is starting and does not touch it', () => {
    const observed = { ...complete, instances: [observedInstance('db', { health: 'starting' }), observedInstance('app')] };
    expect(up(observed)).toBe('wait db (box-db-1): starting');
  });

  it('brings the dependencies of a chosen service and nothing else', () => {
    expect(up(nothing, { services: ['db'] })).not.toContain('app');
    expect(up(nothing, { services: ['app'] })).toContain('wait db');
  });

  it('gives a head start to the service that takes longest to be ready, and to none that it needs', () => {
    const slow = (name: string, startPeriod: number, dependsOn: ServiceSpec['dependsOn'] = {}) =>
      serviceSpec(name, { dependsOn, healthcheck: { test: ['CMD', 'true'], interval: 5_000, timeout: 5_000, retries: 3, startPeriod } });
    const box = definitionOf('box', [slow('cache', 10), slow('store', 30), slow('broker', 120, { store: 'service_started' })]);
    const plan = planUp({ definition: box, observed: nothing, services: [], specHashes: {}, seed: new Set(), guarded: new Set() });
    expect(plan.filter(({ kind }) => kind === 'start').map(({ service, after }) => ({ service, after }))).toEqual([
      { service: 'store', after: undefined },
      { service: 'broker', after: undefined },
      { service: 'cache', after: ['start broker'] },
    ]);
    expect(printPlan(plan)).toContain('start cache (box-cache-1): not there yet, after create cache, behind start broker');
  });

  it('starts all at once where none takes longest', () => {
    expect(up(nothing)).not.toContain('behind');
  });
});

describe('planning down', () => {
  it('stops dependants first, removes what the definition no longer has, and keeps the data', () => {
    const observed = { ...complete, instances: [...complete.instances, observedInstance('old')] };
    expect(printPlan(planDown({ definition, observed, volumes: false }))).toBe(
      [
        'stop old (box-old-1): no longer in the definition',
        'remove old (box-old-1): no longer in the definition, after stop old',
        'stop app (box-app-1): down',
        'remove app (box-app-1): down, after stop app',
        'stop db (box-db-1): down, after stop app',
        'remove db (box-db-1): down, after stop db',
        'remove-network box_default: down, after remove old, remove app, remove db',
      ].join('\n'),
    );
  });

  it('removes volumes only when asked', () => {
    expect(printPlan(planDown({ definition, observed: complete, volumes: true }))).toContain(
      'remove-volume box_data: its data was to go too',
    );
  });
});

describe('planning stop, restart and reset', () => {
  it('stops a dependency only after those that need it', () => {
    const specs = withDependants(definition, ['db']);
    expect(printPlan(planStop(specs, complete, 'asked to stop'))).toBe(
      'stop app (box-app-1): asked to stop\nstop db (box-db-1): asked to stop, after stop app',
    );
  });

  it('restarts dependants too, each once its dependencies are ready', () => {
    expect(printPlan(planRestart(withDependants(definition, ['db']), complete))).toBe(
      [
        'stop app (box-app-1): restart',
        'stop db (box-db-1): restart, after stop app',
        'start db (box-db-1): restart, after stop app, stop db',
        'wait db (box-db-1): until it is ready, after start db',
        'start app (box-app-1): restart, after stop app, stop db, wait db',
        'wait app (box-app-1): until it is ready, after start app',
      ].join('\n'),
    );
  });

  it('resets by deleting the volumes before anything is made anew', () => {
    const plan = planReset({ definition, observed: complete, services: [], specHashes, seed: new Set(['db']), guarded: new Set(['db']) });
    const create = plan.find(({ id }) => id === 'create-volume box_data');
    expect(create?.needs).toContain('remove-volume box_data');
    expect(plan.some(({ kind }) => kind === 'guard')).toBe(false);
    expect(plan.at(-1)?.id).toBe('wait app');
  });
});
