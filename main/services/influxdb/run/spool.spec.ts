import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { RowSpool } from './spool.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-spool-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('gives back any page of what was added, while more is added', async () => {
  const spool = await RowSpool.make<[number, string]>(join(folder, 'a'));
  const row = (index: number): [number, string] => [index, `text ${index}\nwith "quotes" ✓`];
  for (let index = 0; index < 1_000; index++) await spool.add(row(index));
  expect(await spool.page(0, 3)).toEqual([row(0), row(1), row(2)]);
  expect(await spool.page(63, 2)).toEqual([row(63), row(64)]);
  for (let index = 1_000; index < 20_000; index++) await spool.add(row(index));
  expect(await spool.page(12_345, 500)).toEqual(Array.from({ length: 500 }, (_, index) => row(12_345 + index)));
  expect(await spool.page(19_999, 10)).toEqual([row(19_999)]);
  expect(await spool.page(20_000, 10)).toEqual([]);
  let seen = 0;
  for await (const [index] of spool.all()) expect(index).toBe(seen++);
  expect(seen).toBe(20_000);
  await spool.remove();
  expect(await readdir(folder)).toEqual([]);
});
