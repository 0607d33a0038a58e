import { expect, it } from 'vitest';
import type { Backup, BackupService } from '../../../preload/contract/backups.ts';
import type { Store, StoreHost } from './host.ts';
import { type Match, matchStores, refuseNewer } from './restore.ts';

it.each([
  ['17.10', '18.1', 'refused'],
  ['18.1', '17.10', 'taken'],
  ['17.10', '17.12', 'taken'],
  ['dev', '2.7.12', 'taken'],
  ['2.7.12', 'dev', 'taken'],
])('a server of version %s is given a backup of %s: %s', async (here, then, ends) => {
  const match = { of: { service: 'one', kind: 'postgres', version: then }, store: { service: 'one', version: async () => here } };
  const told = await refuseNewer([match as unknown as Match], new AbortController().signal).then(
    () => 'taken',
    ({ code }) => (code === 'data-version' ? 'refused' : code),
  );
  expect(told).toBe(ends);
});

const store = (service: string, kind: Store['kind']) => ({ service, kind }) as Store;
const of = (...services: readonly BackupService[]) => ({ services }) as unknown as Backup;
const host = (...stores: Store[]): StoreHost => ({ stack: 'here', stores });

it('gives a service of a backup to that of its name and kind, else to the only one of its kind', () => {
  const backup = of({ service: 'pg', kind: 'postgres', version: '17' }, { service: 'cache', kind: 'redis', version: '8' });
  const here = host(store('postgres', 'postgres'), store('cache', 'redis'), store('cache2', 'redis'));
  expect(matchStores(here, backup, []).map((match) => match.store.service)).toEqual(['postgres', 'cache']);
  expect(matchStores(here, backup, ['cache']).map((match) => match.store.service)).toEqual(['cache']);
});

it('refuses what the backup does not have, and what nobody or more than one could take', () => {
  const backup = of({ service: 'pg', kind: 'postgres', version: '17' });
  expect(() => matchStores(host(store('postgres', 'postgres')), backup, ['redis'])).toThrow('The backup has no "redis".');
  expect(() => matchStores(host(store('pg', 'redis')), backup, [])).toThrow('here has no store that could take pg');
  expect(() => matchStores(host(store('a', 'postgres'), store('b', 'postgres')), backup, [])).toThrow('could take pg');
});
