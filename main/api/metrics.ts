/** The metrics panel's procedures over the session of an InfluxDB. */
import type { FluxProgress } from '../../preload/contract/index.ts';
import { asNoodleError } from '../errors.ts';
import type { Implementer, Parts } from './parts.ts';
import { untilClosed } from './parts.ts';

type Metrics = Implementer['metrics'];

export function metricsRouter(os: Metrics, parts: Parts) {
  return os.router({
    version: os.version.handler(async ({ input, signal }) => {
      const session = await parts.session('influxdb', input);
      return { version: await session.version(signal ?? untilClosed) };
    }),
    bucket: bucketRouter(os.bucket, parts),
    names: namesRouter(os.names, parts),
    chart: chartRouter(os.chart, parts),
    flux: fluxRouter(os.flux, parts),
    write: writeRouter(os.write, parts),
    points: pointsRouter(os.points, parts),
  });
}

function bucketRouter(os: Metrics['bucket'], parts: Parts) {
  return os.router({
    list: os.list.handler(async ({ input, signal = untilClosed }) => (await parts.session('influxdb', input)).buckets.list(signal)),
    create: os.create.handler(async ({ input, signal = untilClosed }) =>
      (await parts.session('influxdb', input)).buckets.create(input, signal),
    ),
    keep: os.keep.handler(async ({ input, signal = untilClosed }) =>
      (await parts.session('influxdb', input)).buckets.keep(input.id, input.retention, signal),
    ),
    older: os.older.handler(async ({ input, signal = untilClosed }) => ({
      points: await (await parts.session('influxdb', input)).buckets.older(input.bucket, input.retention, signal),
    })),
    losses: os.losses.handler(async ({ input, signal = untilClosed }) =>
      (await parts.session('influxdb', input)).buckets.losses(input.bucket, signal),
    ),
    remove: os.remove.handler(async ({ input, signal = untilClosed }) =>
      (await parts.session('influxdb', input)).buckets.remove(input.id, signal),
    ),
  });
}

function namesRouter(os: Metrics['names'], parts: Parts) {
  const catalog = async (input: Parameters<typeof parts.session>[1]) => (await parts.session('influxdb', input)).catalog;
  return os.router({
    measurements: os.measurements.handler(async ({ input, signal = untilClosed }) =>
      (await catalog(input)).measurements(input.bucket, input.text, signal),
    ),
    fields: os.fields.handler(async ({ input, signal = untilClosed }) =>
      (await catalog(input)).fields(input.bucket, input.measurement, input.text, signal),
    ),
    fieldType: os.fieldType.handler(async ({ input, signal = untilClosed }) =>
      (await catalog(input)).fieldType(input.bucket, input.measurement, input.field, signal),
    ),
    tags: os.tags.handler(async ({ input, signal = untilClosed }) => (await catalog(input)).tags(input.bucket, input.measurement, signal)),
    values: os.values.handler(async ({ input, signal = untilClosed }) => (await catalog(input)).values(input, input.text, signal)),
    cardinality: os.cardinality.handler(async ({ input, signal = untilClosed }) =>
      (await catalog(input)).cardinality(input.bucket, signal),
    ),
    tagCardinality: os.tagCardinality.handler(async ({ input, signal = untilClosed }) =>
      (await catalog(input)).tagCardinality(input.bucket, input.measurement, signal),
    ),
  });
}

function chartRouter(os: Metrics['chart'], parts: Parts) {
  const charts = async (input: Parameters<typeof parts.session>[1]) => (await parts.session('influxdb', input)).charts;
  return os.router({
    lines: os.lines.handler(async ({ input, signal = untilClosed }) => (await charts(input)).lines(input.query, signal)),
    distribution: os.distribution.handler(async ({ input, signal = untilClosed }) =>
      (await charts(input)).distribution(input.query, input.rows, signal),
    ),
    newest: os.newest.handler(async ({ input, signal = untilClosed }) => ({
      time: await (await charts(input)).newest(input.choice, signal),
    })),
    flux: os.flux.handler(async ({ input }) => ({ text: (await charts(input)).flux(input.query) })),
    export: os.export.handler(async ({ input }) => {
      const session = await parts.session('influxdb', input);
      const { measurement } = input.query.choice;
      const file = { name: `${measurement}.csv`, type: 'text/csv' };
      return parts.export(input.stack, `Exporting ${measurement}`, file, ({ path }, work) =>
        session.charts.export(input.query, path, work.signal),
      );
    }),
  });
}

function fluxRouter(os: Metrics['flux'], parts: Parts) {
  const flux = async (input: Parameters<typeof parts.session>[1]) => (await parts.session('influxdb', input)).flux;
  return os.router({
    check: os.check.handler(async ({ input, signal = untilClosed }) => (await flux(input)).check(input.text, signal)),
    run: os.run.handler(async ({ input, signal = untilClosed }) => {
      const own = await flux(input);
      const notebook = await (await parts.stack(input.stack)).notebook();
      const record = (took: number | null, rows: number | null, failure: string | null) =>
        notebook.record({ panel: 'metrics', service: input.service, text: input.text, at: Date.now(), took, rows, failure });
      const progress = own.begin(input.text, own.variables(input.range, input.pixels), signal);
      return parts.stream(input.stream, input.keep ? recorded(progress, record) : progress, signal);
    }),
    page: os.page.handler(async ({ input }) => (await flux(input)).run(input.run).page(input.result, input.from, input.count)),
    cell: os.cell.handler(async ({ input }) => ({
      text: await (await flux(input)).run(input.run).cell(input.result, input.row, input.column),
    })),
    graph: os.graph.handler(async ({ input }) => (await flux(input)).graph(input.run, input.pixels)),
    export: os.export.handler(async ({ input }) => {
      const run = (await flux(input)).run(input.run);
      const result = run.result(input.result);
      const type = input.form === 'csv' ? 'text/csv' : 'application/x-ndjson';
      const file = { name: `${result.name}.${input.form === 'csv' ? 'csv' : 'ndjson'}`, type };
      return parts.export(input.stack, `Exporting ${result.spool.rows} rows`, file, async ({ path }, work) => {
        const { exportResult } = await import('../services/influxdb/run/export.ts');
        await exportResult(run, input.result, input.form, path, (rows) => work.progress(rows, result.spool.rows, 'rows'), work.signal);
      });
    }),
    forget: os.forget.handler(async ({ input }) => (await flux(input)).forget(input.run)),
    functions: os.functions.handler(async ({ input, signal = untilClosed }) => [...(await (await flux(input)).functions(signal))]),
  });
}

function writeRouter(os: Metrics['write'], parts: Parts) {
  const write = async (input: Parameters<typeof parts.session>[1]) => (await parts.session('influxdb', input)).write;
  return os.router({
    check: os.check.handler(async ({ input }) => (await write(input)).check(input.text, input.precision)),
    lines: os.lines.handler(async ({ input, signal = untilClosed }) =>
      (await write(input)).text(input.bucket, input.text, input.precision, signal),
    ),
    file: os.file.handler(async ({ input }) => {
      const own = await write(input);
      const file = await parts.upload(input.upload);
      const { id, report } = own.begin();
      const task = parts.work('import', input.stack, `Writing ${file.name} to ${input.bucket}`, async (work) => {
        const onProgress = (read: number) => work.progress(read, file.bytes, 'bytes read');
        await own.file(input.bucket, file, input.precision, report, onProgress, work.signal);
      });
      return { task, report: id };
    }),
    report: os.report.handler(async ({ input }) => (await write(input)).report(input.report)),
  });
}

function pointsRouter(os: Metrics['points'], parts: Parts) {
  return os.router({
    planDelete: os.planDelete.handler(async ({ input, signal = untilClosed }) =>
      (await parts.session('influxdb', input)).points.planDelete(input.choice, input.range, signal),
    ),
    delete: os.delete.handler(async ({ input }) => {
      const session = await parts.session('influxdb', input);
      return parts.work('change', input.stack, `Deleting points of ${input.choice.measurement}`, (work) =>
        session.points.delete(input.choice, input.range, (done, of) => work.progress(done, of, 'predicates'), work.signal),
      );
    }),
  });
}

/** Keeps in the history how a run ended, however it did. */
async function* recorded(
  progress: AsyncIterable<FluxProgress>,
  record: (took: number | null, rows: number | null, failure: string | null) => void,
): AsyncGenerator<FluxProgress> {
  const begun = performance.now();
  let ended = false;
  const end = (took: number | null, rows: number | null, failure: string | null) => {
    if (!ended) record(took, rows, failure);
    ended = true;
  };
  try {
    for await (const now of progress) {
      if (now.state === 'done') end(now.took, now.rows, null);
      yield now;
    }
  } catch (error) {
    const { code, message } = asNoodleError(error);
    end(performance.now() - begun, null, code === 'cancelled' ? 'Cancelled.' : message);
    throw error;
  } finally {
    end(null, null, 'Cancelled.');
  }
}
