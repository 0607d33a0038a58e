/** A pipeline as its builder holds it. */
export interface Stage {
  readonly id: string;
  /** `{ $match: … }`, in shell syntax. */
  readonly text: string;
  readonly on: boolean;
}

/** What a new stage of a kind begins with. */
export const templates: Readonly<Record<string, string>> = {
  $match: '{ $match: {  } }',
  $group: "{\n  $group: {\n    _id: '$field',\n    count: { $sum: 1 }\n  }\n}",
  $sort: '{ $sort: { count: -1 } }',
  $project: '{ $project: { field: 1, _id: 0 } }',
  $limit: '{ $limit: 10 }',
  $skip: '{ $skip: 10 }',
  $unwind: "{ $unwind: '$list' }",
  $lookup: "{\n  $lookup: {\n    from: 'collection',\n    localField: 'field',\n    foreignField: '_id',\n    as: 'joined'\n  }\n}",
  $addFields: "{ $addFields: { field: '$other' } }",
  $set: "{ $set: { field: '$other' } }",
  $unset: "{ $unset: 'field' }",
  $count: "{ $count: 'count' }",
  $sortByCount: "{ $sortByCount: '$field' }",
  $facet: '{\n  $facet: {\n    first: [{ $limit: 5 }]\n  }\n}',
  $bucket: "{\n  $bucket: {\n    groupBy: '$field',\n    boundaries: [0, 10, 100],\n    default: 'other'\n  }\n}",
  $bucketAuto: "{ $bucketAuto: { groupBy: '$field', buckets: 5 } }",
  $sample: '{ $sample: { size: 100 } }',
  $replaceRoot: "{ $replaceRoot: { newRoot: '$field' } }",
  $replaceWith: "{ $replaceWith: '$field' }",
  $unionWith: "{ $unionWith: { coll: 'collection' } }",
  $graphLookup:
    "{\n  $graphLookup: {\n    from: 'collection',\n    startWith: '$parent',\n    connectFromField: 'parent',\n    connectToField: '_id',\n    as: 'ancestors'\n  }\n}",
  $setWindowFields:
    "{\n  $setWindowFields: {\n    sortBy: { time: 1 },\n    output: { total: { $sum: '$value', window: { documents: ['unbounded', 'current'] } } }\n  }\n}",
  $densify: "{ $densify: { field: 'time', range: { step: 1, unit: 'hour', bounds: 'full' } } }",
  $fill: '{ $fill: { output: { field: { value: 0 } } } }',
  $redact: "{ $redact: '$$KEEP' }",
  $out: "{ $out: 'collection' }",
  $merge: "{ $merge: { into: 'collection', whenMatched: 'replace', whenNotMatched: 'insert' } }",
};

export function newStage(operator = '$match'): Stage {
  return { id: crypto.randomUUID(), text: templates[operator] ?? `{ ${operator}: {  } }`, on: true };
}

/** The operator a stage begins with; empty when it has none yet. */
export function operatorOf(text: string): string {
  return /^\s*\{\s*['"]?(\$\w+)/.exec(text)?.[1] ?? '';
}

/** The whole as one text: what runs. */
export function pipelineText(stages: readonly Stage[]): string {
  const on = stages.filter((stage) => stage.on).map(({ text }) => text.trim().replaceAll(/^/gm, '  '));
  return on.length === 0 ? '[]' : `[\n${on.join(',\n')}\n]`;
}

/** What stages write to: their operator and text. */
export function writing(stages: readonly Stage[]): Stage | undefined {
  return stages.find((stage) => stage.on && ['$out', '$merge'].includes(operatorOf(stage.text)));
}

export function moved(stages: readonly Stage[], from: number, to: number): Stage[] {
  if (to < 0 || to >= stages.length) return [...stages];
  const next = [...stages];
  next.splice(to, 0, ...next.splice(from, 1));
  return next;
}

/** Stages as they were kept; none when the text is something else. */
export function keptStages(body: string): Stage[] {
  try {
    const { stages } = JSON.parse(body) as { stages?: unknown };
    if (!Array.isArray(stages)) return [];
    return stages.flatMap((stage: Partial<Stage>) =>
      typeof stage?.text === 'string' ? [{ id: crypto.randomUUID(), text: stage.text, on: stage.on !== false }] : [],
    );
  } catch {
    return [];
  }
}

/** Under which a collection's pipeline is kept while it is worked on. */
export function draftId(service: string, database: string, collection: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(`${service}\0${database}\0${collection}`))
    hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn;
  return `draft-${hash.toString(16)}`;
}
