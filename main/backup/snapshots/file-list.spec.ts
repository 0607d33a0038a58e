import { expect, test } from 'vitest';
import type { VolumeEntry } from '../../runtime/copies.ts';
import { damages, readList, writeList } from './file-list.ts';

const file = (path: string, change: Partial<VolumeEntry> = {}): VolumeEntry => ({
  path,
  type: 'file',
  mode: 0o600,
  uid: 0,
  gid: 0,
  size: 5,
  content: 'c0ffee',
  ...change,
});

test('a list is read as it was written, whatever the names', () => {
  const volumes = new Map([
    ['pg', [file('a "quoted"\nname'), file('ü/😀')]],
    ['redis', [file('dump.rdb')]],
  ]);
  expect(readList(writeList(volumes))).toEqual(volumes);
});

test('what is the same is not damaged', () => {
  expect(damages([file('a'), file('b')], [file('b'), file('a')])).toEqual([]);
});

test('each kind of damage is told by the name of the part', () => {
  const written = ['gone', 'cut', 'flipped', 'moved', 'opened', 'owned'].map((name) => file(name));
  const found = [
    file('cut', { size: 3 }),
    file('flipped', { content: 'other' }),
    file('moved', { type: 'link' }),
    file('opened', { mode: 0o644 }),
    file('owned', { uid: 7 }),
    file('new'),
  ];
  expect(damages(written, found)).toEqual([
    'gone is missing',
    'cut has 3 bytes instead of 5',
    'flipped has other content',
    'moved is no file any more',
    'opened has permissions 644 instead of 600',
    'owned has another owner',
    'new was not there when it was made',
  ]);
});
