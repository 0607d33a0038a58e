/** One InfluxDB as its panel, the CLI and traces know it. Each act is one call or one query, so that a restart of the server is nothing special. */
import type {
  Bucket,
  Cardinality,
  Chart,
  ChartQuery,
  DeletePlan,
  Distribution,
  FieldType,
  FluxProgress,
  LineCheck,
  LinePrecision,
  MetricRange,
  NameList,
  PointChoice,
  TagFilter,
  WriteReport,
} from '../../../preload/contract/index.ts';
import type { Connection, ServiceSession, SessionPlace } from '../kind.ts';
import { bucketById, bucketLosses, createBucket, keepFor, listBuckets, pointsOlderThan, removeBucket } from './catalog/buckets.ts';
import { cardinalityOf, tagCardinalityOf } from './catalog/cardinality.ts';
import { fields, fieldType, measurements, tags, tagValues } from './catalog/names.ts';
import { newestTime } from './chart/census.ts';
import { chartFlux, drawChart } from './chart/chart.ts';
import { drawDistribution } from './chart/distribution.ts';
import { chooseWindow } from './chart/window.ts';
import { deletePoints, planDelete } from './delete/delete.ts';
import { findNames, traceTag } from './find.ts';
import { spanOf } from './flux.ts';
import { influxHttp, type Row } from './query.ts';
import type { TextProblem } from './query-error.ts';
import { checkFlux, type FluxFunction, fluxFunctions } from './run/check.ts';
import { graphOf } from './run/graph.ts';
import type { FluxRun } from './run/run.ts';
import { FluxRuns } from './run/runs.ts';
import { type Variables, variables } from './run/variables.ts';
import { verify } from './verify.ts';
import { type FileToWrite, writeFile } from './write/file.ts';
import { type OpenReport, WriteReports } from './write/reports.ts';
import { checkText, writeText } from './write/text.ts';

export interface InfluxdbSession extends ServiceSession {
  version(signal: AbortSignal): Promise<string>;
  readonly buckets: {
    list(signal: AbortSignal): Promise<Bucket[]>;
    byId(id: string, signal: AbortSignal): Promise<Bucket>;
    create(
      bucket: { readonly name: string; readonly retention: number; readonly description: string },
      signal: AbortSignal,
    ): Promise<Bucket>;
    keep(id: string, retention: number, signal: AbortSignal): Promise<Bucket>;
    /** Points older than so many seconds. */
    older(bucket: string, retention: number, signal: AbortSignal): Promise<number>;
    /** What deleting it would lose, in words. */
    losses(bucket: string, signal: AbortSignal): Promise<string[]>;
    remove(id: string, signal: AbortSignal): Promise<void>;
  };
  readonly catalog: {
    measurements(bucket: string, text: string, signal: AbortSignal): Promise<NameList>;
    fields(bucket: string, measurement: string, text: string, signal: AbortSignal): Promise<NameList>;
    fieldType(bucket: string, measurement: string, field: string, signal: AbortSignal): Promise<FieldType | null>;
    tags(bucket: string, measurement: string, signal: AbortSignal): Promise<NameList>;
    values(
      of: {
        readonly bucket: string;
        readonly measurement: string;
        readonly key: string;
        readonly filters: readonly TagFilter[];
        readonly range?: MetricRange;
      },
      text: string,
      signal: AbortSignal,
    ): Promise<NameList>;
    cardinality(bucket: string, signal: AbortSignal): Promise<Cardinality>;
    tagCardinality(bucket: string, measurement: string, signal: AbortSignal): Promise<{ key: string; values: number }[]>;
  };
  readonly charts: {
    lines(query: ChartQuery, signal: AbortSignal): Promise<Chart>;
    distribution(query: ChartQuery, rows: number, signal: AbortSignal): Promise<Distribution>;
    /** ms since the epoch */
    newest(choice: PointChoice, signal: AbortSignal): Promise<number | null>;
    flux(query: ChartQuery): string;
    /** A chart as CSV. */
    export(query: ChartQuery, path: string, signal: AbortSignal): Promise<void>;
  };
  readonly flux: {
    check(text: string, signal: AbortSignal): Promise<TextProblem[]>;
    functions(signal: AbortSignal): Promise<FluxFunction[]>;
    /** What a query is given as `v`. */
    variables(range: MetricRange, pixels: number): Variables;
    /** Rows as they come, kept nowhere. @throws NoodleError query-failed */
    rows(text: string, bound: Variables, signal: AbortSignal): AsyncIterable<Row>;
    /** Runs a query into a spool. */
    begin(text: string, bound: Variables, signal: AbortSignal): AsyncGenerator<FluxProgress>;
    /** @throws NoodleError not-found */
    run(id: string): FluxRun;
    /** Its rows as lines. @throws NoodleError not-found, bad-argument when there is nothing to draw */
    graph(id: string, pixels: number): Promise<Chart>;
    forget(id: string): Promise<void>;
  };
  readonly write: {
    check(text: string, precision: LinePrecision): LineCheck;
    text(bucket: string, text: string, precision: LinePrecision, signal: AbortSignal): Promise<WriteReport>;
    begin(): { readonly id: string; readonly report: OpenReport };
    file(
      bucket: string,
      file: FileToWrite,
      precision: LinePrecision,
      report: OpenReport,
      onProgress: (read: number) => void,
      signal: AbortSignal,
    ): Promise<void>;
    report(id: string): WriteReport;
  };
  readonly points: {
    planDelete(choice: PointChoice, range: MetricRange, signal: AbortSignal): Promise<DeletePlan>;
    delete(choice: PointChoice, range: MetricRange, onProgress: (done: number, of: number) => void, signal: AbortSignal): Promise<void>;
  };
}

export async function openSession(connection: Connection, place: SessionPlace): Promise<InfluxdbSession> {
  const http = influxHttp(connection);
  const runs = new FluxRuns(http, () => place.spool());
  const reports = new WriteReports();
  const { bucket: own = '' } = connection.parts;
  return {
    version: async (signal) => (await verify(connection, signal)).version,
    buckets: {
      list: (signal) => listBuckets(http, signal),
      byId: (id, signal) => bucketById(http, id, signal),
      create: (bucket, signal) => createBucket(http, bucket, signal),
      keep: (id, retention, signal) => keepFor(http, id, retention, signal),
      older: (bucket, retention, signal) => pointsOlderThan(http, bucket, retention, signal),
      losses: (bucket, signal) => bucketLosses(http, bucket, signal),
      remove: (id, signal) => removeBucket(http, id, signal),
    },
    catalog: {
      measurements: (bucket, text, signal) => measurements(http, bucket, text, signal),
      fields: (bucket, measurement, text, signal) => fields(http, bucket, measurement, text, signal),
      fieldType: (bucket, measurement, field, signal) => fieldType(http, bucket, measurement, field, signal),
      tags: (bucket, measurement, signal) => tags(http, bucket, measurement, signal),
      values: (of, text, signal) => tagValues(http, of, text, signal, of.range && spanOf(of.range)),
      cardinality: (bucket, signal) => cardinalityOf(http, bucket, signal),
      tagCardinality: (bucket, measurement, signal) => tagCardinalityOf(http, bucket, measurement, signal),
    },
    charts: {
      lines: (query, signal) => drawChart(http, query, signal),
      distribution: (query, rows, signal) => drawDistribution(http, query, rows, signal),
      newest: (choice, signal) => newestTime(http, choice, signal),
      flux: chartFlux,
      async export(query, path, signal) {
        const { exportChart } = await import('./run/export.ts');
        await exportChart(await drawChart(http, query, signal), path, signal);
      },
    },
    flux: {
      check: (text, signal) => checkFlux(http, text, signal),
      functions: (signal) => fluxFunctions(http, signal),
      variables(range, pixels) {
        const span = spanOf(range);
        const { every } = chooseWindow({ length: span.stop - span.start, pixels, interval: 0, most: Number.POSITIVE_INFINITY });
        return { span, every, bucket: own };
      },
      rows: (text, bound, signal) => http.rows({ text }, { signal, extern: variables(bound) }),
      begin: (text, bound, signal) => runs.begin(text, bound, signal),
      run: (id) => runs.must(id),
      graph: (id, pixels) => graphOf(runs.must(id), pixels),
      forget: (id) => runs.forget(id),
    },
    write: {
      check: checkText,
      text: (bucket, text, precision, signal) => writeText(http, bucket, text, precision, signal),
      begin: () => reports.begin(),
      file: (bucket, file, precision, report, onProgress, signal) => writeFile(http, bucket, file, precision, report, onProgress, signal),
      report: (id) => reports.must(id),
    },
    points: {
      planDelete: (choice, range, signal) => planDelete(http, choice, range, signal),
      delete: (choice, range, onProgress, signal) => deletePoints(http, choice, range, onProgress, signal),
    },
    trace: (id, signal) => traceTag(http, id, signal),
    names: (text, signal) => findNames(http, text, own, signal),
    close: () => runs.close(),
  };
}
