import { expect, it } from 'vitest';
import type { WalLine } from '../../../preload/contract/pitr.ts';
import type { WalFacts } from '../../services/postgres/physical/server.ts';
import { parseLsn } from '../../services/postgres/physical/wal.ts';
import { breakOf, mayKeep } from './archive.ts';

const line: WalLine = {
  id: 'l',
  system: '7',
  timeline: 1,
  segment: 2 ** 24,
  from: '0/1000000',
  until: { lsn: '0/3000100', at: 0 },
  ended: null,
};
const now: WalFacts = {
  version: '17.6',
  system: '7',
  timeline: 1,
  flushed: parseLsn('0/3000200'),
  now: 1,
  segment: 2 ** 24,
  slotKeeps: 2 ** 31,
  summarizes: true,
  inRecovery: false,
  tablespaces: [],
  slot: { restart: parseLsn('0/3000000'), lost: false },
};

it('a line goes on while the server is the same, further on, and still keeps what was not collected', () => {
  expect(breakOf(line, now, true)).toBeUndefined();
});

it('each way in which a history breaks is told by its cause', () => {
  const cause = (change: Partial<WalFacts>, same = true) => breakOf(line, { ...now, ...change }, same);
  expect(cause({ system: '8' })).toMatch(/another cluster/);
  expect(cause({ timeline: 2 })).toMatch(/timeline 2/);
  expect(cause({ flushed: parseLsn('0/3000000') })).toMatch(/put back/);
  expect(cause({ slot: undefined })).toMatch(/slot is gone/);
  expect(cause({ slot: { restart: undefined, lost: true } })).toMatch(/gap/);
  expect(cause({}, false)).toMatch(/another history/);
});

it('a server that would keep WAL without bound, is a standby, or has data elsewhere is not asked to keep any', () => {
  expect(() => mayKeep(now)).not.toThrow();
  expect(() => mayKeep({ ...now, slotKeeps: -1 })).toThrow(expect.objectContaining({ code: 'not-supported-by-server' }));
  expect(() => mayKeep({ ...now, inRecovery: true })).toThrow(expect.objectContaining({ code: 'not-supported-by-server' }));
  expect(() => mayKeep({ ...now, tablespaces: ['fast'] })).toThrow(expect.objectContaining({ message: expect.stringContaining('fast') }));
});
