import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { ContentItem } from '../../../services/content.ts';
import { DiffSpool, shown } from './spool.ts';

let folder: string;
let spool: DiffSpool;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-diff-'));
  spool = new DiffSpool(join(folder, 'diff.sqlite'));
});
afterEach(async () => {
  spool.close();
  await rm(folder, { recursive: true });
});

async function* items(...texts: string[]): AsyncGenerator<ContentItem[]> {
  // "key=value"; in two batches.
  const all = texts.map((text) => ({ key: text.split('=')[0]!, digest: text, text }));
  yield all.slice(0, 1);
  yield all.slice(1);
}

it('counts and lists what came, went and changed, in whatever order it was read', async () => {
  await spool.fill('before', 'p', items('a=1', 'b=1', 'c=1', "o'hara=1"), () => {});
  await spool.fill('after', 'p', items('d=1', "o'hara=1", 'b=2', 'a=1'), () => {});
  expect(spool.compare('p', 10)).toEqual({
    added: 1,
    removed: 1,
    changed: 1,
    listed: [
      { key: 'b', before: 'b=1', after: 'b=2' },
      { key: 'c', before: 'c=1', after: null },
      { key: 'd', before: null, after: 'd=1' },
    ],
  });
});

it('shows long values from where they begin to differ', () => {
  const long = 'x'.repeat(300);
  expect(shown(`${long}1`, `${long}2`)).toEqual({ before: `…${'x'.repeat(40)}1`, after: `…${'x'.repeat(40)}2` });
  expect(shown(null, long).after).toHaveLength(200);
  expect(shown('a', 'b')).toEqual({ before: 'a', after: 'b' });
});

it('lists no more than it is asked for and counts all', async () => {
  const many = Array.from({ length: 50 }, (_, at) => `k${at}=1`);
  await spool.fill('after', 'p', items(...many), () => {});
  const { added, listed } = spool.compare('p', 3);
  expect([added, listed.length]).toEqual([50, 3]);
});

it('items without a key of their own are counted, and parts do not mix', async () => {
  await spool.fill('before', 'p', items('same', 'same', 'same'), () => {});
  await spool.fill('after', 'p', items('same'), () => {});
  await spool.fill('after', 'q', items('same', 'x'), () => {});
  expect(spool.compare('p', 10)).toMatchObject({ added: 0, removed: 2, changed: 0, listed: [{ key: 'same' }] });
});
