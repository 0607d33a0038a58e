/** What the metrics panel and the core tell each other about points, series and windows. Times are ms since the epoch, spans are ms. */
import { z } from 'zod';

/** InfluxDB's own bound on a key. */
const nameBytes = 65_535;
/** A bucket, measurement, field or tag key, exactly as the server has it. */
export const InfluxName = z.string().min(1).max(nameBytes);
const TagValue = z.string().max(nameBytes);

/** A stretch of time: the last so many ms up to now, or from `start` up to before `stop`. */
export const MetricRange = z.union([
  z.strictObject({
    last: z
      .number()
      .int()
      .positive()
      .max(100 * 365 * 86_400_000),
  }),
  z.strictObject({ start: z.number().int(), stop: z.number().int() }),
]);
export type MetricRange = z.infer<typeof MetricRange>;

/** Points whose tag has one of these values. */
export const TagFilter = z.object({ key: InfluxName, values: z.array(TagValue).min(1).max(100) });
export type TagFilter = z.infer<typeof TagFilter>;

/** Which points are meant: a place, and what their tags must be. */
export const PointChoice = z.object({
  bucket: InfluxName,
  measurement: InfluxName,
  /** None: all fields. */
  fields: z.array(InfluxName).max(20).default([]),
  filters: z.array(TagFilter).max(20).default([]),
});
export type PointChoice = z.infer<typeof PointChoice>;

export const aggregateNames = ['mean', 'min', 'max', 'sum', 'count', 'first', 'last', 'median', 'p95', 'rate'] as const;
/** How the points of one window become one; `rate` is the growth a second of a counter. */
export const Aggregate = z.enum(aggregateNames);
export type Aggregate = z.infer<typeof Aggregate>;

const windowLeast = 1;
const windowMost = 366 * 86_400_000;

/** What a chart asks for. */
export const ChartQuery = z.object({
  choice: PointChoice,
  /** Series that agree in these tags are drawn as one line. */
  group: z.array(InfluxName).max(20).default([]),
  aggregate: Aggregate.default('mean'),
  /** The least and the most of each window too. */
  band: z.boolean().default(false),
  range: MetricRange,
  /** Width of the chart: it decides the window. */
  pixels: z.number().int().min(50).max(8_000).default(1_000),
  /** The window in ms, in place of the one that fits. */
  every: z.number().int().min(windowLeast).max(windowMost).optional(),
});
export type ChartQuery = z.infer<typeof ChartQuery>;
export type ChartQueryInput = z.input<typeof ChartQuery>;

const Values = z.array(z.number().nullable());

export const ChartLine = z.object({
  /** What makes it this line: its field, when there are several, and the tags it was grouped by. */
  labels: z.record(z.string(), z.string()),
  values: Values,
  /** With `band`: the least and the most of each window. */
  low: Values.optional(),
  high: Values.optional(),
});
export type ChartLine = z.infer<typeof ChartLine>;

export const Chart = z.object({
  start: z.number(),
  stop: z.number(),
  /** The window, and why it is that long. */
  every: z.number(),
  everyBecause: z.enum(['pixels', 'data', 'asked', 'bound']),
  /** Where each window begins. */
  times: z.array(z.number()),
  lines: z.array(ChartLine),
  /** There are more lines than are told. */
  cut: z.boolean(),
  /** Points in the range; they stay at the server. */
  points: z.number(),
  /** The query as Flux, for the editor. */
  flux: z.string(),
  /** ms at the server and on the way */
  took: z.number(),
});
export type Chart = z.infer<typeof Chart>;

/** How often values fall between which bounds, over time. */
export const Distribution = z.object({
  start: z.number(),
  stop: z.number(),
  every: z.number(),
  times: z.array(z.number()),
  /** One more than there are rows. */
  bounds: z.array(z.number()),
  /** `counts[column][row]` */
  counts: z.array(z.array(z.number())),
  /** What was counted: every point, or the means of short windows of this many ms where there are too many points. */
  of: z.union([z.object({ kind: z.literal('points') }), z.object({ kind: z.literal('means'), every: z.number() })]),
  points: z.number(),
  took: z.number(),
});
export type Distribution = z.infer<typeof Distribution>;

export const Bucket = z.object({
  id: z.string(),
  name: z.string(),
  /** The server's own, such as `_monitoring`. */
  system: z.boolean(),
  /** The one the stack was set up with. */
  own: z.boolean(),
  /** Seconds; 0 keeps for ever. */
  retention: z.number(),
  /** Seconds */
  shard: z.number(),
  description: z.string(),
  createdAt: z.number(),
});
export type Bucket = z.infer<typeof Bucket>;

/** Names with a mark when there were more than are told. */
export const NameList = z.object({ names: z.array(z.string()), cut: z.boolean() });
export type NameList = z.infer<typeof NameList>;

export const FieldType = z.enum(['float', 'int', 'uint', 'bool', 'string']);
export type FieldType = z.infer<typeof FieldType>;

/** How many series a place has, and what makes them many. */
export const Cardinality = z.object({
  series: z.number(),
  /** By measurement, most first. */
  measurements: z.array(z.object({ name: z.string(), series: z.number() })),
  cut: z.boolean(),
});
export type Cardinality = z.infer<typeof Cardinality>;

/** Distinct values of each tag of a measurement, most first. */
export const TagCardinality = z.array(z.object({ key: z.string(), values: z.number() }));

/** One result table kind of a run: all tables of one `yield` that have the same columns. */
export const FluxColumn = z.object({ name: z.string(), type: z.string(), group: z.boolean() });
export type FluxColumn = z.infer<typeof FluxColumn>;

export const FluxResult = z.object({
  /** The name that was yielded. */
  name: z.string(),
  columns: z.array(FluxColumn),
  rows: z.number(),
  tables: z.number(),
});
export type FluxResult = z.infer<typeof FluxResult>;

export const FluxProgress = z.object({
  /** Names the run in `page`, `graph` and `export`. */
  run: z.string(),
  state: z.enum(['running', 'done']),
  results: z.array(FluxResult),
  rows: z.number(),
  /** On disk. */
  bytes: z.number(),
  /** The spool is full: the query was ended there. */
  cut: z.boolean(),
  took: z.number(),
});
export type FluxProgress = z.infer<typeof FluxProgress>;

/** One row of a result; null where the server gave none. The first number is its table's; `cut` are the cells that hold only a beginning. */
export const FluxRow = z.object({ table: z.number(), cells: z.array(z.string().nullable()), cut: z.array(z.number()).optional() });
export type FluxRow = z.infer<typeof FluxRow>;

export const LinePrecision = z.enum(['ns', 'us', 'ms', 's']);
export type LinePrecision = z.infer<typeof LinePrecision>;

export const LineProblem = z.object({
  /** From 1. */
  line: z.number(),
  /** Characters from the start of the text; for a file: of the line. */
  offset: z.number(),
  length: z.number(),
  reason: z.string(),
  /** The line, cut. */
  text: z.string(),
});
export type LineProblem = z.infer<typeof LineProblem>;

export const LineCheck = z.object({ points: z.number(), problems: z.array(LineProblem) });
export type LineCheck = z.infer<typeof LineCheck>;

export const WriteReport = z.object({
  /** Points that the server has taken. */
  written: z.number(),
  /** Lines that were not points, or that the server refused. */
  bad: z.number(),
  /** The first of them. */
  problems: z.array(LineProblem),
  done: z.boolean(),
});
export type WriteReport = z.infer<typeof WriteReport>;

export const DeletePlan = z.object({
  /** Points with these tags in the range, of all fields. */
  points: z.number(),
  series: z.number(),
  /** The predicates that will be sent, one a line. */
  predicates: z.array(z.string()),
  start: z.number(),
  stop: z.number(),
});
export type DeletePlan = z.infer<typeof DeletePlan>;
