/** How the server finds what is asked for, as a tree that one can read. */
import type { Document } from 'mongodb';
import type { DocumentExplanation, DocumentQuery, ExplainStage, PipelineQuery } from '../../../../preload/contract/documents.ts';
import { ejsonOfValue } from '../bson/ejson.ts';
import { placed } from './failure.ts';
import { killTagged, tag } from './kill.ts';
import type { Link } from './link.ts';
import { plain, plainNumber } from './plain.ts';
import { findCommand, readPipeline, readQuery } from './query.ts';

export async function explained(
  link: Link,
  query: DocumentQuery | PipelineQuery,
  run: boolean,
  signal: AbortSignal,
): Promise<DocumentExplanation> {
  const comment = tag();
  const command =
    'pipeline' in query
      ? { aggregate: query.collection, pipeline: readPipeline(query.pipeline), cursor: {} }
      : findCommand(query.collection, readQuery(query), query);
  const { maxTimeMS: _, ...asked } = command as Record<string, unknown>;
  try {
    const answer = await link.command(
      query.database,
      { explain: { ...asked, comment }, verbosity: run ? 'executionStats' : 'queryPlanner', maxTimeMS: query.timeout },
      signal,
    );
    return understood(answer);
  } catch (error) {
    if (signal.aborted) void killTagged(link, comment);
    throw placed(error, 'pipeline' in query ? 'Pipeline' : 'Filter', 'pipeline' in query ? query.pipeline : query.filter);
  }
}

/** Any answer to explain: of find, of an aggregation, of a server with other words (then without stages). */
export function understood(answer: Document): DocumentExplanation {
  const stages: ExplainStage[] = [];
  const piped = (answer.stages ?? []) as Document[];
  const cursor = piped.find((stage) => stage.$cursor)?.$cursor as Document | undefined;
  const root = cursor ?? answer;
  // Last stage first: each stands above what it reads from.
  const rest = piped.filter((stage) => !stage.$cursor).reverse();
  for (const [depth, stage] of rest.entries()) {
    const name = Object.keys(stage).find((key) => key.startsWith('$')) ?? '?';
    stages.push({
      depth,
      name,
      index: null,
      detail: told(stage[name]),
      returned: plainNumber(stage.nReturned),
      docs: null,
      keys: null,
      took: plainNumber(stage.executionTimeMillisEstimate),
    });
  }
  const plan = root.executionStats?.executionStages ?? root.queryPlanner?.winningPlan?.queryPlan ?? root.queryPlanner?.winningPlan;
  if (plan?.stage) walk(plan, rest.length, stages);
  const execution = root.executionStats as Document | undefined;
  const summary: DocumentExplanation['summary'] = {
    returned: plainNumber(execution?.nReturned) ?? stages[0]?.returned ?? null,
    docs: plainNumber(execution?.totalDocsExamined),
    keys: plainNumber(execution?.totalKeysExamined),
    took: plainNumber(execution?.executionTimeMillis),
    indexes: [...new Set(stages.flatMap(({ index }) => (index === null ? [] : [index])))],
    scan: stages.some(({ name }) => name === 'COLLSCAN'),
    sorts: stages.some(({ name }) => name === 'SORT' || name === '$sort'),
  };
  return { ejson: ejsonOfValue(answer, 'relaxed'), stages, summary, remarks: stages.length > 0 ? remarks(summary) : ownWords(answer) };
}

function walk(stage: Document, depth: number, stages: ExplainStage[]): void {
  const details = [
    stage.indexBounds ? told(stage.indexBounds) : stage.keyPattern ? told(stage.keyPattern) : '',
    stage.filter && Object.keys(stage.filter).length > 0 ? `filter ${told(stage.filter)}` : '',
    stage.sortPattern ? `by ${told(stage.sortPattern)}` : '',
    stage.limitAmount === undefined ? '' : `${plain(stage.limitAmount)} documents`,
  ];
  stages.push({
    depth,
    name: String(plain(stage.stage)),
    index: stage.indexName === undefined ? null : String(plain(stage.indexName)),
    detail: details.filter(Boolean).join('; '),
    returned: plainNumber(stage.nReturned),
    docs: plainNumber(stage.docsExamined),
    keys: plainNumber(stage.keysExamined),
    took: plainNumber(stage.executionTimeMillisEstimate),
  });
  const below = [stage.inputStage, ...(stage.inputStages ?? []), stage.outerStage, stage.innerStage, stage.thenStage, stage.elseStage];
  for (const next of below) if (next) walk(next, depth + 1, stages);
}

function told(value: unknown): string {
  const text =
    value !== null && typeof value === 'object' ? ejsonOfValue({ value }, 'relaxed').slice('{"value":'.length, -1) : String(value);
  return text.length > 500 ? `${text.slice(0, 500)}…` : text;
}

/** Examined this many times what was returned is worth a word. */
const wasteful = 10;

function remarks({ returned, docs, scan, sorts, indexes }: DocumentExplanation['summary']): string[] {
  const told: string[] = [];
  if (scan) told.push('No index fits: every document of the collection is read.');
  if (sorts) told.push('The documents are sorted in memory: an index in this order would give them sorted.');
  if (docs !== null && returned !== null && docs > Math.max(returned, 1) * wasteful) {
    told.push(`${docs.toLocaleString('en')} documents are read for ${returned.toLocaleString('en')} that are returned.`);
  }
  if (docs === 0 && (returned ?? 0) > 0) told.push('The index alone answers: no document is read.');
  if (told.length === 0 && indexes.length > 0) told.push(`The index ${indexes.join(', ')} fits.`);
  return told;
}

/** FerretDB tells what SQLite does, and what it must do itself. */
function ownWords(answer: Document): string[] {
  const plan = (answer.queryPlanner?.Plan ?? []) as unknown[];
  const steps = plan.map(String);
  const told = ['This server explains in words of its own: they stand below as they are.'];
  if (steps.some((step) => /\bSCAN\b/.test(step) && !/USING (COVERING )?INDEX/.test(step))) {
    told.push('No index fits: every document of the collection is read.');
  }
  if (answer.filterPushdown === false)
    told.push('The filter is not left to the store below: the server reads the documents and passes over those that do not fit.');
  return told;
}
