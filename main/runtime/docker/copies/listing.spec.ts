import { expect, test } from 'vitest';
import { entriesFrom } from './listing.ts';

const sum = 'a'.repeat(64);

test('files, folders and links are read with their permissions and content', () => {
  const listed = ['41c0 999 999 4096 .', '81a4 0 0 5 ./PG_VERSION', '41ed 999 999 4096 ./base dir', 'a1ff 0 0 8 ./pg_wal', ''].join('\n');
  expect(entriesFrom(listed, `${sum}  ./PG_VERSION\n`, './pg_wal\n/elsewhere\n')).toEqual([
    { path: '.', type: 'folder', mode: 0o700, uid: 999, gid: 999, size: 0, content: '' },
    { path: 'PG_VERSION', type: 'file', mode: 0o644, uid: 0, gid: 0, size: 5, content: sum },
    { path: 'base dir', type: 'folder', mode: 0o755, uid: 999, gid: 999, size: 0, content: '' },
    { path: 'pg_wal', type: 'link', mode: 0o777, uid: 0, gid: 0, size: 0, content: '/elsewhere' },
  ]);
});

test('a name with a line break is refused instead of misread', () => {
  expect(() => entriesFrom('81a4 0 0 5 ./a\nb\n', `\\${sum}  ./a\\nb\n`, '')).toThrow('cannot be told on one line');
});
