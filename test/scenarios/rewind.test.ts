import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serviceKindNames } from '../../preload/contract/kinds.ts';
import { lacking, makeStack, quietRun, type StackBed } from '../lab/stack-bed.ts';
import { publicData } from '../support/public-data.ts';

/**
 * Somebody's own data, in all five stores: a snapshot, a wreck, and back. What is there afterwards is what was there
 * before, by a hash a store.
 */
describe.each(['native', 'docker'] as const)('data that this project did not make, on %s', async (runtime) => {
  const lacks = await lacking(runtime, serviceKindNames);
  let bed: StackBed;

  beforeAll(async () => {
    if (lacks) return;
    bed = await makeStack(runtime);
    await bed.stack.up([], { seed: false, install: false }, quietRun());
    await everywhere('load');
  });
  afterAll(async () => {
    if (!bed) return;
    for (const { id } of await bed.stack.snapshots.list()) await bed.stack.snapshots.delete(id, quietRun());
    await bed.clear();
  });

  const everywhere = async <Act extends 'load' | 'wreck' | 'hash'>(act: Act) =>
    Object.fromEntries(await Promise.all(serviceKindNames.map(async (kind) => [kind, await publicData[kind][act](bed.stack)] as const)));

  it('survive a snapshot, a wreck and a restore with equal hashes in all five stores', async (test) => {
    if (lacks) return test.skip(lacks);
    const before = await everywhere('hash');
    const { id } = await bed.stack.snapshots.create({ name: 'before the wreck', note: null }, quietRun());
    await everywhere('wreck');
    // PostgreSQL has lost a table: that is no hash, but it is another state.
    const wrecked = await Promise.all(serviceKindNames.map((kind) => publicData[kind].hash(bed.stack).catch(() => 'gone')));
    for (const [at, kind] of serviceKindNames.entries()) expect(wrecked[at], kind).not.toBe(before[kind]);

    await bed.stack.snapshots.restore(id, quietRun());
    expect(await everywhere('hash')).toEqual(before);
    // Pulsar starts twice: beside the stack first.
  }, 400_000);
});
