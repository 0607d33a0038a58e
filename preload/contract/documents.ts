/** What the documents (MongoDB) panel asks of the core. Documents travel as Extended JSON text (canonical), which keeps every type. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { StreamId, serviceInput } from './common.ts';
import { TaskSummary } from './models.ts';

const Database = z.string().min(1).max(63);
const Collection = z.string().min(1).max(255);
/** Shell syntax: `{ status: 'active' }`. Empty: nothing asked. */
const ShellText = z.string().max(200_000);
/** A document in shell syntax, or a file that was sent because it is big. */
const DocumentText = z.union([z.object({ text: z.string().max(900_000) }), z.object({ upload: z.string().max(64) })]);
export type DocumentText = z.infer<typeof DocumentText>;
const At = z.number().int().min(0);
const Timeout = z.number().int().min(100).max(3_600_000).default(60_000);

export const databaseInput = serviceInput.extend({ database: Database });
export const collectionInput = databaseInput.extend({ collection: Collection });

export const DocumentServer = z.object({
  /** "FerretDB 1.24.0" */
  program: z.string(),
  version: z.string(),
  /** The database that is looked at first. */
  database: z.string(),
  can: z.object({
    changeStreams: z.boolean(),
    transactions: z.boolean(),
    validators: z.boolean(),
    collation: z.boolean(),
    sample: z.boolean(),
    indexUsage: z.boolean(),
    explain: z.boolean(),
    views: z.boolean(),
  }),
  /** Aggregation stages of ours that it knows. */
  stages: z.array(z.string()),
  /** What it cannot do, in words. */
  lacks: z.array(z.string()),
});
export type DocumentServer = z.infer<typeof DocumentServer>;

export const DocumentDatabase = z.object({
  name: z.string(),
  /** On disk; null where it is not told. */
  bytes: z.number().nullable(),
  /** The stack's own. */
  own: z.boolean(),
  system: z.boolean(),
});
export type DocumentDatabase = z.infer<typeof DocumentDatabase>;

export const CollectionInfo = z.object({
  name: z.string(),
  type: z.enum(['collection', 'view', 'timeseries']),
  capped: z.boolean(),
  viewOn: z.string().nullable(),
  validated: z.boolean(),
  /** As it was made, relaxed Extended JSON. */
  options: z.string(),
});
export type CollectionInfo = z.infer<typeof CollectionInfo>;

export const CollectionSizes = z.object({
  name: z.string(),
  /** As the server estimates. */
  documents: z.number(),
  bytes: z.number(),
  /** Of one document; null where it is not told. */
  average: z.number().nullable(),
  storage: z.number(),
  indexes: z.number(),
  indexBytes: z.number(),
});
export type CollectionSizes = z.infer<typeof CollectionSizes>;

/** A field of a document that is too big to be shown. */
export const FieldOutline = z.object({
  name: z.string(),
  type: z.string(),
  bytes: z.number(),
  /** Its value where that is small. */
  ejson: z.string().nullable(),
});
export type FieldOutline = z.infer<typeof FieldOutline>;

export const DocumentRow = z.object({
  /** Its position in the result. */
  at: z.number().int(),
  bytes: z.number(),
  /** Its `_id`; null where the result has none. */
  id: z.string().nullable(),
  /** Null where it is withheld for its size: then its outline is told. */
  ejson: z.string().nullable(),
  outline: z.array(FieldOutline).nullable(),
});
export type DocumentRow = z.infer<typeof DocumentRow>;

export const DocumentPage = z.object({
  from: z.number().int(),
  documents: z.array(DocumentRow),
  /** Documents read so far. */
  known: z.number().int(),
  /** There are no more. */
  done: z.boolean(),
});
export type DocumentPage = z.infer<typeof DocumentPage>;

const queryFields = {
  filter: ShellText.default(''),
  project: ShellText.default(''),
  sort: ShellText.default(''),
  collation: ShellText.default(''),
};
export const documentQuery = collectionInput.extend({
  ...queryFields,
  skip: z.number().int().min(0).default(0),
  /** 0: all */
  limit: z.number().int().min(0).default(0),
  /** ms */
  timeout: Timeout,
});
export type DocumentQuery = Omit<z.infer<typeof documentQuery>, 'stack' | 'service'>;

export const pipelineQuery = collectionInput.extend({
  pipeline: ShellText,
  collation: ShellText.default(''),
  timeout: Timeout,
  allowDisk: z.boolean().default(false),
  /** It may write, by $out or $merge. */
  write: z.boolean().default(false),
});
export type PipelineQuery = Omit<z.infer<typeof pipelineQuery>, 'stack' | 'service'>;

const first = z.number().int().min(1).max(200).default(50);
const Opened = z.object({ result: z.string(), page: DocumentPage, took: z.number() });
const ResultId = z.string().max(64);

export const StagePreview = z.object({
  /** Documents that left the stage, the first of them. */
  documents: z.array(z.string()),
  /** More left it than are shown. */
  more: z.boolean(),
  took: z.number(),
  /** How many documents of the collection went in at most. */
  input: z.number(),
});
export type StagePreview = z.infer<typeof StagePreview>;

/** A stage of a plan, as it stands in its tree. */
export const ExplainStage = z.object({
  depth: z.number().int(),
  name: z.string(),
  /** The index it uses. */
  index: z.string().nullable(),
  /** Its bounds, its filter: in words. */
  detail: z.string(),
  returned: z.number().nullable(),
  docs: z.number().nullable(),
  keys: z.number().nullable(),
  /** ms, with those below it */
  took: z.number().nullable(),
});
export type ExplainStage = z.infer<typeof ExplainStage>;

export const DocumentExplanation = z.object({
  /** What the server answered, relaxed Extended JSON. */
  ejson: z.string(),
  stages: z.array(ExplainStage),
  summary: z.object({
    returned: z.number().nullable(),
    docs: z.number().nullable(),
    keys: z.number().nullable(),
    took: z.number().nullable(),
    indexes: z.array(z.string()),
    /** Documents are read one by one, without an index. */
    scan: z.boolean(),
    /** Sorted in memory, for want of an index. */
    sorts: z.boolean(),
  }),
  /** What to make of it, in words. */
  remarks: z.array(z.string()),
});
export type DocumentExplanation = z.infer<typeof DocumentExplanation>;

export const SchemaType = z.object({
  type: z.string(),
  count: z.number(),
  /** Smallest and largest, as text; null for types without order. */
  least: z.string().nullable(),
  most: z.string().nullable(),
  /** How many different values were seen; null: more than are kept. */
  distinct: z.number().nullable(),
  /** The values seen most, of those that are kept. */
  values: z.array(z.object({ text: z.string(), count: z.number() })),
  /** Numbers and times in steps of equal width. */
  histogram: z.object({ from: z.number(), to: z.number(), counts: z.array(z.number()) }).nullable(),
});
export type SchemaType = z.infer<typeof SchemaType>;

export const SchemaField = z.object({
  /** `owner.user_id`; elements of an array as `tags[]`. */
  path: z.string(),
  depth: z.number().int(),
  /** Documents (or parents) that have it. */
  count: z.number(),
  /** Of those that could have it. */
  of: z.number(),
  types: z.array(SchemaType),
});
export type SchemaField = z.infer<typeof SchemaField>;

export const SchemaReport = z.object({
  read: z.number(),
  wanted: z.number(),
  /** How the sample was taken: by the server at random, at places spread over the collection, or the first ones. */
  by: z.enum(['sample', 'spread', 'first']),
  fields: z.array(SchemaField),
  /** More fields were there than are kept. */
  cut: z.boolean(),
  done: z.boolean(),
});
export type SchemaReport = z.infer<typeof SchemaReport>;

export const DocumentIndex = z.object({
  name: z.string(),
  /** Extended JSON */
  keys: z.string(),
  unique: z.boolean(),
  sparse: z.boolean(),
  hidden: z.boolean(),
  /** s after which documents expire */
  expires: z.number().nullable(),
  /** Extended JSON of its condition. */
  partial: z.string().nullable(),
  bytes: z.number().nullable(),
  /** Uses since `since`; null where the server does not count. */
  uses: z.number().nullable(),
  since: z.number().nullable(),
  /** As the server tells it, relaxed Extended JSON. */
  ejson: z.string(),
});
export type DocumentIndex = z.infer<typeof DocumentIndex>;

export const Validation = z.object({
  /** Extended JSON; empty: none. */
  validator: z.string(),
  level: z.enum(['off', 'moderate', 'strict']),
  action: z.enum(['error', 'warn']),
});
export type Validation = z.infer<typeof Validation>;

export const DocumentChangePreview = z.object({
  matched: z.number(),
  samples: z.array(z.object({ before: z.string(), after: z.string().nullable() })),
});
export type DocumentChangePreview = z.infer<typeof DocumentChangePreview>;

export const DocumentChangeEvent = z.object({
  /** Counts up from 0. */
  at: z.number().int(),
  /** insert, update, replace, delete, drop, rename … */
  operation: z.string(),
  database: z.string(),
  collection: z.string(),
  /** Extended JSON of the `_id` it is about. */
  id: z.string().nullable(),
  /** ms since the epoch */
  time: z.number(),
  /** The event, Extended JSON; null when it is withheld for its size. */
  ejson: z.string().nullable(),
  bytes: z.number(),
});
export type DocumentChangeEvent = z.infer<typeof DocumentChangeEvent>;

export const DocumentImportFormat = z.enum(['json', 'csv']);
export const DocumentImportLook = z.object({
  format: DocumentImportFormat,
  bytes: z.number(),
  /** The first documents as they would be inserted, Extended JSON. */
  documents: z.array(z.string()),
  columns: z.array(z.string()),
  /** What is wrong with it, as far as it was read. */
  problem: z.string().nullable(),
});
export type DocumentImportLook = z.infer<typeof DocumentImportLook>;

const csvTypes = z.enum(['infer', 'text']).default('infer');
const changeTask = z.object({ task: TaskSummary });

export const documentsContract = oc.router({
  server: oc.input(serviceInput).output(DocumentServer),
  databases: oc.input(serviceInput).output(z.array(DocumentDatabase)),
  collections: oc.input(databaseInput).output(z.array(CollectionInfo)),
  sizes: oc.input(databaseInput.extend({ collections: z.array(Collection).max(200) })).output(z.array(CollectionSizes)),
  createCollection: oc
    .input(collectionInput.extend({ viewOn: Collection.optional(), pipeline: ShellText.default(''), options: ShellText.default('') }))
    .output(z.void()),
  renameCollection: oc.input(collectionInput.extend({ to: Collection })).output(z.void()),
  dropCollection: oc.input(collectionInput).output(z.void()),
  dropDatabase: oc.input(databaseInput).output(z.void()),
  /** What dropping would delete, in words. */
  losses: oc.input(databaseInput.extend({ collection: Collection.optional() })).output(z.array(z.string())),

  /** Runs a query and tells its first page. The result stays open until it is closed or many others came after it. */
  find: oc.input(documentQuery.extend({ first })).output(Opened),
  aggregate: oc.input(pipelineQuery.extend({ first })).output(Opened),
  page: oc.input(serviceInput.extend({ result: ResultId, from: At, count: z.number().int().min(1).max(200) })).output(DocumentPage),
  /** One document of a result, whatever its size. */
  whole: oc.input(serviceInput.extend({ result: ResultId, at: At })).output(z.object({ ejson: z.string() })),
  close: oc.input(serviceInput.extend({ result: ResultId })).output(z.void()),
  /** Estimated: from what the server knows of the whole collection. Exact: counted, which may take long and is cancelled with the request. */
  count: oc
    .input(
      collectionInput.extend({ filter: ShellText.default(''), collation: ShellText.default(''), exact: z.boolean(), timeout: Timeout }),
    )
    .output(z.object({ count: z.number() })),
  /** What leaves a stage: the stages up to it, over the first documents of the collection. */
  stage: oc
    .input(
      collectionInput.extend({
        stages: z.array(z.object({ text: ShellText, on: z.boolean() })).max(100),
        upTo: z.number().int().min(0).max(99),
        input: z.number().int().min(1).max(1_000_000).default(10_000),
        timeout: Timeout,
      }),
    )
    .output(StagePreview),
  /** With `run` it is run, and what it took is told. */
  explain: oc
    .input(z.union([documentQuery.extend({ run: z.boolean() }), pipelineQuery.extend({ run: z.boolean() })]))
    .output(DocumentExplanation),
  /** What the fields are, told as it is found out. */
  schema: oc
    .input(
      collectionInput.extend({
        stream: StreamId,
        filter: ShellText.default(''),
        size: z.number().int().min(1).max(100_000).default(1_000),
        timeout: Timeout,
      }),
    )
    .output(eventIterator(SchemaReport)),

  /** One document or a list of them. @returns the ids, Extended JSON, of the first hundred */
  insert: oc
    .input(collectionInput.extend({ documents: DocumentText }))
    .output(z.object({ inserted: z.number(), ids: z.array(z.string()) })),
  /** Puts a document in the place of one of a result. @throws conflict when that is no longer as it was read */
  replace: oc
    .input(serviceInput.extend({ result: ResultId, at: At, document: DocumentText }))
    .output(z.object({ ejson: z.string(), bytes: z.number() })),
  /** Deletes documents of a result. @throws conflict when one is no longer as it was read; nothing is deleted then */
  delete: oc.input(serviceInput.extend({ result: ResultId, at: z.array(At).min(1).max(1_000) })).output(z.object({ deleted: z.number() })),
  /** What a bulk change would do: how many it matches, and some of them before and after. Without `update` it deletes. */
  previewChange: oc
    .input(
      collectionInput.extend({
        filter: ShellText,
        collation: ShellText.default(''),
        update: ShellText.optional(),
        arrayFilters: ShellText.default(''),
        timeout: Timeout,
      }),
    )
    .output(DocumentChangePreview),
  change: oc
    .input(
      collectionInput.extend({
        filter: ShellText,
        collation: ShellText.default(''),
        update: ShellText.optional(),
        arrayFilters: ShellText.default(''),
      }),
    )
    .output(changeTask),

  indexes: oc.input(collectionInput).output(z.array(DocumentIndex)),
  /** @throws bad-argument with the place */
  createIndex: oc.input(collectionInput.extend({ keys: ShellText, options: ShellText.default('') })).output(changeTask),
  dropIndex: oc.input(collectionInput.extend({ name: z.string().max(1_000) })).output(z.void()),
  hideIndex: oc.input(collectionInput.extend({ name: z.string().max(1_000), hidden: z.boolean() })).output(z.void()),

  validation: oc.input(collectionInput).output(Validation),
  setValidation: oc
    .input(collectionInput.extend({ validator: ShellText, level: Validation.shape.level, action: Validation.shape.action }))
    .output(z.void()),
  /** Documents that a validator would refuse: how many, and some. */
  checkValidation: oc
    .input(collectionInput.extend({ validator: ShellText, timeout: Timeout }))
    .output(z.object({ failing: z.number(), documents: z.array(z.string()) })),

  export: oc
    .input(
      collectionInput.extend({
        ...queryFields,
        /** In place of the query: what a pipeline gives. */
        pipeline: ShellText.default(''),
        format: z.enum(['lines', 'array', 'csv']),
        form: z.enum(['canonical', 'relaxed']),
      }),
    )
    .output(z.object({ task: TaskSummary, file: z.string() })),
  lookIntoImport: oc
    .input(serviceInput.extend({ upload: z.string().max(64), format: DocumentImportFormat.optional(), types: csvTypes }))
    .output(DocumentImportLook),
  import: oc
    .input(
      collectionInput.extend({
        upload: z.string().max(64),
        format: DocumentImportFormat,
        types: csvTypes,
        /** What happens to a document whose _id is there already. */
        there: z.enum(['refuse', 'replace']),
        stopAtFirst: z.boolean().default(false),
      }),
    )
    .output(changeTask),

  /** Changes as they happen, of a collection, a database or all; those that came too fast are counted as dropped. */
  watch: oc
    .input(
      serviceInput.extend({
        stream: StreamId,
        database: Database.optional(),
        collection: Collection.optional(),
        pipeline: ShellText.default(''),
      }),
    )
    .output(
      eventIterator(z.object({ events: z.array(DocumentChangeEvent), total: z.number(), dropped: z.number(), watching: z.boolean() })),
    ),
});
