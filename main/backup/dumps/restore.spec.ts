import { expect, it } from 'vitest';
import type { Backup, BackupService } from '../../../preload/contract/backups.ts';
import type { Store, StoreHost } from './host.ts';
import { majorOf, matchStores } from './restore.ts';

it.each([
  ['17.2', 17],
  ['8.0.2', 8],
  ['FerretDB 1.24.0', 1],
  ['4.0.7', 4],
  ['dev', 0],
  ['18', 18],
])('the major version of %s is %i', (version, major) => {
  expect(majorOf(version)).toBe(major);
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
