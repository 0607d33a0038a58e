import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TaskEvent } from '../../../preload/contract/models.ts';
import { NoodleError } from '../../errors.ts';
import type { BackupHost, Store } from './host.ts';
import { forgetPending, type Journal, readJournal, writeJournal } from './journal.ts';
import { recoverRestore } from './recover.ts';

let folder: string;
let done: string[];
let events: TaskEvent[];
const run = { signal: new AbortController().signal, onEvent: (event: TaskEvent) => events.push(event) };
const journal: Journal = { backup: 'b', id: 'a1', step: 'swapping', services: [{ service: 'redis', record: null }], safety: 's1' };

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-recover-'));
  done = [];
  events = [];
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A stack of one store that notes what is asked of it. */
function host(swap: () => Promise<void> = async () => {}): BackupHost {
  const dumper = {
    swap: () => {
      done.push('swap');
      return swap();
    },
    discard: async () => void done.push('discard'),
  };
  const store = { service: 'redis', kind: 'redis', dumper: async () => dumper, place: async () => ({}) } as unknown as Store;
  return {
    stack: 'box',
    folder,
    stores: [store],
    removeScratch: async () => {},
    restoreSnapshot: async (id: string) => void done.push(`snapshot ${id}`),
    forget: async () => {},
  } as unknown as BackupHost;
}

describe('a restore that was cut off', () => {
  it('is finished when all was ready', async () => {
    await writeJournal(folder, journal);
    expect(await recoverRestore(host(), run)).toContain('finished');
    expect(done).toEqual(['swap', 'discard']);
    expect(await readdir(folder)).toEqual([]);
  });

  it('while it went back goes back, and puts nothing in place', async () => {
    await writeJournal(folder, { ...journal, step: 'going-back' });
    expect(await recoverRestore(host(), run)).toContain('as it was');
    expect(done).toEqual(['snapshot s1']);
    expect(await readJournal(folder)).toBeUndefined();
  });

  it('and cannot be finished says so, and shuts nobody out', async () => {
    await writeJournal(folder, journal);
    const refused = () => Promise.reject(new NoodleError({ code: 'too-large', what: 'A message is too large.' }));
    expect(await recoverRestore(host(refused), run)).toBeUndefined();
    expect(events).toMatchObject([{ type: 'notice', level: 'warn', message: expect.stringContaining('A message is too large.') }]);
    expect(await readJournal(folder)).toEqual(journal);
  });

  it('is given up before all data are replaced', async () => {
    await writeJournal(folder, journal);
    await forgetPending(folder);
    expect(await recoverRestore(host(), run)).toBeUndefined();
    expect(done).toEqual([]);
  });
});
