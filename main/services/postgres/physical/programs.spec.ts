import { expect, it } from 'vitest';
import type { Connection } from '../../kind.ts';
import { baseProgress, commitIn, findCommit, pointIn, rangeIn, receiveWal, recoverServer, takeBase } from './programs.ts';
import { parseLsn, showLsn } from './wal.ts';

const connection = { parts: { user: 'u; rm -rf /', password: 'secret', database: 'd' } } as unknown as Connection;
const address = { host: '127.0.0.1', port: 5432 };

it('no password is ever an argument', () => {
  for (const argv of [takeBase(address, connection, '/to', undefined), receiveWal(address, connection, '/to', 100n)]) {
    expect(argv.join(' ')).not.toContain('secret');
    expect(argv).toContain('u; rm -rf /');
  }
});

it('an incremental backup names the manifest it builds on', () => {
  expect(takeBase(address, connection, '/to', '/a/backup_manifest').slice(-2)).toEqual(['--incremental', '/a/backup_manifest']);
});

it('progress is read from the last of several lines', () => {
  expect(baseProgress('    0/31298 kB (0%), 0/1 tablespace\r15649/31298 kB (50%), 0/1 tablespace')).toEqual({
    current: 15_649 * 1024,
    total: 31_298 * 1024,
  });
  expect(baseProgress('waiting for checkpoint')).toBeUndefined();
});

it('the range of WAL is read from the end of a manifest', () => {
  const end = `"WAL-Ranges": [\n{ "Timeline": 1, "Start-LSN": "0/2000028", "End-LSN": "0/2000158" }\n],\n"Manifest-Checksum": "ab"}\n`;
  const range = rangeIn(end)!;
  expect([range.timeline, showLsn(range.from), showLsn(range.to)]).toEqual([1, '0/2000028', '0/2000158']);
  // Two ranges: it was taken over a switch of timelines, which no line of ours goes over.
  expect(rangeIn(end.replace(' }\n]', ' },\n{ "Timeline": 2, "Start-LSN": "0/3000000", "End-LSN": "0/3000158" }\n]'))).toBeUndefined();
  expect(rangeIn('{}')).toBeUndefined();
});

it('a commit and a named point are found in what pg_waldump prints', () => {
  const printed = [
    'rmgr: XLOG        len (rec/tot):    114/   114, tx:          0, lsn: 0/0303EB40, prev 0/0303EB08, desc: RESTORE_POINT before import',
    'rmgr: Transaction len (rec/tot):     34/    34, tx:        748, lsn: 0/0303EC08, prev 0/0303EBC0, desc: COMMIT 2026-11-24 20:25:52.765 UTC',
  ].join('\n');
  expect(commitIn(printed)).toBe(parseLsn('0/303EC08'));
  expect(pointIn(printed, 'before import')).toBe(parseLsn('0/303EB40'));
  expect(pointIn(printed, 'before')).toBeUndefined();
  expect(commitIn('desc: ABORT')).toBeUndefined();
  // A number of more than 32 bits: WAL knows its lower half.
  expect(findCommit('/w', 1, 0n, 1n, '4294968044')).toContain('--xid=748');
});

it('recovery is told one moment at most, in UTC', () => {
  const argv = recoverServer('/data', '/s', { at: 'time', time: Date.parse('2026-03-29T01:30:00.250Z') });
  expect(argv).toContain('recovery_target_time=2026-03-29 01:30:00.250+00');
  expect(argv.filter((one) => one.startsWith('recovery_target_'))).toHaveLength(2);
  expect(recoverServer('/data', '/s', { at: 'end' }).filter((one) => /^recovery_target_(?!action)/.test(one))).toEqual([]);
});
