/** Strings of any size to and from a file, a piece at a time: 50 MB never stand in memory. */
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { bytesOf } from '../bytes.ts';
import { type Argv, asBytes, asNumber, type RedisLink } from '../link.ts';
import { gone } from './elements.ts';

type Progress = (current: number, total: number, label: string) => void;

/** @throws NoodleError not-found, query-failed (no string) */
export async function saveString(link: RedisLink, key: string, path: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const bytes = bytesOf(key);
  if (asNumber(await link.call('EXISTS', bytes)) === 0) throw gone();
  const size = asNumber(await link.call('STRLEN', bytes)) ?? 0;
  const file = await open(path, 'wx', 0o600);
  try {
    for (let at = 0; at < size; at += limits.cachePieceBytes) {
      signal.throwIfAborted();
      await file.write(asBytes(await link.call('GETRANGE', bytes, at, at + limits.cachePieceBytes - 1)));
      progress(Math.min(size, at + limits.cachePieceBytes), size, 'bytes read');
    }
  } finally {
    await file.close();
  }
}

/** Written beside the key and put in its place when it is whole: nobody reads half of it. Its time to live stays. @throws NoodleError too-large */
export async function loadString(link: RedisLink, key: string, path: string, progress: Progress, signal: AbortSignal): Promise<void> {
  const { size } = await stat(path);
  if (size > limits.cacheStringBytes) {
    throw new NoodleError({
      code: 'too-large',
      what: `The file has ${size} bytes.`,
      why: `Redis keeps no more than ${limits.cacheStringBytes} in a string.`,
    });
  }
  const bytes = bytesOf(key);
  const beside = Buffer.from(`noodlebox:loading:${crypto.randomUUID()}`);
  try {
    await link.call('SET', beside, '', 'EX', 3600);
    let done = 0;
    for await (const piece of createReadStream(path, { highWaterMark: limits.cachePieceBytes }) as AsyncIterable<Buffer>) {
      signal.throwIfAborted();
      await link.call('APPEND', beside, piece);
      done += piece.length;
      progress(done, size, 'bytes written');
    }
    const ttl = asNumber(await link.call('PTTL', bytes)) ?? -1;
    const keep: Argv = ttl > 0 ? ['PEXPIRE', beside, ttl] : ['PERSIST', beside];
    await link.call(...keep);
    await link.call('RENAME', beside, bytes);
  } catch (error) {
    await link.call('UNLINK', beside).catch(() => {});
    throw error;
  }
}
