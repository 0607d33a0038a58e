import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rowCells, rowEnd, rowTexts } from './row.ts';
import { Spool } from './spool.ts';
import { dataRowOf } from './testing.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-spool-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function rowsOf(spool: Spool, from: number, count: number) {
  const rows: (string | null)[][] = [];
  for await (const { bytes } of spool.read(from, count)) {
    for (let at = 0; at < bytes.length; at = rowEnd(bytes, at)) rows.push(rowTexts(bytes, at));
  }
  return rows;
}

describe('a spool', () => {
  it('gives back any range of what it took in, however it was cut', async () => {
    const spool = await Spool.create(join(folder, 'a'));
    let batch: Buffer[] = [];
    for (let row = 0; row < 50_000; row++) {
      batch.push(dataRowOf([String(row), row % 3 === 0 ? null : 'x'.repeat(row % 100)]));
      if (batch.length > row % 700) {
        await spool.take(Buffer.concat(batch), batch.length);
        batch = [];
      }
    }
    await spool.take(Buffer.concat(batch), batch.length);
    await spool.finish();
    expect(spool.rows).toBe(50_000);
    for (const from of [0, 1, 4_095, 4_096, 25_000, 49_999]) {
      const rows = await rowsOf(spool, from, 3);
      expect(rows.map(([n]) => n)).toEqual([from, from + 1, from + 2].filter((n) => n < 50_000).map(String));
    }
    expect(await rowsOf(spool, 50_000, 10)).toEqual([]);
    let seen = 0;
    for await (const { bytes } of spool.blocks(10_000)) for (let at = 0; at < bytes.length; at = rowEnd(bytes, at)) seen++;
    expect(seen).toBe(50_000);
    await spool.remove();
  });

  it('holds a row that is larger than its buffers', async () => {
    const spool = await Spool.create(join(folder, 'b'));
    const large = 'é'.repeat(3_000_000);
    for (const row of [['first'], [large], ['last']]) await spool.take(dataRowOf(row), 1);
    await spool.finish();
    expect((await rowsOf(spool, 1, 2)).map(([value]) => value?.length)).toEqual([3_000_000, 4]);
    await spool.remove();
  });
});

it('a long value is cut at a whole character and tells its size', () => {
  expect(rowCells(dataRowOf(['aéé', null, '']), 0, 2)).toEqual([{ cut: 'a', bytes: 5 }, null, '']);
});
