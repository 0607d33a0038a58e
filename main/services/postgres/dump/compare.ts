/**
 * Whether a database is what a dump says, to the last byte: what pg_restore would run for the dump is held against what
 * pg_dump writes of the database.
 */
import { createHash, hash } from 'node:crypto';
import { limits } from '../../../limits.ts';
import { linesOf, readJsonPart, wrongPart } from '../../dump-parts.ts';
import type { DumpPart, DumpPlace } from '../../dumper.ts';
import { Catalog, catalogPart } from './catalog.ts';
import { toolOutput } from './dump.ts';

export async function compare(place: DumpPlace, parts: AsyncIterable<DumpPart>, signal: AbortSignal): Promise<readonly string[]> {
  const reading = parts[Symbol.asyncIterator]();
  const next = async () => ((await reading.next()) as IteratorResult<DumpPart, undefined>).value;
  const { databases } = await readJsonPart(await next(), catalogPart, Catalog);
  const differences: string[] = [];
  for (const { name, part } of databases) {
    const found = await next();
    if (found?.name !== part) throw wrongPart(part, 'it is missing');
    const written = toolOutput(place, ['pg_restore', '--file=-'], undefined, `read the dump of ${name}`, signal, found.content);
    const wanted = await digest(written, part);
    const there = toolOutput(place, ['pg_dump', '--format=plain', '--no-password'], name, `read ${name}`, signal);
    const has = await digest(there, part);
    if (wanted !== has) differences.push(`${name} is not what its dump says`);
  }
  return differences;
}

/** Remarks tell of versions, and `\restrict` has a key that is made anew each time. */
async function digest(sql: AsyncIterable<Uint8Array>, part: string): Promise<string> {
  const text = new SqlDigest();
  for await (const line of linesOf(sql, part, limits.dumpSqlLineBytes)) text.take(line);
  return text.end();
}

/**
 * What a dump says, whatever the order of its rows: PostgreSQL puts a row into any page that has room for it, so that rows
 * need not lie in the order they were restored in. Rows of a table are added up by their hashes, all else counts as it stands.
 */
export class SqlDigest {
  readonly #all = createHash('sha256');
  /** Of the rows of a COPY; undefined outside of one. */
  #rows: bigint | undefined;

  take(line: Buffer): void {
    if (this.#rows !== undefined && !line.equals(endOfRows)) {
      this.#rows = BigInt.asUintN(256, this.#rows + BigInt(`0x${hash('sha256', line, 'hex')}`));
      return;
    }
    if (this.#rows !== undefined) this.#all.update(`${this.#rows.toString(16)}\n`);
    this.#rows = undefined;
    if ((line[0] === 0x2d && line[1] === 0x2d) || line.subarray(0, 12).toString('latin1').includes('restrict ')) return;
    this.#all.update(line).update('\n');
    const words = line.toString('latin1');
    if (words.startsWith('COPY ') && words.endsWith(' FROM stdin;')) this.#rows = 0n;
  }

  end(): string {
    return this.#all.digest('hex');
  }
}

const endOfRows = Buffer.from('\\.');
