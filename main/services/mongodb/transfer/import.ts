/** A file of documents into a collection, in portions: JSON (a list, or lines) or CSV. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Document } from 'mongodb';
import type { ImportLook } from '../../../../preload/contract/documents.ts';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, ejsonOf } from '../bson/ejson.ts';
import type { Link } from '../panel/link.ts';
import { withId } from '../panel/write.ts';
import type { ShellDocument } from '../shell/values.ts';
import { csvRecords, type ImportRecord, jsonRecords } from './records.ts';

export interface ImportAsked {
  readonly database: string;
  readonly collection: string;
  readonly format: 'json' | 'csv';
  readonly types: 'infer' | 'text';
  readonly there: 'refuse' | 'replace';
  readonly stopAtFirst: boolean;
}

interface ImportWork {
  readonly signal: AbortSignal;
  progress(current: number, total: number, label: string): void;
}

/** @returns documents stored @throws NoodleError conflict, query-failed (some were refused: which, and why), bad-argument (the file) */
export async function importFrom(link: Link, path: string, asked: ImportAsked, work: ImportWork): Promise<number> {
  const { size } = await stat(path);
  const told = { stored: 0, refused: 0, why: [] as string[] };
  let batch: ImportRecord[] = [];
  let bytes = 0;
  const store = async () => {
    const records = batch;
    batch = [];
    bytes = 0;
    if (records.length > 0) await storeBatch(link, asked, records, told, work.signal);
  };
  for await (const record of recordsOf(path, asked)) {
    work.signal.throwIfAborted();
    batch.push(record);
    bytes += bytesOf(record.document as unknown as Document).length;
    if (batch.length < limits.documentWriteBatch && bytes < limits.documentWriteBytes) continue;
    await store();
    work.progress(record.end, size, `${told.stored.toLocaleString('en')} documents stored`);
    if (asked.stopAtFirst && told.refused > 0) break;
  }
  await store();
  work.progress(size, size, `${told.stored.toLocaleString('en')} documents stored`);
  if (told.refused > 0) throw refused(told);
  return told.stored;
}

/** What would be imported. What is wrong with the file is told, not thrown. */
export async function lookInto(path: string, format: 'json' | 'csv' | undefined, types: 'infer' | 'text'): Promise<ImportLook> {
  const { size } = await stat(path);
  const kind = format ?? (await guessed(path));
  const documents: string[] = [];
  const columns = new Set<string>();
  let problem: string | null = size === 0 ? 'The file is empty.' : null;
  try {
    for await (const { document } of recordsOf(path, { format: kind, types })) {
      const bytes = bytesOf(document as unknown as Document);
      documents.push(bytes.length > limits.documentWithheld ? JSON.stringify({ withheld: `${bytes.length} bytes` }) : ejsonOf(bytes));
      for (const name of document.keys()) columns.add(name);
      if (documents.length === limits.documentStageShown) break;
    }
  } catch (error) {
    problem = asNoodleError(error).message;
  }
  return { format: kind, bytes: size, documents, columns: [...columns].slice(0, limits.documentOutlineFields), problem };
}

function recordsOf(path: string, { format, types }: Pick<ImportAsked, 'format' | 'types'>): AsyncGenerator<ImportRecord> {
  return format === 'csv' ? csvRecords(createReadStream(path), types) : jsonRecords(createReadStream(path));
}

/** By the first character that is no space. */
async function guessed(path: string): Promise<'json' | 'csv'> {
  for await (const chunk of createReadStream(path, { end: 4_095, encoding: 'utf8' })) {
    return /^[\s\ufeff]*[[{]/.test(String(chunk)) ? 'json' : 'csv';
  }
  return 'json';
}

async function storeBatch(
  link: Link,
  { database, collection, there, stopAtFirst }: ImportAsked,
  records: readonly ImportRecord[],
  told: { stored: number; refused: number; why: string[] },
  signal: AbortSignal,
): Promise<void> {
  const documents = records.map(({ document }) => withId(document));
  const command =
    there === 'refuse'
      ? { insert: collection, documents, ordered: stopAtFirst }
      : { update: collection, updates: documents.map(replacing), ordered: stopAtFirst };
  const answer = await link.command(database, { ...command, writeConcern: { w: 'majority', j: true } }, signal);
  told.stored += Number(answer.n ?? 0);
  const errors = (answer.writeErrors ?? []) as Document[];
  told.refused += errors.length;
  for (const error of errors) {
    if (told.why.length === limits.documentImportRefused) break;
    told.why.push(`record ${records[Number(error.index)]?.number}: ${String(error.errmsg).slice(0, 300)}`);
  }
}

function replacing(document: ShellDocument) {
  return { q: { _id: { $eq: document.get('_id') } }, u: document, upsert: true };
}

function refused({ stored, refused, why }: { stored: number; refused: number; why: string[] }): NoodleError {
  return new NoodleError({
    code: 'query-failed',
    what: `${refused.toLocaleString('en')} documents were refused; ${stored.toLocaleString('en')} are stored.`,
    why: why.join('\n'),
    todo: 'Mend the file, or let documents that are there be replaced.',
  });
}
