/** A query's documents to a file, one after another: nothing is held but what is being written. */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { stringify } from 'csv-stringify/sync';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { type EjsonForm, ejsonOf } from '../bson/ejson.ts';
import type { Command, Link } from '../panel/link.ts';
import { findCommand, readPipeline, readQuery, stageName, writes } from '../panel/query.ts';
import { streamed } from '../panel/raw.ts';
import { flatten } from './flatten.ts';

export interface ExportAsked {
  readonly database: string;
  readonly collection: string;
  readonly filter: string;
  readonly project: string;
  readonly sort: string;
  readonly collation: string;
  readonly pipeline: string;
  readonly format: 'lines' | 'array' | 'csv';
  readonly form: EjsonForm;
}

interface ExportWork {
  readonly signal: AbortSignal;
  progress(current: number, total: number, label: string): void;
}

/** @returns documents written @throws NoodleError bad-argument, query-failed, too-large (columns) */
export async function exportTo(link: Link, path: string, asked: ExportAsked, work: ExportWork): Promise<number> {
  const command = commandOf(asked);
  const counter = { documents: 0 };
  const chunks = asked.format === 'csv' ? csv(link, asked, command, work, counter) : json(link, asked, command, work, counter);
  await pipeline(Readable.from(chunks, { objectMode: true, highWaterMark: 1 }), createWriteStream(path, { mode: 0o600 }), {
    signal: work.signal,
  });
  return counter.documents;
}

function commandOf(asked: ExportAsked): Command {
  if (asked.pipeline.trim() === '') {
    const { maxTimeMS: _, ...command } = findCommand(asked.collection, readQuery(asked), { skip: 0, limit: 0, timeout: 0 }) as Record<
      string,
      unknown
    >;
    return command;
  }
  const stages = readPipeline(asked.pipeline);
  if (stages.some((stage) => writes.has(stageName(stage)))) {
    throw new NoodleError({ code: 'bad-argument', what: 'A pipeline that writes gives nothing to export.' });
  }
  return { aggregate: asked.collection, pipeline: stages };
}

/** Characters written at once. */
const chunkSize = 256 * 1024;

async function* json(
  link: Link,
  { database, format, form }: ExportAsked,
  command: Command,
  work: ExportWork,
  counter: { documents: number },
) {
  let text = format === 'array' ? '[' : '';
  for await (const document of streamed(link, database, command, work.signal)) {
    const before = format === 'array' ? (counter.documents === 0 ? '\n' : ',\n') : '';
    text += `${before}${ejsonOf(document, form)}${format === 'lines' ? '\n' : ''}`;
    counter.documents++;
    if (text.length < chunkSize) continue;
    work.progress(counter.documents, 0, 'documents');
    yield text;
    text = '';
  }
  yield format === 'array' ? `${text}\n]\n` : text;
}

/** Twice through: which columns there are is known only at the end. */
async function* csv(link: Link, { database }: ExportAsked, command: Command, work: ExportWork, counter: { documents: number }) {
  const columns = new Map<string, number>();
  let looked = 0;
  for await (const document of streamed(link, database, command, work.signal)) {
    flatten(document, (path) => {
      if (!columns.has(path)) columns.set(path, columns.size);
    });
    if (columns.size > limits.documentCsvColumns) {
      throw new NoodleError({
        code: 'too-large',
        what: `These documents have more than ${limits.documentCsvColumns.toLocaleString('en')} different fields.`,
        todo: 'Project some of them, or export JSON.',
      });
    }
    if (++looked % 5_000 === 0) work.progress(looked, 0, 'documents looked at for their columns');
  }
  let text = stringify([[...columns.keys()]]);
  for await (const document of streamed(link, database, command, work.signal)) {
    const cells = new Array<string>(columns.size).fill('');
    flatten(document, (path, cell) => {
      const at = columns.get(path);
      if (at !== undefined) cells[at] = cell();
    });
    text += stringify([cells]);
    counter.documents++;
    if (text.length < chunkSize) continue;
    work.progress(counter.documents, looked, 'documents');
    yield text;
    text = '';
  }
  yield text;
}
