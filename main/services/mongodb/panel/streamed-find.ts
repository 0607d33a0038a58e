import type { DocumentQuery } from '../../../../preload/contract/documents.ts';
import { type EjsonForm, ejsonOf } from '../bson/ejson.ts';
import { placed } from './failure.ts';
import { killTagged, tag } from './kill.ts';
import type { Link } from './link.ts';
import { findCommand, readQuery } from './query.ts';
import { streamed } from './raw.ts';

/** @throws NoodleError bad-argument, query-failed, cancelled */
export async function* streamedFind(link: Link, query: DocumentQuery, form: EjsonForm, signal: AbortSignal): AsyncGenerator<string> {
  const comment = tag();
  const command = { ...findCommand(query.collection, readQuery(query), query), comment };
  const batch = query.limit > 0 ? Math.min(query.limit, 1_000) : 1_000;
  try {
    for await (const document of streamed(link, query.database, command, signal, batch)) yield ejsonOf(document, form);
  } catch (error) {
    if (signal.aborted) void killTagged(link, comment);
    throw placed(error, 'Filter', query.filter);
  }
}
