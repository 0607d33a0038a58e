/** What the cache (Redis) panel shows: keys, values, and what the server tells of itself. */
import { z } from 'zod';
import { ProblemData } from './models.ts';

/**
 * A key, a hash field or a set member: bytes, written as text so that none is lost. Valid UTF-8 stands for itself;
 * a backslash is `\\`, control characters and bytes that are no text are `\n`, `\r`, `\t` or `\xNN`.
 */
export const RedisName = z.string().max(200_000);

/** Bytes of a value: as they read, or as base64 where they are no text. */
export const RedisBytes = z.object({
  data: z.string(),
  binary: z.boolean(),
  /** Size of the whole. */
  bytes: z.number().int(),
  /** `data` is only the beginning. */
  cut: z.boolean(),
});
export type RedisBytes = z.infer<typeof RedisBytes>;

/** Bytes a person gave. */
export const GivenBytes = z.object({ data: z.string().max(900_000), binary: z.boolean().default(false) });
export type GivenBytes = z.infer<typeof GivenBytes>;

export const redisTypes = ['string', 'hash', 'list', 'set', 'zset', 'stream', 'json'] as const;
/** What SCAN can filter by; `json` is `ReJSON-RL` to the server. */
export const RedisType = z.enum(redisTypes);
export type RedisType = z.infer<typeof RedisType>;

/** Keys an act is for. A pattern without `*`, `?` or `[` is looked for anywhere in a key. */
export const RedisSelection = z.discriminatedUnion('by', [
  z.object({ by: z.literal('pattern'), pattern: z.string().max(4096), type: RedisType.nullable().default(null) }),
  z.object({ by: z.literal('prefix'), prefix: RedisName, type: RedisType.nullable().default(null) }),
  z.object({ by: z.literal('keys'), keys: z.array(RedisName).min(1).max(1000) }),
]);
export type RedisSelection = z.infer<typeof RedisSelection>;

/** How far a scan is, told while it runs. */
export const BrowseState = z.object({
  state: z.enum(['scanning', 'stopped', 'done']),
  /** Keys the server has gone through; where it filters for us, a good estimate until it is done. */
  scanned: z.number().int(),
  /** DBSIZE */
  total: z.number().int(),
  /** Keys found. */
  matched: z.number().int(),
  /** Rows of the tree or list as it stands open now. */
  rows: z.number().int(),
  /** Changes whenever rows may have moved. */
  version: z.number().int(),
  /** Keys too long to be listed. */
  unlisted: z.number().int(),
  problem: ProblemData.nullable(),
});
export type BrowseState = z.infer<typeof BrowseState>;

/** One row of the tree or list. */
export const KeyRow = z.object({
  kind: z.enum(['folder', 'key']),
  depth: z.number().int(),
  /** The whole key, or the folder's prefix with its delimiter. */
  key: z.string(),
  /** The part after its folder. */
  label: z.string(),
  open: z.boolean(),
  /** A folder that is being filled by a scan of its own. */
  loading: z.boolean(),
  /** Keys below a folder, as far as scanned. */
  keys: z.number().int(),
  /** Of a key: as TYPE tells it; `none` when it has gone. */
  type: z.string().nullable(),
  /** ms to live; null: for good */
  ttl: z.number().nullable(),
});
export type KeyRow = z.infer<typeof KeyRow>;

/** All that is known of a key before its value is read. */
export const KeyHead = z.object({
  key: RedisName,
  /** As TYPE tells it; `none`: there is no such key. */
  type: z.string(),
  /** ms to live; null: for good */
  ttl: z.number().nullable(),
  /** Bytes of a string, else elements; null for a type this panel does not know. */
  length: z.number().nullable(),
  /** MEMORY USAGE in bytes; null where the server does not tell. */
  memory: z.number().nullable(),
  encoding: z.string().nullable(),
  /** s since it was last used; null where the server does not keep it. */
  idle: z.number().nullable(),
  /** Logarithmic access counter, kept under an LFU policy only. */
  frequency: z.number().nullable(),
  /** PFCOUNT, when the string is a HyperLogLog. */
  cardinality: z.number().nullable(),
});
export type KeyHead = z.infer<typeof KeyHead>;

/** Where a value stands in a key. */
export const ValuePlace = z.discriminatedUnion('in', [
  z.object({ in: z.literal('string') }),
  z.object({ in: z.literal('hash'), field: RedisName }),
  z.object({ in: z.literal('list'), index: z.number().int() }),
  z.object({ in: z.literal('member'), member: RedisName }),
  z.object({ in: z.literal('stream'), id: z.string().max(64), field: RedisName }),
]);
export type ValuePlace = z.infer<typeof ValuePlace>;

/** One element of a hash, list, set, sorted set or stream. */
export const ElementRow = z.object({
  /** The field, member, index or entry id. */
  name: z.string(),
  /** The name is too long to be told whole: it can be seen, and not be named in an edit. */
  long: z.boolean(),
  /** The value; of a set or sorted set the member itself. */
  value: RedisBytes,
  /** Of a sorted set, exactly as the server writes it. */
  score: z.string().nullable(),
  /** Of a stream: fields and values in order. */
  fields: z.array(z.object({ name: z.string(), value: RedisBytes })).nullable(),
});
export type ElementRow = z.infer<typeof ElementRow>;

/** What narrows and orders the elements of a key. */
export const ElementFilter = z.object({
  /** Glob over fields or members (hash, set, sorted set); text without wildcards: anywhere in it. */
  match: z.string().max(4096).default(''),
  /** Score range of a sorted set, id range of a stream: as ZRANGE and XRANGE take them. */
  min: z.string().max(64).default(''),
  max: z.string().max(64).default(''),
  descending: z.boolean().default(false),
});
export type ElementFilter = z.infer<typeof ElementFilter>;

export const decoders = ['gzip', 'base64', 'hex', 'msgpack', 'json'] as const;
export const Decoder = z.enum(decoders);
export type Decoder = z.infer<typeof Decoder>;

/** Decoded bytes, ready to be looked at. */
export const DecodedValue = z.object({
  kind: z.enum(['text', 'json', 'binary']),
  text: z.string(),
  base64: z.string().nullable(),
  /** Size of what was decoded. */
  bytes: z.number().int(),
  cut: z.boolean(),
  /** What the raw bytes look like, in the order to undo it. */
  suggested: z.array(Decoder),
});
export type DecodedValue = z.infer<typeof DecodedValue>;

const was = RedisBytes.nullable().default(null);
const score = z.string().regex(/^[+-]?(inf|\d+(\.\d*)?(e[+-]?\d+)?|\.\d+(e[+-]?\d+)?)$/i, 'a number, inf or -inf');
const streamId = z.string().regex(/^(\*|\$|\d{1,20}(-(\d{1,20}|\*))?)$/, 'an id such as 1700000000000-0, or * for a new one');

/** One change of one key. `was` is what the person saw: where it is something else by now, nothing is changed. */
export const KeyEdit = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('string-set'), value: GivenBytes, was }),
  z.object({ kind: z.literal('string-add'), by: z.string().regex(/^-?\d{1,19}$/, 'a whole number') }),
  z.object({ kind: z.literal('hash-put'), field: RedisName, value: GivenBytes, was, isNew: z.boolean().default(false) }),
  z.object({ kind: z.literal('hash-remove'), fields: z.array(RedisName).min(1).max(1000) }),
  z.object({ kind: z.literal('list-put'), index: z.number().int(), value: GivenBytes, was }),
  z.object({ kind: z.literal('list-push'), end: z.enum(['head', 'tail']), value: GivenBytes }),
  z.object({ kind: z.literal('list-remove'), index: z.number().int(), was }),
  z.object({ kind: z.literal('set-add'), member: GivenBytes }),
  z.object({ kind: z.literal('set-remove'), members: z.array(RedisName).min(1).max(1000) }),
  z.object({ kind: z.literal('zset-put'), member: GivenBytes, score, wasScore: z.string().max(64).nullable().default(null) }),
  z.object({ kind: z.literal('zset-remove'), members: z.array(RedisName).min(1).max(1000) }),
  z.object({
    kind: z.literal('stream-add'),
    id: streamId.default('*'),
    fields: z
      .array(z.object({ name: GivenBytes, value: GivenBytes }))
      .min(1)
      .max(200),
  }),
  z.object({ kind: z.literal('stream-remove'), ids: z.array(streamId).min(1).max(1000) }),
  z.object({ kind: z.literal('stream-trim'), maxlen: z.number().int().min(0) }),
  z.object({ kind: z.literal('group-create'), group: RedisName, from: streamId.default('$') }),
  z.object({ kind: z.literal('group-move'), group: RedisName, to: streamId }),
  z.object({ kind: z.literal('group-destroy'), group: RedisName }),
  z.object({ kind: z.literal('group-ack'), group: RedisName, ids: z.array(streamId).min(1).max(1000) }),
  z.object({ kind: z.literal('json-set'), path: z.string().max(2000).default('$'), json: z.string().max(900_000) }),
  z.object({ kind: z.literal('json-remove'), path: z.string().min(1).max(2000) }),
  z.object({ kind: z.literal('hyperloglog-add'), elements: z.array(GivenBytes).min(1).max(100) }),
  z.object({
    kind: z.literal('expire'),
    ttl: z
      .number()
      .int()
      .min(1)
      .max(2 ** 52)
      .nullable(),
  }),
  z.object({ kind: z.literal('rename'), to: RedisName }),
  z.object({ kind: z.literal('delete') }),
]);
export type KeyEdit = z.infer<typeof KeyEdit>;
export type KeyEditInput = z.input<typeof KeyEdit>;

/** What this server can do, as it says itself. */
export const CacheFacts = z.object({
  /** "Redis" or "Valkey" */
  product: z.string(),
  version: z.string(),
  user: z.string(),
  keys: z.number().int(),
  maxmemory: z.number(),
  policy: z.string(),
  /** notify-keyspace-events now; null where it may not be asked. */
  notify: z.string().nullable(),
  /** Commands this server does not have (renamed away) or this user may not run. */
  missing: z.array(z.string()),
  json: z.boolean(),
  /** What that means for this panel, in words. */
  notes: z.array(z.string()),
  /** Key shapes the stack has written down, by their prefix. */
  shapes: z.array(z.object({ name: z.string(), key: z.string(), about: z.string() })),
});
export type CacheFacts = z.infer<typeof CacheFacts>;

export const SelectionCount = z.object({
  done: z.boolean(),
  scanned: z.number().int(),
  total: z.number().int(),
  keys: z.number().int(),
  sample: z.array(z.string()),
  /** Of these, keys that Noodlebox itself keeps (its ledger). */
  own: z.number().int(),
});
export type SelectionCount = z.infer<typeof SelectionCount>;

/** A change that the server told of. */
export const KeyChange = z.object({ number: z.number().int(), time: z.number(), event: z.string(), key: z.string() });
export type KeyChange = z.infer<typeof KeyChange>;
export const ChangesBatch = z.object({
  changes: z.array(KeyChange),
  /** Since the stream began. */
  total: z.number().int(),
  dropped: z.number().int(),
  /** The setting before and while it is watched. */
  setting: z.object({ was: z.string(), now: z.string() }).nullable(),
});
export type ChangesBatch = z.infer<typeof ChangesBatch>;

export const MonitorLine = z.object({
  number: z.number().int(),
  time: z.number(),
  database: z.string(),
  client: z.string(),
  /** Upper-case. */
  command: z.string(),
  /** The whole command, as it could be typed. */
  text: z.string(),
});
export type MonitorLine = z.infer<typeof MonitorLine>;
export const MonitorBatch = z.object({
  lines: z.array(MonitorLine),
  /** Commands seen, whether they pass the filter or not. */
  seen: z.number().int(),
  matched: z.number().int(),
  dropped: z.number().int(),
  /** The busiest commands so far. */
  top: z.array(z.object({ command: z.string(), calls: z.number().int() })),
  /** Why it ended by itself; null while it runs. */
  ended: z.enum(['time', 'count']).nullable(),
});
export type MonitorBatch = z.infer<typeof MonitorBatch>;

export const SlowEntry = z.object({
  id: z.number().int(),
  time: z.number(),
  /** µs */
  took: z.number().int(),
  text: z.string(),
  client: z.string(),
  clientName: z.string(),
});
export type SlowEntry = z.infer<typeof SlowEntry>;
export const SlowLog = z.object({
  entries: z.array(SlowEntry),
  /** In the server's log, shown or not. */
  length: z.number().int(),
  /** µs from which a command counts as slow; null where it may not be asked. */
  threshold: z.number().nullable(),
  kept: z.number().nullable(),
});
export type SlowLog = z.infer<typeof SlowLog>;

export const RedisClientRow = z.object({
  id: z.string(),
  address: z.string(),
  name: z.string(),
  user: z.string(),
  database: z.string(),
  /** s */
  age: z.number(),
  idle: z.number(),
  flags: z.string(),
  command: z.string(),
  /** bytes */
  memory: z.number().nullable(),
  library: z.string(),
  /** One of Noodlebox's own connections. */
  own: z.boolean(),
});
export type RedisClientRow = z.infer<typeof RedisClientRow>;

/** One row of the memory analysis: keys that begin alike. */
export const PrefixMemory = z.object({
  prefix: z.string(),
  /** Keys counted. */
  keys: z.number().int(),
  sampled: z.number().int(),
  /** bytes, reckoned from the sample */
  memory: z.number(),
  /** bytes of the largest one sampled, and which */
  largest: z.number(),
  largestKey: z.string(),
  /** Share of the sample without a TTL. */
  lasting: z.number(),
  types: z.array(z.string()),
});
export type PrefixMemory = z.infer<typeof PrefixMemory>;
export const MemoryReport = z.object({
  done: z.boolean(),
  scanned: z.number().int(),
  total: z.number().int(),
  /** Largest first; the rest as one row with an empty prefix. */
  prefixes: z.array(PrefixMemory),
  /** used_memory_dataset now */
  dataset: z.number(),
});
export type MemoryReport = z.infer<typeof MemoryReport>;

/** INFO at one time; rates are a second, since the sample before. */
export const CacheSample = z.object({
  time: z.number(),
  /** Share of lookups that found a key since the sample before; null when there were none. */
  hitRate: z.number().nullable(),
  memory: z.number(),
  maxmemory: z.number(),
  fragmentation: z.number(),
  commands: z.number().nullable(),
  evicted: z.number().nullable(),
  expired: z.number().nullable(),
  clients: z.number(),
  keys: z.number(),
  inputBytes: z.number().nullable(),
  outputBytes: z.number().nullable(),
});
export type CacheSample = z.infer<typeof CacheSample>;

export const CommandDoc = z.object({
  name: z.string(),
  summary: z.string(),
  group: z.string(),
  since: z.string(),
  /** As it is written: `SET key value [EX seconds]`. */
  usage: z.string(),
  complexity: z.string(),
  /** Why it is asked about before it runs; null: it is not. */
  danger: z.string().nullable(),
});
export type CommandDoc = z.infer<typeof CommandDoc>;

export const ConsoleReply = z.object({
  /** What was run, as it was understood. */
  command: z.string(),
  /** As redis-cli would print it; cut where it is very long. */
  text: z.string(),
  failed: z.boolean(),
  cut: z.boolean(),
  took: z.number(),
});
export type ConsoleReply = z.infer<typeof ConsoleReply>;

export const ImportLook = z.object({
  keys: z.number().int(),
  /** Of these, keys that are there already. */
  conflicts: z.number().int(),
  conflictSample: z.array(z.string()),
  sample: z.array(z.object({ key: z.string(), type: z.string(), ttl: z.number().nullable(), bytes: z.number() })),
  /** Lines that are no export of ours, with why. */
  bad: z.number().int(),
  firstBad: z.string().nullable(),
});
export type ImportLook = z.infer<typeof ImportLook>;

export const StreamGroup = z.object({
  name: z.string(),
  consumers: z.array(z.object({ name: z.string(), pending: z.number(), /** ms */ idle: z.number() })),
  pending: z.number(),
  lastId: z.string(),
  lag: z.number().nullable(),
  /** The oldest entries that were given out and not acknowledged. */
  waiting: z.array(z.object({ id: z.string(), consumer: z.string(), idle: z.number(), deliveries: z.number() })),
});
export type StreamGroup = z.infer<typeof StreamGroup>;
