import type { z } from 'zod';
import type { serviceInput } from '../../preload/contract/common.ts';
import type { ExportFormat } from '../../preload/contract/sql.ts';
import { exportRows, exportTypes } from '../services/postgres/export/export.ts';
import { quoteQualified } from '../services/postgres/quote.ts';
import type { Result } from '../services/postgres/results/result.ts';
import type { Run } from '../services/postgres/runs/run.ts';
import type { Implementer, Parts, Work } from './parts.ts';
import { untilClosed } from './parts.ts';

type ServiceInput = z.infer<typeof serviceInput>;

export function sqlRouter(os: Implementer['sql'], parts: Parts) {
  const of = (input: ServiceInput) => parts.session('postgres', input);
  const resultOf = async (input: ServiceInput & { run: string; statement: number }) =>
    (await of(input)).tabs.find(input.run).result(input.statement);
  return os.router({
    version: os.version.handler(async ({ input, signal = untilClosed }) => ({ version: await (await of(input)).version(signal) })),
    catalog: os.catalog.handler(async ({ input, signal = untilClosed }) => (await of(input)).catalog(signal)),

    table: {
      rows: os.table.rows.handler(async ({ input, signal = untilClosed }) => (await of(input)).table.rows(input, input, signal)),
      count: os.table.count.handler(async ({ input, signal = untilClosed }) => (await of(input)).table.count(input, input, signal)),
      value: os.table.value.handler(async ({ input, signal = untilClosed }) => (await of(input)).table.value(input, input, signal)),
      preview: os.table.preview.handler(async ({ input, signal = untilClosed }) => ({
        statements: await (await of(input)).table.preview(input, input.changes, signal),
      })),
      apply: os.table.apply.handler(async ({ input, signal = untilClosed }) => {
        const session = await of(input);
        const statements = await session.table.preview(input, input.changes, signal);
        const changed = await recorded(parts, input, statements, () => session.table.apply(input, input.changes, signal));
        return { changed };
      }),
      referrers: os.table.referrers.handler(async ({ input, signal = untilClosed }) =>
        (await of(input)).table.referrers(input, input.key, signal),
      ),
      export: os.table.export.handler(async ({ input }) => {
        const session = await of(input);
        const table = `${input.schema}.${input.table}`;
        const file = { name: fileName(input.table, input.format), type: exportTypes[input.format] };
        return parts.export(input.stack, `Exporting ${table}`, file, async ({ path }, work) => {
          const reading = (rows: number) => work.progress(rows, 0, `rows read of ${table}`);
          const result = await session.table.spool(input, input, reading, work.signal);
          try {
            await write(input.format, result, undefined, quoteQualified(input.schema, input.table), path, work);
          } finally {
            await result.remove();
          }
        });
      }),
    },

    run: os.run.handler(async ({ input }) => {
      const run = await (await of(input)).tabs.run(input.tab, input);
      void run.done.then(() => remember(parts, input, run)).catch(() => {});
      return run.view;
    }),
    watch: os.watch.handler(async ({ input, signal = untilClosed }) => {
      const run = (await of(input)).tabs.find(input.run);
      return parts.stream(input.stream, run.watch(signal), signal);
    }),
    cancel: os.cancel.handler(async ({ input }) => (await of(input)).tabs.find(input.run).cancel()),
    tab: os.tab.handler(async ({ input }) => {
      const { transaction, run } = (await of(input)).tabs.view(input.tab);
      return { transaction, run: run?.view ?? null };
    }),
    end: os.end.handler(async ({ input }) => ({ transaction: await (await of(input)).tabs.end(input.tab, input.how) })),
    closeTab: os.closeTab.handler(async ({ input }) => (await of(input)).tabs.close(input.tab)),
    page: os.page.handler(async ({ input }) => ({ rows: await (await resultOf(input)).page(input.view, input.from, input.count) })),
    value: os.value.handler(async ({ input }) => (await resultOf(input)).value(input.view, input.row, input.column, input.all)),
    arrange: os.arrange.handler(async ({ input, signal = untilClosed }) =>
      parts.stream(input.stream, (await resultOf(input)).arrange(input, signal), signal),
    ),
    export: os.export.handler(async ({ input }) => {
      const result = await resultOf(input);
      const file = { name: fileName('result', input.format), type: exportTypes[input.format] };
      return parts.export(input.stack, `Exporting ${result.rowsOf(input.view).toLocaleString('en-US')} rows`, file, ({ path }, work) =>
        write(input.format, result, input.view, 'result', path, work),
      );
    }),
    explain: os.explain.handler(async ({ input, signal = untilClosed }) => (await of(input)).tabs.explain(input.tab, input, signal)),
  });
}

function write(format: ExportFormat, result: Result, view: string | undefined, table: string, path: string, work: Work): Promise<void> {
  const rows = result.rowsOf(view);
  return exportRows(
    format,
    { columns: result.columns, rows, table, texts: () => result.texts(view) },
    { path, signal: work.signal, progress: (written) => work.progress(written, rows, 'rows written') },
  );
}

function fileName(name: string, format: ExportFormat): string {
  return `${name.replaceAll(/[^\p{L}\p{N}_-]+/gu, '_')}.${format}`;
}

/** What was run, for the history. */
async function remember(parts: Parts, input: ServiceInput & { text: string }, run: Run): Promise<void> {
  const { statements, problem } = run.view;
  const failure = problem ?? statements.find((each) => each.problem)?.problem;
  (await (await parts.stack(input.stack)).notebook()).record({
    panel: 'sql',
    service: input.service,
    text: input.text,
    at: Date.now(),
    took: statements.reduce((sum, { took }) => sum + took, 0),
    rows: statements.reduce((sum, { rows, tag }) => sum + Math.max(rows, countOf(tag)), 0),
    failure: failure?.what ?? null,
  });
}

/** "UPDATE 3" is 3 rows. */
function countOf(tag: string | null): number {
  return Number(/ (\d+)$/.exec(tag ?? '')?.[1] ?? 0);
}

async function recorded(parts: Parts, input: ServiceInput, text: string, act: () => Promise<number>): Promise<number> {
  const at = Date.now();
  const notebook = await (await parts.stack(input.stack)).notebook();
  const entry = { panel: 'sql' as const, service: input.service, text, at };
  try {
    const rows = await act();
    notebook.record({ ...entry, took: Date.now() - at, rows, failure: null });
    return rows;
  } catch (error) {
    notebook.record({ ...entry, took: Date.now() - at, rows: null, failure: (error as Error).message });
    throw error;
  }
}
