/**
 * A process that seeds one store, to be killed while it does. Reads `{connection, scale, seed}` from its
 * standard input, so that no secret stands among its arguments, and prints a line for each progress.
 */
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { readMigrations } from '../../main/seeding/migrations.ts';
import { seedService } from '../../main/seeding/run.ts';
import type { Connection } from '../../main/services/kind.ts';
import { serviceKinds } from '../../main/services/registry.ts';

const { connection, scale, seed } = JSON.parse(await text(process.stdin)) as { connection: Connection; scale: number; seed: number };
const access = await serviceKinds[connection.kind].access();
const target = await access.seedTarget(connection);
await seedService(target, {
  migrations: await readMigrations(fileURLToPath(new URL('../../seeds/', import.meta.url)), connection.kind),
  wanted: { fill: 'anew', scale, seed },
  signal: new AbortController().signal,
  onProgress: (progress) => process.stdout.write(`${progress.kind}\n`),
});
await target.close();
