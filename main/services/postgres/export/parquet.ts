import { type FileHandle, open } from 'node:fs/promises';
import { ByteWriter, ParquetWriter } from 'hyparquet-writer';
import type { ResultColumn } from '../../../../preload/contract/sql.ts';
import { limits } from '../../../limits.ts';
import type { ExportSource, ExportTo } from './export.ts';
import { uniqueNames } from './json.ts';

interface ParquetColumn {
  readonly type: 'INT32' | 'INT64' | 'DOUBLE' | 'BOOLEAN' | 'BYTE_ARRAY';
  readonly converted_type?: 'UTF8' | 'JSON';
  value(text: string): unknown;
}

/** What a column of a type becomes. numeric, times and intervals stay text: no type of the format holds all of their values exactly. */
function parquetColumn({ type, kind }: ResultColumn): ParquetColumn {
  if (type === 'integer' || type === 'smallint') return { type: 'INT32', value: Number };
  if (type === 'bigint' || type === 'oid') return { type: 'INT64', value: BigInt };
  if (type === 'double precision' || type === 'real') return { type: 'DOUBLE', value: Number };
  if (kind === 'boolean') return { type: 'BOOLEAN', value: (text) => text === 't' || text === 'true' };
  if (kind === 'binary') return { type: 'BYTE_ARRAY', value: (text) => Buffer.from(text.slice(2), 'hex') };
  return { type: 'BYTE_ARRAY', converted_type: 'UTF8', value: (text) => text };
}

/** A row group at a time. */
export async function writeParquet(source: ExportSource, { path, signal, progress }: ExportTo): Promise<void> {
  const kinds = source.columns.map(parquetColumn);
  const names = uniqueNames(source.columns);
  const file = await open(path, 'wx', 0o600);
  try {
    const bytes = new FileBytes(file);
    const writer = new ParquetWriter({
      writer: bytes,
      createdBy: 'noodlebox',
      schema: [
        { name: 'root', num_children: kinds.length },
        ...kinds.map(({ type, converted_type }, at) => ({ name: names[at]!, type, converted_type, repetition_type: 'OPTIONAL' as const })),
      ],
    });
    let group: unknown[][] = kinds.map(() => []);
    let held = 0;
    let size = 0;
    let written = 0;
    const flush = async () => {
      if (held === 0) return;
      await writer.write({ columnData: group.map((data, at) => ({ name: names[at]!, data })), rowGroupSize: held });
      await bytes.drain();
      written += held;
      progress(written);
      group = kinds.map(() => []);
      held = size = 0;
    };
    for await (const rows of source.texts()) {
      signal.throwIfAborted();
      for (const values of rows) {
        for (const [at, text] of values.entries()) {
          group[at]!.push(text === null ? null : kinds[at]!.value(text));
          size += text?.length ?? 0;
        }
        held++;
        if (held >= limits.sqlParquetRows || size >= limits.sqlParquetBytes) await flush();
      }
    }
    await flush();
    await writer.finish();
    await bytes.drain();
  } finally {
    await file.close();
  }
}

/** The library's bytes in memory, taken to the file after each row group; `offset` goes on counting. */
class FileBytes extends ByteWriter {
  readonly #file: FileHandle;

  constructor(file: FileHandle) {
    super();
    this.#file = file;
  }

  async drain(): Promise<void> {
    const whole = Buffer.from(this.getBytes());
    this.index = 0;
    await this.#file.write(whole);
  }
}
