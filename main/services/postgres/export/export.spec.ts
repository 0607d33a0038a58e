import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parquetReadObjects } from 'hyparquet';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ExportFormat, ResultColumn } from '../../../../preload/contract/sql.ts';
import { exportRows } from './export.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'noodlebox-export-'));
});
afterAll(() => rm(folder, { recursive: true }));

const columns: ResultColumn[] = [
  { name: 'id', type: 'bigint', kind: 'number' },
  { name: 'price', type: 'numeric', kind: 'number' },
  { name: 'ok', type: 'boolean', kind: 'boolean' },
  { name: 'doc', type: 'jsonb', kind: 'json' },
  { name: 'raw', type: 'bytea', kind: 'binary' },
  { name: `o"dd, 'name'`, type: 'text', kind: 'text' },
];
const rows = [
  ['9223372036854775807', '0.10000000000000000000001', 't', '{"a": 1}', '\\x00ff', `it's "so",\n\\`],
  [null, 'NaN', 'f', null, null, ''],
];

async function exported(format: ExportFormat, of: (string | null)[][] = rows): Promise<string> {
  const path = join(folder, crypto.randomUUID());
  const source = { columns, rows: of.length, table: '"public"."t"', texts: async function* () { yield of; } }; // biome-ignore format: short
  await exportRows(format, source, { path, signal: new AbortController().signal, progress: () => {} });
  return path;
}
const text = async (format: ExportFormat) => readFile(await exported(format), 'utf8');

describe('an export', () => {
  it('as CSV tells NULL from an empty text', async () => {
    expect(await text('csv')).toBe(
      `id,price,ok,doc,raw,"o""dd, 'name'"\n9223372036854775807,0.10000000000000000000001,t,"{""a"": 1}",\\x00ff,"it's ""so"",\n\\"\n,NaN,f,,,""\n`,
    );
  });

  it('as JSON has every digit', async () => {
    const json = await text('json');
    expect(json).toContain('"id":9223372036854775807,"price":0.10000000000000000000001,"ok":true,"doc":{"a": 1}');
    expect(JSON.parse(json)[1]).toEqual({ id: null, price: 'NaN', ok: false, doc: null, raw: null, [columns[5]!.name]: '' });
  });

  it('as SQL quotes names and values', async () => {
    expect(await text('sql')).toBe(
      `INSERT INTO "public"."t" ("id", "price", "ok", "doc", "raw", "o""dd, 'name'") VALUES (9223372036854775807, 0.10000000000000000000001, 't', '{"a": 1}', E'\\\\x00ff', E'it''s "so",\n\\\\');\n` +
        `INSERT INTO "public"."t" ("id", "price", "ok", "doc", "raw", "o""dd, 'name'") VALUES (NULL, 'NaN', 'f', NULL, NULL, '');\n`,
    );
  });

  it('as Parquet is read back by another library, over several row groups', async () => {
    const many = Array.from({ length: 120_000 }, (_, at) => [String(at), null, null, null, null, `row ${at}`]);
    const file = await readFile(await exported('parquet', [...rows, ...many]));
    const back = await parquetReadObjects({ file: file.buffer.slice(file.byteOffset, file.byteOffset + file.length) });
    expect(back).toHaveLength(120_002);
    expect(back[0]).toMatchObject({ id: 9223372036854775807n, price: '0.10000000000000000000001', ok: true, doc: '{"a": 1}' });
    expect(back[1]).toMatchObject({ id: null, price: 'NaN', ok: false, raw: null });
    expect(back.at(-1)).toMatchObject({ id: 119_999n, [columns[5]!.name]: 'row 119999' });
  });

  it('as XLSX is a workbook, and refuses what a sheet cannot hold', async () => {
    const path = await exported('xlsx');
    expect((await readFile(path)).subarray(0, 2).toString()).toBe('PK');
    expect((await stat(path)).size).toBeGreaterThan(1_000);
    const large = [['1', '1', 't', null, null, 'x'.repeat(40_000)]];
    await expect(exported('xlsx', large)).rejects.toMatchObject({ code: 'too-large' });
  });
});
