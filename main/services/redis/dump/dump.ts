/** Every key, as SCAN finds them, with the moment it expires. */
import { hash as digest } from 'node:crypto';
import { z } from 'zod';
import { limits } from '../../../limits.ts';
import { UnorderedChecksum } from '../../checksum.ts';
import { inChunks, jsonPart } from '../../dump-parts.ts';
import type { DumpCount, DumpFacts, DumpPlace, PutPart } from '../../dumper.ts';
import type { RedisLink } from '../link.ts';
import { countsOf, keyspaces, onDatabase } from './databases.ts';
import { comparable, encodeRecord } from './record.ts';
import { recordsOf } from './values.ts';

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
      await put(part, inChunks(pieces(link, seen, signal)));
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

async function* pieces(link: RedisLink, seen: Seen, signal: AbortSignal): AsyncGenerator<Buffer> {
  for await (const records of recordsOf(link, signal)) {
    for (const { key, expires, payload } of records) seen.add(key, expires, payload);
    yield Buffer.concat(records.flatMap(encodeRecord));
  }
}

/** Counts keys once, also one that SCAN gives twice. */
class Seen {
  kept = 0;
  expiring = 0;
  readonly checksum = new UnorderedChecksum();
  readonly #hashes = new Set<number>();

  add(key: Buffer, expires: number, payload: Buffer): void {
    const hash = Number.parseInt(digest('md5', key, 'hex').slice(0, 12), 16);
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
