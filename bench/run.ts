/**
 * Side-by-side measurements: `npm run bench [-- name …]`. Prints a table of medians and ratios, and
 * says of what could not be measured here why.
 */
import { cpus, totalmem } from 'node:os';
import { type Bench, Skip } from './bench.ts';
import { comparisonRow, figureRow, table } from './measure.ts';

const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  up: async () => (await import('./up.ts')).up,
  seed: async () => (await import('./seed.ts')).seed,
  'seed-all': async () => (await import('./seed.ts')).seedAll,
  logs: async () => (await import('./logs.ts')).logs,
  window: async () => (await import('./window.ts')).window,
  metrics: async () => (await import('./metrics.ts')).metrics,
  documents: async () => (await import('./documents.ts')).documents,
  panels: async () => (await import('./panels.ts')).panelPaint,
  topics: async () => (await import('./topics.ts')).topics,
  sql: async () => (await import('./sql.ts')).sql,
  bundles: async () => (await import('./bundles.ts')).bundles,
  backups: async () => (await import('./backups.ts')).backups,
  snapshots: async () => (await import('./snapshots.ts')).snapshots,
  dslr: async () => (await import('./snapshots.ts')).snapshotsOfPostgres,
  cache: async () => (await import('./cache.ts')).cache,
  pitr: async () => (await import('./pitr.ts')).pitr,
};

const rounds = Number(process.env.NOODLEBOX_BENCH_ROUNDS ?? 5);
const chosen = process.argv.slice(2);
for (const name of chosen) if (!(name in benches)) throw new Error(`There is no bench "${name}": ${Object.keys(benches).join(', ')}.`);

console.log(
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.version}, medians of ${rounds} runs\n`,
);
const rows: string[][] = [];
for (const name of chosen.length > 0 ? chosen : Object.keys(benches)) {
  try {
    for (const result of await (await benches[name]!()).run(rounds)) {
      const row = result.kind === 'comparison' ? comparisonRow(result) : figureRow(result);
      console.log(row.filter(Boolean).join('  '));
      rows.push(row);
    }
  } catch (error) {
    if (!(error instanceof Skip)) throw error;
    console.log(`${name}: not measured: ${error.message}`);
  }
}
console.log(`\n${table(rows)}`);
