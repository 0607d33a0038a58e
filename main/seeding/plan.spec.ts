import { describe, expect, it } from 'vitest';
import { NoodleError } from '../errors.ts';
import type { LedgerEntry, LoadMark, Migration } from '../services/seed-target.ts';
import { planSeeding, slicesOf, type Wanted } from './plan.ts';

const now = Date.UTC(2026, 0, 15, 12, 34);
const present = { now, generator: () => 'g1' };
const migration = (id: string, checksum = `sum of ${id}`): Migration => ({ id, checksum, file: `seeds/x/${id}.sql`, content: '' });
const row = (id: string, state: LedgerEntry['state'] = 'applied', checksum = `sum of ${id}`): LedgerEntry => ({
  id,
  checksum,
  state,
  at: 1,
});
const mark = (change: Partial<LoadMark> = {}): LoadMark => ({
  scale: 1,
  seed: 1,
  anchor: now - 60_000,
  generator: 'g1',
  batches: 3,
  state: 'loaded',
  ...change,
});
const missing: Wanted = { fill: 'missing' };
const anew = (scale: number, seed = 1): Wanted => ({ fill: 'anew', scale, seed });

function refusal(act: () => unknown): NoodleError {
  try {
    act();
  } catch (error) {
    if (error instanceof NoodleError) return error;
  }
  throw new Error('It was not refused.');
}

describe('the plan of migrations', () => {
  const files = [migration('0001_tables'), migration('0002_indexes')];
  const planned = (ledger: readonly LedgerEntry[]) =>
    planSeeding(files, ledger, undefined, missing, present).migrations.map(({ migration, cause }) => `${migration.id} ${cause}`);

  it('applies all of them to an empty store, in order', () => {
    expect(planned([])).toEqual(['0001_tables new', '0002_indexes new']);
  });

  it('applies only those that are new', () => {
    expect(planned([row('0001_tables')])).toEqual(['0002_indexes new']);
  });

  it('does one again that was cut off, even when its file has been mended since', () => {
    expect(planned([row('0001_tables'), row('0002_indexes', 'started', 'older')])).toEqual(['0002_indexes cut-off']);
  });

  it('refuses one that was changed after it was applied, and names both checksums', () => {
    const { problem } = refusal(() => planned([row('0001_tables', 'applied', 'abc')]));
    expect(problem.code).toBe('migration-changed');
    expect(problem.why).toContain('abc');
    expect(problem.why).toContain('sum of 0001_tables');
  });

  it('refuses a store that has one whose file is gone', () => {
    expect(refusal(() => planned([row('0003_later')])).problem).toMatchObject({
      code: 'migration-missing',
      what: expect.stringContaining('0003_later'),
    });
  });
});

describe('the plan of the load', () => {
  const cases: readonly [string, LoadMark | undefined, Wanted, object][] = [
    [
      'fills an empty store at scale 1 with seed 1',
      undefined,
      missing,
      { act: 'begin', mark: { scale: 1, seed: 1, batches: 0, state: 'loading' } },
    ],
    ['leaves what is loaded, at whatever scale', mark({ scale: 7, seed: 9 }), missing, { act: 'nothing' }],
    ['leaves what an older generator loaded', mark({ generator: 'g0' }), missing, { act: 'nothing' }],
    ['does nothing when the same is asked for again', mark({ scale: 2 }), anew(2), { act: 'nothing' }],
    ['loads another scale in place of the old', mark(), anew(2), { act: 'clear-and-begin', mark: { scale: 2, seed: 1, batches: 0 } }],
    ['loads another seed in place of the old', mark(), anew(1, 2), { act: 'clear-and-begin', mark: { scale: 1, seed: 2 } }],
    [
      'goes on with a load that was cut off, at its own scale and times',
      mark({ scale: 4, state: 'loading' }),
      missing,
      { act: 'go-on', mark: { scale: 4, batches: 3, anchor: now - 60_000 } },
    ],
    [
      'begins anew what another generator was loading',
      mark({ state: 'loading', generator: 'g0' }),
      missing,
      { act: 'clear-and-begin', mark: { batches: 0, generator: 'g1' } },
    ],
    [
      'begins anew what was cut off hours ago',
      mark({ state: 'loading', anchor: now - 4 * 3_600_000 }),
      missing,
      { act: 'clear-and-begin', mark: { batches: 0 } },
    ],
    [
      'clears again when it was cut off while clearing',
      mark({ state: 'clearing', batches: 0 }),
      missing,
      { act: 'clear-and-begin', mark: { state: 'loading', batches: 0 } },
    ],
  ];
  for (const [name, before, wanted, expected] of cases) {
    it(name, () => expect(planSeeding([], [], before, wanted, present).load).toMatchObject(expected));
  }

  it('gives stores that are filled within ten minutes the same times', () => {
    const at = (minute: number) => planSeeding([], [], undefined, missing, { ...present, now: Date.UTC(2026, 0, 15, 12, minute) }).load;
    expect(at(31)).toEqual(at(39));
  });
});

it('cuts the parts into batches, of which the last may be smaller', () => {
  const slices = [...slicesOf([{ name: 'a', items: 5, batch: 2 }, { name: 'none', items: 0, batch: 2 }, { name: 'b', items: 1, batch: 2 }])]; // biome-ignore format: short
  expect(slices).toEqual([
    { part: 'a', from: 0, to: 2 },
    { part: 'a', from: 2, to: 4 },
    { part: 'a', from: 4, to: 5 },
    { part: 'b', from: 0, to: 1 },
  ]);
});
