import { expect, it } from 'vitest';
import { toolFailed } from '../../../runtime/tool-failure.ts';
import { refusesZstd } from './dump.ts';

const failed = (complaint: string) =>
  toolFailed({ argv: ['pg_dump'], doing: 'dump d', signal: new AbortController().signal }, 1, complaint);

it('a pg_dump that cannot compress with zstd says so, each version in its own words', () => {
  expect(refusesZstd(failed('pg_dump: error: invalid value "zstd:3" for option -Z/--compress'))).toBe(true);
  expect(refusesZstd(failed('pg_dump: error: this build does not support compression with zstd'))).toBe(true);
  expect(refusesZstd(failed('pg_dump: error: invalid compression specification: this build does not support compression with zstd'))).toBe(
    true,
  );
});

it('what else goes wrong is not tried again without', () => {
  expect(refusesZstd(failed('pg_dump: error: query failed: ERROR:  permission denied for table notes'))).toBe(false);
  expect(refusesZstd(failed('pg_dump: error: could not compress data: Allocation error'))).toBe(false);
  expect(refusesZstd(new Error('zstd compress -Z'))).toBe(false);
});
