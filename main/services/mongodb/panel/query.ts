/** Texts in shell syntax to a query, and back to what the server is sent. */
import { Double, Int32, Long } from 'mongodb';
import type { DocumentQuery } from '../../../../preload/contract/documents.ts';
import { NoodleError } from '../../../errors.ts';
import { parseDocument, parseDocuments } from '../shell/parse.ts';
import type { ShellDocument } from '../shell/values.ts';
import { reading } from './failure.ts';
import type { Command } from './link.ts';

export type QueryTexts = Pick<DocumentQuery, 'filter' | 'project' | 'sort' | 'collation'>;

export interface ReadQuery {
  readonly filter: ShellDocument;
  /** Empty: as it is. */
  readonly project: ShellDocument;
  readonly sort: ShellDocument;
  readonly collation: ShellDocument;
}

/** @throws NoodleError bad-argument with the place, and the field in words: "Filter: …" */
export function readQuery(texts: Partial<QueryTexts>): ReadQuery {
  return {
    filter: reading('Filter', texts.filter ?? '', parseDocument),
    project: reading('Project', texts.project ?? '', parseDocument),
    sort: reading('Sort', texts.sort ?? '', readSort),
    collation: reading('Collation', texts.collation ?? '', parseDocument),
  };
}

/** `{ a: 1, b: -1 }`, with `asc` and `desc` as words too. */
function readSort(text: string): ShellDocument {
  const sort = parseDocument(text);
  for (const [field, order] of sort) {
    const number = order instanceof Int32 || order instanceof Double ? order.value : order instanceof Long ? order.toNumber() : order;
    if (order instanceof Map) continue;
    const direction = { 1: 1, '-1': -1, asc: 1, ascending: 1, desc: -1, descending: -1 }[String(number)];
    if (direction === undefined) {
      const offset = Math.max(0, text.indexOf(field));
      throw new NoodleError({
        code: 'bad-argument',
        what: `The order of ${JSON.stringify(field)} is 1 or -1.`,
        at: { offset, length: field.length || 1 },
      });
    }
    sort.set(field, new Int32(direction));
  }
  return sort;
}

/** @param query `skip` and `limit` 0: none; `timeout` in ms */
export function findCommand(
  collection: string,
  query: ReadQuery,
  { skip, limit, timeout }: Pick<DocumentQuery, 'skip' | 'limit' | 'timeout'>,
): Command {
  const { filter, project, sort, collation } = query;
  return {
    find: collection,
    filter,
    ...(project.size > 0 ? { projection: project } : {}),
    ...(sort.size > 0 ? { sort } : {}),
    ...(collation.size > 0 ? { collation } : {}),
    ...(skip > 0 ? { skip } : {}),
    ...(limit > 0 ? { limit } : {}),
    maxTimeMS: timeout,
  };
}

export const readPipeline = (text: string): ShellDocument[] => reading('Pipeline', text, parseDocuments);

/** The name of a stage, `$match`. */
export function stageName(stage: ShellDocument): string {
  return stage.keys().next().value ?? '';
}

/** Stages that write to a collection. */
export const writes = new Set(['$out', '$merge']);
