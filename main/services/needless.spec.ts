import { expect, it } from 'vitest';
import { serviceSpec, volumeMount } from '../../test/support/specs.ts';
import type { ServiceSpec } from '../runtime/spec.ts';
import { needlessIn } from './needless.ts';

function folders(mounts: ServiceSpec['mounts']): string[] {
  const services = {
    db: serviceSpec('db', { kind: 'postgres', mounts }),
    cache: serviceSpec('cache', { kind: 'redis', mounts: [volumeMount('data', '/data')] }),
    box: serviceSpec('box', { mounts: [volumeMount('data', '/var/lib/postgresql/data')] }),
  };
  return needlessIn({ services }, 'data').map(({ folder }) => folder);
}

it('a rule is told by where its folder is in the volume', () => {
  expect(folders([volumeMount('data', '/var/lib/postgresql/data')])).toEqual(['pg_wal']);
  expect(folders([volumeMount('data', '/var/lib/postgresql')])).toEqual(['data/pg_wal']);
  expect(folders([volumeMount('data', '/var/lib/postgresql/data/pg_wal')])).toEqual(['.']);
});

it('a volume that the folder is not in has no rule', () => {
  expect(folders([volumeMount('other', '/var/lib/postgresql/data')])).toEqual([]);
  expect(folders([volumeMount('data', '/backups')])).toEqual([]);
  expect(folders([])).toEqual([]);
});
