import { expect, test } from 'vitest';
import { folderAbove } from './moves.ts';

const volume = (Name: string, change: object = {}) => ({
  Name,
  Driver: 'local',
  Options: null,
  Mountpoint: `/var/lib/docker/volumes/${Name}/_data`,
  ...change,
});

test('volumes of the local driver without options lie side by side in one folder', () => {
  expect(folderAbove([volume('mine_pg'), volume('mine_snapshot_20261125-1.hot_pg', { Options: {} })])).toEqual({
    folder: '/var/lib/docker/volumes',
  });
});

test.each([
  [volume('other', { Driver: 'nfs' }), 'the volume other is kept by the driver nfs'],
  [volume('other', { Options: { type: 'none', o: 'bind', device: '/srv' } }), 'the volume other has options of its own'],
  [volume('other', { Mountpoint: '/srv/elsewhere' }), 'the volume other lies at /srv/elsewhere'],
  [volume('other', { Mountpoint: '/srv/volumes/mine/_data' }), 'the volume other lies at /srv/volumes/mine/_data'],
  [volume('other', { Mountpoint: 'C:\\volumes\\other\\_data' }), 'the volume other lies at C:\\volumes\\other\\_data'],
  [volume('other', { Mountpoint: '/mnt/more/other/_data' }), 'its volumes do not lie side by side'],
  [volume('..'), 'the volume .. has a name that is no name of a folder'],
  [volume('a/../../etc'), 'the volume a/../../etc has a name that is no name of a folder'],
  [volume('-rf'), 'the volume -rf has a name that is no name of a folder'],
])('where one of them does not, it is said why', (other, why) => {
  expect(folderAbove([volume('mine_pg'), other])).toEqual({ why });
});

test('of nothing there is no folder', () => {
  expect(folderAbove([])).toEqual({ why: 'none of its volumes is there yet' });
  expect(folderAbove([volume('mine', { Mountpoint: '/mine/_data' })])).toEqual({ why: 'its volumes do not lie side by side' });
});
