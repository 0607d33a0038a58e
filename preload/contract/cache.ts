/** What the cache (Redis) panel asks of the core. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import {
  BrowseState,
  CacheFacts,
  CacheSample,
  ChangesBatch,
  CommandDoc,
  ConsoleReply,
  DecodedValue,
  Decoder,
  ElementFilter,
  ElementRow,
  ImportLook,
  KeyEdit,
  KeyHead,
  KeyRow,
  MemoryReport,
  MonitorBatch,
  RedisBytes,
  RedisClientRow,
  RedisName,
  RedisSelection,
  RedisType,
  SelectionCount,
  SlowLog,
  StreamGroup,
  ValuePlace,
} from './cache-models.ts';
import { StreamId, serviceInput } from './common.ts';
import { TaskSummary } from './models.ts';

const keyInput = serviceInput.extend({ key: RedisName });
const streamed = serviceInput.extend({ stream: StreamId });

export const cacheContract = oc.router({
  facts: oc.input(serviceInput).output(CacheFacts),
  /** INFO of the last hour, newer than `since` (ms). The core samples from the first call on. */
  samples: oc.input(serviceInput.extend({ since: z.number().default(0) })).output(z.array(CacheSample)),

  /** Scans keys into the core; the window pages through them. Ends with the iterator. */
  browse: oc
    .input(
      streamed.extend({
        pattern: z.string().max(4096).default(''),
        type: RedisType.nullable().default(null),
        /** Where keys are cut into folders; empty: a plain list. */
        delimiter: z.string().max(16).default(':'),
        /** Prefixes of folders that are open. */
        open: z.array(RedisName).max(500).default([]),
      }),
    )
    .output(eventIterator(BrowseState)),
  /** Rows as they stand below each other, with the version they are of. */
  rows: oc
    .input(z.object({ stream: StreamId, from: z.number().int().min(0), count: z.number().int().min(1).max(500) }))
    .output(z.object({ version: z.number().int(), rows: z.array(KeyRow) })),
  /** Opens or closes a folder. One that is opened before the scan is done is scanned for by itself. */
  toggle: oc.input(z.object({ stream: StreamId, prefix: RedisName, open: z.boolean() })).output(BrowseState),
  steer: oc.input(z.object({ stream: StreamId, act: z.enum(['stop', 'continue']) })).output(z.void()),

  key: oc.input(keyInput).output(KeyHead),
  /** Elements after a cursor; '' begins. `next` null: that was all. */
  elements: oc
    .input(
      keyInput.extend({
        cursor: z.string().max(200).default(''),
        count: z.number().int().min(1).max(1000).default(200),
        filter: ElementFilter,
      }),
    )
    .output(z.object({ rows: z.array(ElementRow), next: z.string().nullable(), total: z.number().int() })),
  /** One value, from an offset; sized before it is read. */
  value: oc
    .input(
      keyInput.extend({
        place: ValuePlace,
        offset: z.number().int().min(0).default(0),
        length: z
          .number()
          .int()
          .min(1)
          .max(8 * 2 ** 20),
      }),
    )
    .output(RedisBytes),
  json: oc
    .input(keyInput.extend({ path: z.string().max(2000).default('$') }))
    .output(z.object({ json: z.string(), cut: z.boolean(), bytes: z.number() })),
  decode: oc.input(keyInput.extend({ place: ValuePlace, decoders: z.array(Decoder).max(4) })).output(DecodedValue),
  /** Elements as lines of JSON, values whole. */
  exportElements: oc.input(keyInput.extend({ filter: ElementFilter })).output(z.object({ task: TaskSummary, file: z.string() })),
  groups: oc.input(keyInput).output(z.array(StreamGroup)),

  /** The commands that an edit will run, as they could be typed. */
  preview: oc.input(keyInput.extend({ edit: KeyEdit })).output(z.object({ commands: z.string() })),
  /** Runs them in one transaction, unless the key was changed meanwhile. `create`: the key must not be there yet. */
  apply: oc.input(keyInput.extend({ edit: KeyEdit, create: z.boolean().default(false) })).output(KeyHead),
  /** A string's bytes as a file, whatever its size. */
  saveValue: oc.input(keyInput).output(z.object({ task: TaskSummary, file: z.string() })),
  /** A string from a file that was sent. */
  loadValue: oc.input(keyInput.extend({ upload: z.string().max(64) })).output(TaskSummary),

  count: oc.input(streamed.extend({ selection: RedisSelection })).output(eventIterator(SelectionCount)),
  deleteKeys: oc.input(serviceInput.extend({ selection: RedisSelection })).output(TaskSummary),
  /** Gives keys a time to live in ms; null: for good. */
  expireKeys: oc
    .input(
      serviceInput.extend({
        selection: RedisSelection,
        ttl: z
          .number()
          .int()
          .min(1)
          .max(2 ** 52)
          .nullable(),
      }),
    )
    .output(TaskSummary),
  exportKeys: oc.input(serviceInput.extend({ selection: RedisSelection })).output(z.object({ task: TaskSummary, file: z.string() })),
  lookImport: oc.input(serviceInput.extend({ upload: z.string().max(64) })).output(ImportLook),
  importKeys: oc.input(serviceInput.extend({ upload: z.string().max(64), existing: z.enum(['skip', 'replace']) })).output(TaskSummary),

  changes: oc.input(streamed.extend({ pattern: z.string().max(4096).default('') })).output(eventIterator(ChangesBatch)),
  profile: oc
    .input(streamed.extend({ filter: z.string().max(1000).default(''), own: z.boolean().default(false) }))
    .output(eventIterator(MonitorBatch)),
  slowLog: oc.input(serviceInput).output(SlowLog),
  resetSlowLog: oc.input(serviceInput).output(z.void()),
  clients: oc.input(serviceInput).output(z.array(RedisClientRow)),
  killClient: oc.input(serviceInput.extend({ id: z.string().regex(/^\d{1,20}$/) })).output(z.void()),
  memory: oc
    .input(
      streamed.extend({
        delimiter: z.string().min(1).max(16).default(':'),
        depth: z.number().int().min(1).max(5).default(1),
        pattern: z.string().max(4096).default(''),
      }),
    )
    .output(eventIterator(MemoryReport)),

  commands: oc.input(serviceInput).output(z.array(CommandDoc)),
  /** What of a line would be asked about; null: it may run. */
  guard: oc
    .input(serviceInput.extend({ line: z.string().max(100_000) }))
    .output(z.object({ danger: z.string().nullable(), command: z.string() })),
  run: oc.input(serviceInput.extend({ line: z.string().max(100_000), sure: z.boolean().default(false) })).output(ConsoleReply),
});

export * from './cache-models.ts';
