import { expect, it } from 'vitest';
import { mounted } from './instance.ts';

const mounts = [
  { target: '/data', folder: '/volumes/data' },
  { target: '/data/inner', folder: '/volumes/inner' },
];

it('a container path is the volume mounted there, the innermost one', () => {
  expect(mounted('/instance', mounts, '/data')).toEqual({ root: '/volumes/data', path: '/volumes/data' });
  expect(mounted('/instance', mounts, '/data/a/b')).toEqual({ root: '/volumes/data', path: '/volumes/data/a/b' });
  expect(mounted('/instance', mounts, '/data/inner/c')).toEqual({ root: '/volumes/inner', path: '/volumes/inner/c' });
});

it('any other path is one of the instance itself', () => {
  expect(mounted('/instance', mounts, '/database')).toEqual({ root: '/instance/files', path: '/instance/files/database' });
  expect(mounted('/instance', mounts, '/data/../../etc/passwd')).toEqual({ root: '/instance/files', path: '/instance/files/etc/passwd' });
});
