/** A bundle of one user out of many: what is read of each store, and the file. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPostgres } from '../main/services/postgres/client.ts';
import { lacking, makeStack, quietRun, watchedRun } from '../test/lab/stack-bed.ts';
import { type Bench, Skip } from './bench.ts';

/** Filling all five at scale 100 takes minutes; another may be tried with NOODLEBOX_BENCH_SCALE. */
const scale = Number(process.env.NOODLEBOX_BENCH_SCALE ?? 100);
/** s */
const bound = 5;

export const bundles: Bench = {
  async run(rounds) {
    const lacks = await lacking('native', ['postgres', 'redis', 'pulsar', 'mongodb', 'influxdb']);
    if (lacks) throw new Skip(lacks);
    const bed = await makeStack('native');
    const folder = await mkdtemp(join(tmpdir(), 'noodlebox-bench-'));
    try {
      await bed.stack.up([], { seed: false, install: false }, quietRun());
      await bed.stack.seed({ scale, seed: 1 }, quietRun());
      const user = await someUser(await bed.stack.connection('postgres'));
      const whole: number[] = [];
      const parts = new Map<string, number[]>();
      let note = '';
      for (let round = 0; round < rounds; round++) {
        const run = watchedRun();
        const begun = performance.now();
        const bundle = await bed.stack.bundle({ ids: [user], rules: null, mask: true, note: null }, run);
        const bytes = await bundle.write(join(folder, `${round}.noodle`), { kind: 'none' }, run);
        whole.push((performance.now() - begun) / 1000);
        await bundle.discard();
        const items = bundle.about.services.flatMap(({ counts }) => counts).reduce((sum, { rows }) => sum + rows, 0);
        note = `${items.toLocaleString('en')} rows, keys, documents, messages and points in ${Math.round(bytes / 1024)} KiB`;
        for (const event of run.events) {
          if (event.type !== 'operation' || event.state !== 'done') continue;
          parts.set(event.id, [...(parts.get(event.id) ?? []), (event.took ?? 0) / 1000]);
        }
      }
      const figure = (name: string, values: readonly number[]) => ({ kind: 'figure', name, values, unit: 's' }) as const;
      return [
        { ...figure(`bundle of one user out of scale ${scale}`, whole), bound: { at: 'most', value: bound }, note },
        ...[...parts].map(([step, values]) => figure(`  ${step}`, values)),
      ];
    } finally {
      await rm(folder, { recursive: true, force: true });
      await bed.clear();
    }
  },
};

/** One whose jobs are about as many as most have. */
async function someUser(connection: Parameters<typeof openPostgres>[0]): Promise<string> {
  const client = await openPostgres(connection, { statementTimeout: 0 });
  try {
    const [row] = await client.query<{ id: string }>('select user_id as id from compilation_jobs order by id limit 1');
    return row!.id;
  } finally {
    await client.close();
  }
}
