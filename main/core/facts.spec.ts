import { expect, it } from 'vitest';
import { nothing, observedInstance } from '../../test/support/specs.ts';
import { runOf, seenReady } from './facts.ts';

it('an instance that has answered in this run is ready, whatever its engine has checked by now', () => {
  const starting = observedInstance('db', { health: 'starting', startedAt: 1 });
  const facts = (run: string) => ({ db: { run, version: '17', notes: [], seeds: null } });
  const health = (run: string) => seenReady({ ...nothing, instances: [starting] }, facts(run)).instances[0]!.health;
  expect(health(runOf(starting))).toBe('healthy');
  expect(health(runOf({ ...starting, startedAt: 0 }))).toBe('starting');
  const failing = observedInstance('db', { health: 'unhealthy', startedAt: 1 });
  expect(seenReady({ ...nothing, instances: [failing] }, facts(runOf(failing))).instances[0]!.health).toBe('unhealthy');
});
