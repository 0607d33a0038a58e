import { describe, expect, it } from 'vitest';
import { KeyList } from './key-list.ts';
import { KeyStore } from './key-store.ts';
import { KeyTree } from './key-tree.ts';

function treeOf(keys: readonly (string | Buffer)[], delimiter = ':') {
  const store = new KeyStore();
  const tree = new KeyTree(store, delimiter);
  const add = (key: string | Buffer) => {
    const bytes = Buffer.from(key as string);
    const number = store.add(bytes, 0, bytes.length);
    if (number >= 0) tree.add(number);
    return number;
  };
  for (const key of keys) add(key);
  const shown = () =>
    tree
      .entries(0, 1_000)
      .map(({ kind, depth, label, keys: below }) => `${'  '.repeat(depth)}${label}${kind === 'folder' ? `/ ${below}` : ''}`);
  return { store, tree, add, shown };
}

describe('the tree of keys', () => {
  it('shows folders with what is below them, then keys, in order', async () => {
    const { tree, shown } = treeOf(['b:1', 'a:x:1', 'z', 'a:x:2', 'a:y', 'b:1', 'a']);
    expect(shown()).toEqual(['a/ 3', 'b/ 1', 'a', 'z']);
    expect(await tree.toggle(Buffer.from('a:'), true)).toBe(true);
    expect(shown()).toEqual(['a/ 3', '  x/ 2', '  y', 'b/ 1', 'a', 'z']);
    await tree.toggle(Buffer.from('a:x:'), true);
    expect(shown()).toEqual(['a/ 3', '  x/ 2', '    1', '    2', '  y', 'b/ 1', 'a', 'z']);
    expect(tree.rows).toBe(8);
    await tree.toggle(Buffer.from('a:'), false);
    expect(tree.rows).toBe(4);
    await tree.toggle(Buffer.from('a:'), true);
    expect(tree.rows).toBe(8);
    expect(await tree.toggle(Buffer.from('nope:'), true)).toBe(false);
  });

  it('takes in keys below folders that are open, and below those that are not', async () => {
    const { tree, add, shown } = treeOf(['a:1:x']);
    await tree.toggle(Buffer.from('a:'), true);
    await tree.toggle(Buffer.from('a:1:'), true);
    await tree.toggle(Buffer.from('a:'), false);
    add('a:1:y');
    add('a:2');
    expect(tree.rows).toBe(1);
    await tree.toggle(Buffer.from('a:'), true);
    expect(shown()).toEqual(['a/ 3', '  1/ 2', '    x', '    y', '  2']);
    expect(tree.rows).toBe(5);
  });

  it('lets keys go, and folders with their last one', async () => {
    const { tree, store, add, shown } = treeOf(['a:1:x', 'a:1:y', 'b']);
    await tree.toggle(Buffer.from('a:'), true);
    const drop = (key: string) => {
      const number = store.find(Buffer.from(key));
      store.remove(number);
      tree.remove(number);
    };
    drop('a:1:x');
    expect(shown()).toEqual(['a/ 1', '  1/ 1', 'b']);
    drop('a:1:y');
    expect(shown()).toEqual(['b']);
    expect([tree.rows, tree.count]).toEqual([1, 1]);
    add('a:1:x');
    expect(shown()).toEqual(['a/ 1', 'b']);
  });

  it('lets very many keys go at once', async () => {
    const { tree, store, shown } = treeOf([...Array.from({ length: 100 }, (_, at) => `a:${at}`), 'a:b:c', 'z']);
    await tree.toggle(Buffer.from('a:'), true);
    for (let at = 0; at < 100; at++) store.remove(store.find(Buffer.from(`a:${at}`)));
    tree.sweep();
    expect(shown()).toEqual(['a/ 1', '  b/ 1', 'z']);
    expect([tree.rows, tree.count]).toEqual([3, 2]);
    store.remove(store.find(Buffer.from('a:b:c')));
    tree.sweep();
    expect(shown()).toEqual(['z']);
    expect([tree.rows, tree.count]).toEqual([1, 1]);
  });

  it('gives any stretch of its rows', async () => {
    const { tree } = treeOf(Array.from({ length: 300 }, (_, at) => `f${at % 3}:${at}`));
    for (const name of ['f0:', 'f1:', 'f2:']) await tree.toggle(Buffer.from(name), true);
    const all = tree.entries(0, 303);
    expect(all).toHaveLength(303);
    for (let from = 0; from < 303; from += 17) expect(tree.entries(from, from + 17)).toEqual(all.slice(from, from + 17));
  });

  it('without a delimiter is a list, and with a longer one is cut by that', () => {
    expect(treeOf(['b:1', 'a:2'], '').shown()).toEqual(['a:2', 'b:1']);
    expect(treeOf(['b::1', 'a:2'], '::').shown()).toEqual(['b/ 1', 'a:2']);
  });

  it('keeps names of any bytes apart', () => {
    const { shown } = treeOf([Buffer.from([0xff, 0x3a, 0x00]), Buffer.from([0xfe, 0x3a, 0x0a]), 'a\n:b', '👩‍💻:x', ':', '::']);
    expect(shown()).toEqual(['/ 2', 'a\\n/ 1', '👩‍💻/ 1', '\\xfe/ 1', '\\xff/ 1']);
  });
});

it('the store knows each key once, through any growth', () => {
  const store = new KeyStore();
  for (let round = 0; round < 2; round++) {
    for (let at = 0; at < 30_000; at++) {
      const key = Buffer.from(`key:${at}`);
      expect(store.add(key, 0, key.length)).toBe(round === 0 ? at : -1);
    }
  }
  expect(store.bytes(12_345).toString()).toBe('key:12345');
  expect(store.find(Buffer.from('key:29999'))).toBe(29_999);
  expect(store.find(Buffer.from('key:30000'))).toBe(-1);
});

it('long lists are sorted in slices, with what came meanwhile behind', async () => {
  const list = new KeyList();
  let seed = 1;
  for (let at = 0; at < 100_000; at++) {
    seed = (seed * 1103515245 + 12345) % 2 ** 31;
    list.push(seed);
  }
  const sorting = list.sort((a, b) => a - b);
  list.push(5);
  await sorting;
  for (let at = 1; at < 100_000; at++) if (list.at(at - 1) > list.at(at)) throw new Error(`out of order at ${at}`);
  expect(list.at(100_000)).toBe(5);
  expect(list.isSorted).toBe(false);
});
