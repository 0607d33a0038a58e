/** Every key by SCAN and DUMP, with the moment it expires. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { limits } from '../../../limits.ts';
import { UnorderedChecksum } from '../../checksum.ts';
import { inChunks, jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import { type Argv, asNumber, type RedisLink } from '../link.ts';
import { countsOf, keysOf, keyspaces, must, onDatabase } from './databases.ts';
import { comparable, encodeRecord } from './record.ts';

export const Catalog = z.object({ databases: z.array(z.object({ database: z.number().int().nonnegative(), part: z.string() })) });
export const catalogPart = 'catalog.json';

export async function dump({ connection }: DumpPlace, put: PutPart, signal: AbortSignal): Promise<DumpFacts> {
  const found = await onDatabase(connection, 0, keyspaces);
  const databases = found.map(({ database }) => ({ database, part: `${database}.keys` }));
  await put(catalogPart, jsonPart({ databases } satisfies z.infer<typeof Catalog>));
  const counts: DumpCount[] = [];
  for (const { database, part } of databases) {
    await onDatabase(connection, database, async (link) => {
      const seen = new Seen();
      await put(part, inChunks(records(link, seen, signal)));
      counts.push(...countsOf(database, seen.kept, seen.expiring, seen.checksum.toString()));
    });
  }
  return {
    counts,
    notes: [
      'Keys are read one after another while the server goes on: a change in the meantime is in it or not.',
      'Functions, users and settings are not kept.',
    ],
  };
}

async function* records(link: RedisLink, seen: Seen, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const keys of keysOf(link, signal)) {
    for (let at = 0; at < keys.length; at += limits.dumpKeys) {
      const some = keys.slice(at, at + limits.dumpKeys);
      const sizing = some.map((key): Argv => ['MEMORY', 'USAGE', key, 'SAMPLES', 5]);
      const sizes = await link.pipeline(sizing, signal);
      const batches = together(some, (_key, index) => asNumber(sizes[index]) ?? 0, limits.dumpValuesBytes);
      for (const batch of batches) yield* valuesOf(link, batch, seen, signal);
    }
  }
}

/** As many one after another as are at most so many bytes; a larger one is alone. */
export function together<T>(items: readonly T[], sizeOf: (item: T, index: number) => number, most: number): T[][] {
  const groups: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const [index, item] of items.entries()) {
    const size = sizeOf(item, index);
    if (bytes + size > most) {
      groups.push([]);
      bytes = 0;
    }
    groups.at(-1)!.push(item);
    bytes += size;
  }
  return groups;
}

async function* valuesOf(link: RedisLink, batch: readonly Buffer[], seen: Seen, signal: AbortSignal): AsyncGenerator<Buffer> {
  const asked = batch.flatMap((key): Argv[] => [['PEXPIRETIME', key], ['DUMP', key]]); // biome-ignore format: one key a line
  const replies = await link.pipeline(asked, signal);
  for (const [index, key] of batch.entries()) {
    const told = asNumber(must(replies[index * 2]!)) ?? -1;
    const payload = must(replies[index * 2 + 1]!);
    if (!Buffer.isBuffer(payload)) continue; // gone meanwhile
    const record = { key, expires: Math.max(0, told), payload };
    seen.add(record.key, record.expires, payload);
    yield* encodeRecord(record);
  }
}

/** Counts keys once, also one that SCAN gives twice. */
class Seen {
  kept = 0;
  expiring = 0;
  readonly checksum = new UnorderedChecksum();
  readonly #hashes = new Set<number>();

  add(key: Buffer, expires: number, payload: Buffer): void {
    const hash = createHash('md5').update(key).digest().readUIntBE(0, 6);
    if (this.#hashes.has(hash)) return;
    // More than a set can hold are counted as they come.
    if (this.#hashes.size < limits.dumpKeysTold) this.#hashes.add(hash);
    if (expires > 0) {
      this.expiring++;
      return;
    }
    this.kept++;
    this.checksum.add(key, comparable(payload));
  }
}
