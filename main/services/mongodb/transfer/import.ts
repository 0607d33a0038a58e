/** A file of documents into a collection, in portions: JSON (a list, or lines) or CSV. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Document } from 'mongodb';
import type { DocumentImportLook } from '../../../../preload/contract/documents.ts';
import { asNoodleError, NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, ejsonOf } from '../bson/ejson.ts';
import { codes } from '../panel/failure.ts';
import { exact } from '../panel/id.ts';
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
export async function lookInto(path: string, format: 'json' | 'csv' | undefined, types: 'infer' | 'text'): Promise<DocumentImportLook> {
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
  const answer = await link.command(
    database,
    { insert: collection, documents, ordered: stopAtFirst && there === 'refuse', writeConcern },
    signal,
  );
  const errors = ((answer.writeErrors ?? []) as Document[]).map(({ index, code, errmsg }) => ({
    index: Number(index),
    code: Number(code),
    message: String(errmsg),
  }));
  // Reckoned from what was refused: not every server's own count leaves that out.
  const [first] = errors;
  told.stored += stopAtFirst && there === 'refuse' && first ? first.index : documents.length - errors.length;
  const thereAlready = there === 'replace' ? errors.filter(({ code }) => code === codes.duplicateKey) : [];
  const others = errors.filter((error) => !thereAlready.includes(error));
  // A portion at a time: a server that looks for each of them one by one can be stopped in between.
  for (let at = 0; at < thereAlready.length; at += replacedAtOnce) {
    signal.throwIfAborted();
    const portion = thereAlready.slice(at, at + replacedAtOnce);
    const updates = portion.map(({ index }) => replacing(documents[index]!));
    const replaced = await link.command(database, { update: collection, updates, ordered: false, writeConcern }, signal);
    const failed = (replaced.writeErrors ?? []) as Document[];
    told.stored += portion.length - failed.length;
    for (const { index, errmsg } of failed) {
      others.push({ index: portion[Number(index)]!.index, code: 0, message: String(errmsg) });
    }
  }
  told.refused += others.length;
  for (const { index, message } of others.slice(0, limits.documentImportRefused - told.why.length)) {
    told.why.push(`record ${records[index]?.number}: ${message.slice(0, 300)}`);
  }
}

const writeConcern = { w: 'majority', j: true };
const replacedAtOnce = 100;

function replacing(document: ShellDocument) {
  return { q: { _id: exact(document.get('_id')) }, u: document, upsert: true };
}

function refused({ stored, refused, why }: { stored: number; refused: number; why: string[] }): NoodleError {
  return new NoodleError({
    code: 'query-failed',
    what: `${refused.toLocaleString('en')} documents were refused; ${stored.toLocaleString('en')} are stored.`,
    why: why.join('\n'),
    todo: 'Mend the file, or let documents that are there be replaced.',
  });
}
