/** Keys to a file and back: a line of JSON a key, with what DUMP gives in base64 and the time to live. */
import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { ImportLook, RedisSelection } from '../../../../preload/contract/cache-models.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf, nameOf } from '../bytes.ts';
import { type Argv, asNumber, asText, type RedisLink, refusal } from '../link.ts';
import type { Progress } from './change.ts';
import { batchesOf, selectKeys } from './selection.ts';

/** The first line says what the file is. */
const heading = z.object({ noodlebox: z.literal('redis-keys'), version: z.literal(1), server: z.string() });
const line = z.object({
  key: z.string(),
  type: z.string(),
  /** ms left when it was exported; null: for good */
  ttl: z.number().int().positive().nullable(),
  dump: z.base64(),
});
type Line = z.infer<typeof line>;

export interface Exported {
  readonly keys: number;
  /** Left out because they are too large. */
  readonly skipped: readonly string[];
}

export async function exportKeys(
  link: RedisLink,
  selection: RedisSelection,
  server: string,
  path: string,
  progress: Progress,
  signal: AbortSignal,
): Promise<Exported> {
  const store = await selectKeys(link, selection, signal, (scanned) => progress(scanned, 0, 'keys looked through'));
  let keys = 0;
  const skipped: string[] = [];
  async function* lines(): AsyncGenerator<string> {
    yield `${JSON.stringify({ noodlebox: 'redis-keys', version: 1, server })}\n`;
    let done = 0;
    for (const names of batchesOf(store, 50)) {
      signal.throwIfAborted();
      const sizes = await link.pipeline(
        names.map((name): Argv => ['MEMORY', 'USAGE', name, 'SAMPLES', 5]),
        signal,
      );
      const fit = names.filter((name, at) => {
        const fits = (asNumber(sizes[at]) ?? 0) <= limits.cacheDumpBytes;
        if (!fits) skipped.push(nameOf(name));
        return fits;
      });
      const replies = await link.pipeline(fit.flatMap((name): Argv[] => [['TYPE', name], ['PTTL', name], ['DUMP', name]]), signal); // biome-ignore format: one key a line
      for (const [at, name] of fit.entries()) {
        const [type, ttl, dump] = replies.slice(at * 3, at * 3 + 3);
        if (dump instanceof Error) throw refusal(dump, link.connection);
        if (!Buffer.isBuffer(dump)) continue; // gone meanwhile
        keys++;
        const left = asNumber(ttl);
        const told: Line = {
          key: nameOf(name),
          type: asText(type) ?? '',
          ttl: left !== null && left > 0 ? left : null,
          dump: dump.toString('base64'),
        };
        yield `${JSON.stringify(told)}\n`;
      }
      done += names.length;
      progress(done, store.size, 'keys exported');
    }
  }
  await pipeline(lines, createWriteStream(path, { flags: 'w', mode: 0o600 }), { signal });
  return { keys, skipped };
}

/** What an import would do, with nothing done. @throws NoodleError bad-argument (no export of ours) */
export async function lookAtImport(link: RedisLink, path: string, signal: AbortSignal): Promise<ImportLook> {
  const look = {
    keys: 0,
    conflicts: 0,
    conflictSample: [] as string[],
    sample: [] as ImportLook['sample'],
    bad: 0,
    firstBad: null as string | null,
  };
  for await (const { lines, bad } of batchesIn(path, signal)) {
    look.bad += bad.length;
    look.firstBad ??= bad[0] ?? null;
    look.keys += lines.length;
    const there = await link.pipeline(
      lines.map(({ key }): Argv => ['EXISTS', bytesOf(key)]),
      signal,
    );
    for (const [at, { key, type, ttl, dump }] of lines.entries()) {
      if (look.sample.length < limits.cacheSampleKeys) look.sample.push({ key, type, ttl, bytes: Math.floor((dump.length * 3) / 4) });
      if (asNumber(there[at]) !== 1) continue;
      look.conflicts++;
      if (look.conflictSample.length < limits.cacheSampleKeys) look.conflictSample.push(key);
    }
  }
  return look;
}

export interface Imported {
  readonly keys: number;
  readonly skipped: number;
  readonly failed: number;
  readonly firstFailure: string | null;
}

export async function importKeys(
  link: RedisLink,
  path: string,
  existing: 'skip' | 'replace',
  total: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<Imported> {
  const result = { keys: 0, skipped: 0, failed: 0, firstFailure: null as string | null };
  let done = 0;
  for await (const { lines, bad } of batchesIn(path, signal)) {
    result.failed += bad.length;
    result.firstFailure ??= bad[0] ?? null;
    const commands = lines.map(({ key, ttl, dump }): Argv => {
      const replace = existing === 'replace' ? ['REPLACE'] : [];
      return ['RESTORE', bytesOf(key), ttl ?? 0, Buffer.from(dump, 'base64'), ...replace];
    });
    for (const reply of await link.pipeline(commands, signal)) {
      if (!(reply instanceof Error)) result.keys++;
      else if (/BUSYKEY/.test(reply.message)) result.skipped++;
      else {
        result.failed++;
        result.firstFailure ??= reply.message;
      }
    }
    done += lines.length + bad.length;
    progress(done, total, 'keys imported');
  }
  return result;
}

/** Lines in batches of so many, or of so many bytes where they are long. */
async function* batchesIn(path: string, signal: AbortSignal): AsyncGenerator<{ lines: Line[]; bad: string[] }> {
  let lines: Line[] = [];
  let bad: string[] = [];
  let held = 0;
  let number = 0;
  for await (const text of linesOf(path)) {
    signal.throwIfAborted();
    number++;
    if (number === 1) {
      checkHeading(text);
      continue;
    }
    if (text === '') continue;
    const read = readLine(text);
    if (typeof read === 'string') bad.push(`Line ${number}: ${read}`);
    else lines.push(read);
    held += text.length;
    if (lines.length + bad.length < 200 && held < limits.cachePieceBytes * 4) continue;
    yield { lines, bad };
    [lines, bad, held] = [[], [], 0];
  }
  if (number === 0) checkHeading('');
  if (lines.length + bad.length > 0) yield { lines, bad };
}

function checkHeading(text: string): void {
  const read = heading.safeParse(parsed(text));
  if (read.success) return;
  throw new NoodleError({
    code: 'bad-argument',
    what: 'This file is no export of keys.',
    why: 'Its first line is not {"noodlebox":"redis-keys","version":1,…}.',
    todo: 'Choose a file that was exported here.',
  });
}

function readLine(text: string): Line | string {
  const read = line.safeParse(parsed(text));
  if (!read.success) return 'it is not {"key","type","ttl","dump"}.';
  try {
    bytesOf(read.data.key);
    return read.data;
  } catch {
    return 'its key has a backslash that stands alone.';
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Lines of any length up to the limit. (readline gives up its memory only at the end.) */
async function* linesOf(path: string): AsyncGenerator<string> {
  let held: string[] = [];
  let length = 0;
  for await (const chunk of createReadStream(path, { encoding: 'utf8', highWaterMark: limits.cachePieceBytes }) as AsyncIterable<string>) {
    let from = 0;
    for (let end = chunk.indexOf('\n'); end !== -1; end = chunk.indexOf('\n', from)) {
      held.push(chunk.slice(from, end));
      yield held.join('').replace(/\r$/, '');
      [held, length] = [[], 0];
      from = end + 1;
    }
    held.push(chunk.slice(from));
    length += chunk.length - from;
    if (length > limits.cacheImportLine)
      throw new NoodleError({ code: 'too-large', what: 'A line of this file is longer than any key can be.' });
  }
  const last = held.join('');
  if (last !== '') yield last;
}
