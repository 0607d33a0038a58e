/**
 * A process that seeds one store and kills itself, as `kill -9` would, soon after it has told of rows so many times. Reads
 * what to do from its standard input, so that no secret stands among its arguments.
 */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readMigrations } from '../../main/seeding/migrations.ts';
import { seedService } from '../../main/seeding/run.ts';
import type { Connection } from '../../main/services/kind.ts';
import { serviceKinds } from '../../main/services/registry.ts';
import type { Progress } from '../../preload/contract/index.ts';

export interface SeedOrder {
  readonly connection: Connection;
  readonly scale: number;
  readonly seed: number;
  /** From 1. */
  readonly killAt: number;
}

const { connection, scale, seed, killAt } = JSON.parse(await text(process.stdin)) as SeedOrder;
let told = 0;
const onProgress = (progress: Progress) => {
  // In the middle of what comes next, not between.
  if (progress.kind === 'rows' && ++told === killAt) setTimeout(() => process.kill(process.pid, 'SIGKILL'), 5);
};
const access = await serviceKinds[connection.kind].access();
const target = await access.seedTarget(connection);
await seedService(target, {
  migrations: await readMigrations(fileURLToPath(new URL('../../seeds/', import.meta.url)), connection.kind),
  wanted: { fill: 'anew', scale, seed },
  signal: new AbortController().signal,
  onProgress,
});
await target.close();
