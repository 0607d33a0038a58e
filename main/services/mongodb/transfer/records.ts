import type { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { parseDocument } from '../shell/parse.ts';
import type { ShellDocument } from '../shell/values.ts';
import { rowDocument } from './csv-values.ts';
import { jsonValues } from './json-values.ts';

export interface ImportRecord {
  readonly document: ShellDocument;
  /** From 1. */
  readonly number: number;
  /** Bytes (nearly) of the file up to its end. */
  readonly end: number;
}

export async function* jsonRecords(file: Readable): AsyncGenerator<ImportRecord> {
  let number = 0;
  for await (const { text, at } of jsonValues(file.setEncoding('utf8'), limits.documentEjsonBytes)) {
    number++;
    try {
      yield { document: parseDocument(text), number, end: at + text.length };
    } catch (error) {
      throw error instanceof NoodleError
        ? new NoodleError({
            ...error.problem,
            what: `Record ${number}: ${error.problem.what}`,
            at: { offset: at + (error.problem.at?.offset ?? 0), length: 1 },
          })
        : error;
    }
  }
}

/** The first line names the columns. */
export async function* csvRecords(file: Readable, types: 'infer' | 'text'): AsyncGenerator<ImportRecord> {
  const parser = parse({ bom: true, relax_column_count: true, skip_empty_lines: true, max_record_size: 16 * 2 ** 20, info: true });
  file.once('error', (error) => parser.destroy(error));
  let columns: string[] | undefined;
  let number = 0;
  try {
    for await (const { record, info } of file.pipe(parser) as AsyncIterable<{ record: string[]; info: { bytes: number } }>) {
      if (columns === undefined) {
        columns = record.map((name, index) => name.trim() || `column_${index + 1}`);
        continue;
      }
      number++;
      yield { document: rowDocument(columns, record, types), number, end: info.bytes };
    }
  } catch (error) {
    if (error instanceof NoodleError) throw error;
    throw new NoodleError(
      { code: 'bad-argument', what: `The CSV cannot be read after record ${number}.`, why: (error as Error).message },
      { cause: error },
    );
  } finally {
    file.destroy();
  }
}
