/** What leaves one stage of a pipeline, over the first documents of its collection. */
import { Int32 } from 'mongodb';
import type { StagePreview } from '../../../../preload/contract/documents.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { ejsonOf } from '../bson/ejson.ts';
import { parseDocument } from '../shell/parse.ts';
import type { ShellDocument } from '../shell/values.ts';
import { placed, reading } from './failure.ts';
import { killTagged, tag } from './kill.ts';
import type { Link } from './link.ts';
import { stageName, writes } from './query.ts';
import { rawDocuments } from './raw.ts';

interface StageAsked {
  readonly database: string;
  readonly collection: string;
  readonly stages: readonly { readonly text: string; readonly on: boolean }[];
  readonly upTo: number;
  readonly input: number;
  readonly timeout: number;
}

export async function stagePreview(link: Link, asked: StageAsked, signal: AbortSignal): Promise<StagePreview> {
  const part = (index: number) => `Stage ${index + 1}`;
  const pipeline = asked.stages
    .slice(0, asked.upTo + 1)
    .flatMap(({ text, on }, index) => (on ? [reading(part(index), text, readStage)] : []));
  if (pipeline.some((stage) => writes.has(stageName(stage)))) {
    throw new NoodleError({
      code: 'bad-argument',
      what: 'A stage that writes is not tried.',
      why: 'It runs only when the whole pipeline is run.',
    });
  }
  const comment = tag();
  const began = performance.now();
  try {
    const shown = limits.documentStageShown;
    const command = {
      aggregate: asked.collection,
      pipeline: [...limited(pipeline, asked.input), limit(shown + 1)],
      maxTimeMS: asked.timeout,
      comment,
    };
    const documents = await rawDocuments(link, asked.database, command, signal);
    return {
      documents: documents.slice(0, shown).map((document) => ejsonOf(document)),
      more: documents.length > shown,
      took: performance.now() - began,
      input: asked.input,
    };
  } catch (error) {
    if (signal.aborted) void killTagged(link, comment);
    throw placed(error, part(asked.upTo), asked.stages[asked.upTo]?.text ?? '');
  }
}

/** A stage is a document with one field. */
function readStage(text: string): ShellDocument {
  const stage = parseDocument(text);
  if (stage.size === 1 && stageName(stage).startsWith('$')) return stage;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'A stage is a document with one operator.',
    todo: 'Write { $match: { field: value } }.',
    at: { offset: 0, length: Math.max(1, text.length) },
  });
}

/** The first matches stay first, so that they use their index; what they let through is what is sampled. */
function limited(pipeline: readonly ShellDocument[], input: number): ShellDocument[] {
  const first = pipeline.findIndex((stage) => stageName(stage) !== '$match');
  const matches = first < 0 ? pipeline.length : first;
  // These must stand first themselves.
  if (['$geoNear', '$search', '$indexStats', '$collStats'].includes(stageName(pipeline[0] ?? new Map()))) return [...pipeline];
  return [...pipeline.slice(0, matches), limit(input), ...pipeline.slice(matches)];
}

function limit(documents: number): ShellDocument {
  return new Map([['$limit', new Int32(documents)]]);
}
