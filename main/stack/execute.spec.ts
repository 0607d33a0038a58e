import { describe, expect, it } from 'vitest';
import type { TaskEvent } from '../../preload/contract/models.ts';
import { recordingRuntime } from '../../test/support/fake-runtime.ts';
import { definitionOf, nothing, observedInstance, serviceSpec } from '../../test/support/specs.ts';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Runtime } from '../runtime/runtime.ts';
import { type Execution, execute } from './execute.ts';
import { planUp } from './plan.ts';

const definition = definitionOf('box', [
  serviceSpec('app', { dependsOn: { db: 'service_healthy' } }),
  serviceSpec('db'),
  serviceSpec('cache'),
]);
const plan = planUp({ definition, observed: nothing, services: [], specHashes: {}, seed: new Set(['db']), guarded: new Set() });

function execution(runtime: Runtime, more: Partial<Execution> = {}): { execution: Execution; events: TaskEvent[] } {
  const events: TaskEvent[] = [];
  return {
    events,
    execution: {
      runtime,
      definition,
      specHashes: { app: 'a', db: 'd', cache: 'c' },
      signal: new AbortController().signal,
      onEvent: (event) => events.push(event),
      install: true,
      hooks: { guard: async () => {}, seed: async () => {} },
      ...more,
    },
  };
}

const endOf = (events: readonly TaskEvent[], id: string) =>
  events.flatMap((event) => (event.type === 'operation' && event.id === id && event.state !== 'running' ? [event.state] : []));

describe('executing a plan', () => {
  it('makes one call an operation, each after those it needs', async () => {
    const { runtime, calls } = recordingRuntime();
    const { execution: run } = execution(runtime);
    await execute(plan, run);
    expect(calls).toHaveLength(plan.filter(({ kind }) => kind !== 'wait' && kind !== 'seed').length);
    expect(calls.indexOf('create-network box_default')).toBeLessThan(calls.indexOf('create db d'));
    expect(calls.indexOf('start db')).toBeLessThan(calls.indexOf('start app'));
  });

  it('skips what needs a failed operation, ends the rest, and throws the first error', async () => {
    const refused = new NoodleError({ code: 'engine-refused', what: 'db was refused.' });
    const { runtime, calls } = recordingRuntime({ create: async (_d, spec) => (spec.name === 'db' ? Promise.reject(refused) : undefined) });
    const { execution: run, events } = execution(runtime);
    await expect(execute(plan, run)).rejects.toBe(refused);
    expect(endOf(events, 'create db')).toEqual(['failed']);
    expect(endOf(events, 'start app')).toEqual(['skipped']);
    expect(endOf(events, 'wait cache')).toEqual(['done']);
    expect(calls).toContain('start cache');
    expect(calls).not.toContain('start app');
  });

  it('lets an operation go behind another, however that one ends', async () => {
    const { runtime, calls } = recordingRuntime({
      start: async (_stack, spec) => {
        calls.push(`start ${spec.name}`);
        if (spec.name === 'db') throw new NoodleError({ code: 'engine-refused', what: 'db was refused.' });
      },
    });
    const { execution: run, events } = execution(runtime);
    const behind = plan.map((operation) => (operation.id === 'start cache' ? { ...operation, after: ['start db'] } : operation));
    await expect(execute(behind, run)).rejects.toMatchObject({ code: 'engine-refused' });
    expect(calls.indexOf('start db')).toBeLessThan(calls.indexOf('start cache'));
    expect(endOf(events, 'wait cache')).toEqual(['done']);
  });

  it('starts nothing more once cancelled, and says so', async () => {
    const abort = new AbortController();
    const { runtime, calls } = recordingRuntime({ createNetwork: async () => abort.abort() });
    const { execution: run } = execution(runtime, { signal: abort.signal });
    await expect(execute(plan, run)).rejects.toMatchObject({ code: 'cancelled' });
    expect(calls.filter((call) => call.startsWith('start'))).toEqual([]);
  });

  it('waits for the end of what it has told to stop, also once cancelled', async () => {
    const abort = new AbortController();
    const stopped = Promise.withResolvers<void>();
    const { runtime } = recordingRuntime({
      async stop(_stack, _spec, { signal }) {
        abort.abort();
        setTimeout(stopped.resolve, 50);
        await stopped.promise;
        signal.throwIfAborted();
      },
    });
    const { execution: run, events } = execution(runtime, { signal: abort.signal });
    const stop = { ...plan.find(({ id }) => id === 'start db')!, id: 'stop db', kind: 'stop' as const, needs: [] };
    await expect(execute([stop], run)).rejects.toMatchObject({ code: 'cancelled' });
    expect(endOf(events, 'stop db')).toEqual(['done']);
  });

  it('fetches nothing when it was told not to, and says how that is done', async () => {
    const { runtime, calls } = recordingRuntime();
    const { execution: run } = execution(runtime, { install: false });
    await expect(execute(plan, run)).rejects.toMatchObject({ code: 'install-refused' });
    expect(calls).toEqual(['create-network box_default']);
  });

  it('calls a service healthy only when it is filled', async () => {
    const { runtime } = recordingRuntime();
    const { execution: run, events } = execution(runtime);
    await execute(plan, run);
    const told = events.flatMap((event) => (event.type === 'service' && event.service === 'db' ? [event.state] : []));
    expect(told).toEqual(['pulling', 'creating', 'starting', 'starting', 'seeding', 'healthy']);
  });
});

describe('waiting for a service', () => {
  const wait = plan.filter(({ id }) => id === 'wait db').map((operation) => ({ ...operation, needs: [] }));
  async function* lastWords() {
    yield [{ service: 'db', time: 1, stream: 'stderr' as const, level: 'error' as const, text: 'FATAL: no space in the pot' }];
  }

  it('fails at once with the last log lines when the service exits', async () => {
    const { runtime } = recordingRuntime({ probe: async () => ({ state: 'gone', exitCode: 3 }), logs: lastWords });
    const { execution: run } = execution(runtime);
    await expect(execute(wait, run)).rejects.toMatchObject({
      code: 'service-exited',
      message: expect.stringMatching(/code 3[\s\S]*no space in the pot/),
    });
  });

  it('fails when the engine finds it unhealthy, without waiting for the time-out', async () => {
    const { runtime } = recordingRuntime({
      probe: async () => ({ state: 'not-ready', message: 'refused' }),
      inspect: async () => observedInstance('db', { health: 'unhealthy', healthMessage: 'check says no' }),
      logs: lastWords,
    });
    const { execution: run } = execution(runtime);
    await expect(execute(wait, run)).rejects.toMatchObject({
      code: 'service-unhealthy',
      message: expect.stringContaining('check says no'),
    });
  });

  it('asks again until the check passes', async () => {
    let asked = 0;
    const { runtime } = recordingRuntime({
      probe: async () => (++asked < 3 ? { state: 'not-ready', message: 'not yet' } : { state: 'ready' }),
    });
    const { execution: run } = execution(runtime);
    await execute(wait, run);
    expect(asked).toBe(3);
    expect(limits.probeInterval).toBeLessThan(1_000);
  });
});
