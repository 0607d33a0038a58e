/** What the metrics (InfluxDB) panel asks of the core. */
import { eventIterator, oc } from '@orpc/contract';
import { z } from 'zod';
import { StreamId, serviceInput } from './common.ts';
import {
  Bucket,
  Cardinality,
  Chart,
  ChartQuery,
  DeletePlan,
  Distribution,
  FieldType,
  FluxProgress,
  FluxRow,
  InfluxName,
  LineCheck,
  LinePrecision,
  MetricRange,
  NameList,
  PointChoice,
  TagCardinality,
  TagFilter,
  WriteReport,
} from './metrics-models.ts';
import { TaskSummary } from './models.ts';

export * from './metrics-models.ts';

/** What a person typed to narrow a list; no regard to case. */
const text = z.string().max(1_000).default('');
const bucketInput = serviceInput.extend({ bucket: InfluxName });
const measurementInput = bucketInput.extend({ measurement: InfluxName });
/** Seconds; 0 keeps for ever. The server takes no less than an hour. */
const Retention = z.union([
  z.literal(0),
  z
    .number()
    .int()
    .min(3_600)
    .max(100 * 365 * 86_400),
]);
/** Typed text: what fits in one message to the core. */
const Script = z.string().max(512 * 1024);
const RunId = z.string().min(1).max(64);
const exported = z.object({ task: TaskSummary, file: z.string() });

export const metricsContract = oc.router({
  /** The server's version, as it tells it. */
  version: oc.input(serviceInput).output(z.object({ version: z.string() })),

  bucket: {
    list: oc.input(serviceInput).output(z.array(Bucket)),
    create: oc
      .input(serviceInput.extend({ name: InfluxName, retention: Retention, description: z.string().max(1_000).default('') }))
      .output(Bucket),
    /** Points older than the new retention are gone soon after. */
    keep: oc.input(serviceInput.extend({ id: z.string().max(64), retention: Retention })).output(Bucket),
    /** How many points a shorter retention would lose; in words what deleting the bucket would. */
    older: oc.input(bucketInput.extend({ retention: Retention })).output(z.object({ points: z.number() })),
    losses: oc.input(bucketInput).output(z.array(z.string())),
    remove: oc.input(serviceInput.extend({ id: z.string().max(64) })).output(z.void()),
  },

  names: {
    measurements: oc.input(bucketInput.extend({ text })).output(NameList),
    fields: oc.input(measurementInput.extend({ text })).output(NameList),
    fieldType: oc.input(measurementInput.extend({ field: InfluxName })).output(FieldType.nullable()),
    tags: oc.input(measurementInput).output(NameList),
    /** Values of one tag among the points that pass the other filters. */
    values: oc
      .input(
        measurementInput.extend({ key: InfluxName, filters: z.array(TagFilter).max(20).default([]), range: MetricRange.optional(), text }),
      )
      .output(NameList),
    cardinality: oc.input(bucketInput).output(Cardinality),
    tagCardinality: oc.input(measurementInput).output(TagCardinality),
  },

  chart: {
    lines: oc.input(serviceInput.extend({ query: ChartQuery })).output(Chart),
    distribution: oc
      .input(serviceInput.extend({ query: ChartQuery, rows: z.number().int().min(4).max(200).default(40) }))
      .output(Distribution),
    /** When the newest point of a choice was, whatever the range; null when there is none. */
    newest: oc.input(serviceInput.extend({ choice: PointChoice })).output(z.object({ time: z.number().nullable() })),
    /** The query as Flux. */
    flux: oc.input(serviceInput.extend({ query: ChartQuery })).output(z.object({ text: z.string() })),
    export: oc.input(serviceInput.extend({ query: ChartQuery })).output(exported),
  },

  flux: {
    /** Syntax errors, without running it. */
    check: oc
      .input(serviceInput.extend({ text: Script }))
      .output(z.array(z.object({ offset: z.number(), length: z.number(), message: z.string() }))),
    /** Runs a query; its rows go to a spool that `page` reads. Closing the stream while it runs cancels it at the server. */
    run: oc
      .input(
        serviceInput.extend({
          stream: StreamId,
          text: Script,
          range: MetricRange,
          pixels: z.number().int().min(50).max(8_000).default(1_000),
          /** Whether the history keeps it: what a person ran, and not what a dashboard asks for. */
          keep: z.boolean().default(true),
        }),
      )
      .output(eventIterator(FluxProgress)),
    page: oc
      .input(
        serviceInput.extend({
          run: RunId,
          result: z.number().int().min(0),
          from: z.number().int().min(0),
          count: z.number().int().min(1).max(500),
        }),
      )
      .output(z.array(FluxRow)),
    /** One value, whole; null where the server gave none. */
    cell: oc
      .input(
        serviceInput.extend({
          run: RunId,
          result: z.number().int().min(0),
          row: z.number().int().min(0),
          column: z.number().int().min(0),
        }),
      )
      .output(z.object({ text: z.string().nullable() })),
    /** The rows of a run as lines, where they have `_time` and a number as `_value`. */
    graph: oc.input(serviceInput.extend({ run: RunId, pixels: z.number().int().min(50).max(8_000).default(1_000) })).output(Chart),
    export: oc.input(serviceInput.extend({ run: RunId, result: z.number().int().min(0), form: z.enum(['csv', 'json']) })).output(exported),
    /** Gives back what a run has spooled. */
    forget: oc.input(serviceInput.extend({ run: RunId })).output(z.void()),
    /** Functions for completion, with their parameters. */
    functions: oc
      .input(serviceInput)
      .output(z.array(z.object({ name: z.string(), parameters: z.array(z.object({ name: z.string(), type: z.string() })) }))),
  },

  write: {
    check: oc.input(serviceInput.extend({ text: Script, precision: LinePrecision })).output(LineCheck),
    /** Writes what was typed: all of it or, where a line is wrong, nothing. @throws with the place of the first wrong line */
    lines: oc.input(bucketInput.extend({ text: Script, precision: LinePrecision })).output(WriteReport),
    /** Writes a file that was uploaded, plain or gzipped; wrong lines are left out and told. */
    file: oc
      .input(bucketInput.extend({ upload: z.string().max(64), precision: LinePrecision }))
      .output(z.object({ task: TaskSummary, report: z.string() })),
    report: oc.input(serviceInput.extend({ report: z.string().max(64) })).output(WriteReport),
  },

  points: {
    /** What a delete would take away: counted, and as the server will be asked. */
    planDelete: oc.input(serviceInput.extend({ choice: PointChoice, range: MetricRange })).output(DeletePlan),
    delete: oc.input(serviceInput.extend({ choice: PointChoice, range: MetricRange })).output(TaskSummary),
  },
});
