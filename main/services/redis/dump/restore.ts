/**
 * Restores into an empty database, which SWAPDB then exchanges with the one that is there, in one step. A key of its own
 * marks what was made ready: where it is tells how far a swap was.
 */
import { z } from 'zod';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { readJsonPart, recordsOf, wrongPart } from '../../dump-parts.ts';
import type { DumpCount, DumpPart, DumpPlace, Staged, StageOptions } from '../../dumper.ts';
import type { Connection } from '../../kind.ts';
import { type Argv, asNumber, type RedisLink } from '../link.ts';
import { countsOf, databaseCount, empty, evicted, keyspaces, must, noRoom, onDatabase } from './databases.ts';
import { Catalog, catalogPart } from './dump.ts';
import { decodeRecord, type KeyRecord, recordLength } from './record.ts';

const Swaps = z.array(z.object({ fresh: z.number().int(), live: z.number().int() }));

const markerOf = (id: string) => `noodlebox:restore:${id}`;

export async function stage({ connection }: DumpPlace, parts: AsyncIterable<DumpPart>, { id, signal }: StageOptions): Promise<Staged> {
  const reading = parts[Symbol.asyncIterator]();
  const next = async () => ((await reading.next()) as IteratorResult<DumpPart, undefined>).value;
  const { databases } = await readJsonPart(await next(), catalogPart, Catalog);
  const there = await onDatabase(connection, 0, keyspaces);
  const wanted = databases.map(({ database }) => database);
  const free = await freeDatabases(connection, new Set([...there.map(({ database }) => database), ...wanted]), databases.length);
  const before = await onDatabase(connection, 0, evicted);
  const counts: DumpCount[] = [];
  const notes: string[] = [];
  const swaps: { fresh: number; live: number }[] = [];
  for (const [at, { database, part: name }] of databases.entries()) {
    const part = await next();
    if (part?.name !== name) throw wrongPart(name, 'it is missing');
    const fresh = free[at]!;
    swaps.push({ fresh, live: database });
    await onDatabase(connection, fresh, async (link) => {
      must(await link.call('SET', markerOf(id), ''));
      const { kept, expiring, expired } = await fill(link, part, signal);
      if (expired > 0)
        notes.push(`${expired.toLocaleString('en')} keys of database ${database} had expired since the backup: they are not there.`);
      const all = asNumber(must(await link.call('DBSIZE'))) ?? 0;
      // Less the marker; those that expire may do so meanwhile.
      counts.push(...countsOf(database, Math.min(kept, all - 1), expiring, null));
    });
    if ((await onDatabase(connection, 0, evicted)) > before) throw noRoom();
  }
  return { record: swaps, counts, notes };
}

export async function swap({ connection }: DumpPlace, record: unknown, { id, signal }: StageOptions): Promise<void> {
  const swaps = Swaps.parse(record);
  const marked = (link: RedisLink) => link.call('EXISTS', markerOf(id)).then((reply) => asNumber(reply) === 1);
  for (const { fresh, live } of swaps) {
    await onDatabase(connection, live, async (inLive) => {
      const ready = await onDatabase(connection, fresh, marked);
      if (ready) must(await inLive.call('SWAPDB', live, fresh));
      else if (!(await marked(inLive))) return;
      await onDatabase(connection, fresh, (inFresh) => empty(inFresh, signal));
      must(await inLive.call('UNLINK', markerOf(id)));
    });
  }
  // Those that the backup does not have.
  const restored = new Set(swaps.map(({ live }) => live));
  for (const { database } of await onDatabase(connection, 0, keyspaces)) {
    if (!restored.has(database)) await onDatabase(connection, database, (link) => empty(link, signal));
  }
}

export async function discard({ connection }: DumpPlace, { id, signal }: Pick<StageOptions, 'id' | 'signal'>): Promise<void> {
  const there = await onDatabase(connection, 0, keyspaces);
  for (const { database } of there) {
    await onDatabase(connection, database, async (link) => {
      if (asNumber(await link.call('EXISTS', markerOf(id))) === 1) await empty(link, signal);
    });
  }
}

/** From the last one down: nobody uses those. @throws NoodleError conflict */
async function freeDatabases(connection: Connection, used: ReadonlySet<number>, wanted: number): Promise<number[]> {
  const count = await onDatabase(connection, 0, databaseCount);
  const free = Array.from({ length: count }, (_, at) => count - 1 - at).filter((database) => !used.has(database));
  if (free.length >= wanted) return free;
  throw new NoodleError({
    code: 'conflict',
    what: `${wanted} empty databases are needed to restore into, and ${free.length} of ${count} are empty.`,
    todo: 'Empty one, or raise `databases` in the configuration.',
  });
}

async function fill(link: RedisLink, { name, content }: DumpPart, signal: AbortSignal) {
  const told = { kept: 0, expiring: 0, expired: 0 };
  const now = Date.now();
  let batch: KeyRecord[] = [];
  let bytes = 0;
  const write = async () => {
    const commands = batch.map(({ key, expires, payload }): Argv => ['RESTORE', key, expires, payload, 'REPLACE', 'ABSTTL']);
    for (const reply of await link.pipeline(commands, signal)) must(reply);
    batch = [];
    bytes = 0;
  };
  for await (const record of recordsOf(content, name, recordLength, limits.dumpKeyBytes)) {
    const key = decodeRecord(record);
    if (key.expires > 0 && key.expires <= now) {
      told.expired++;
      continue;
    }
    if (key.expires > 0) told.expiring++;
    else told.kept++;
    batch.push(key);
    bytes += record.length;
    if (batch.length >= limits.dumpKeys || bytes >= limits.dumpChunk * 4) await write();
  }
  await write();
  return told;
}
