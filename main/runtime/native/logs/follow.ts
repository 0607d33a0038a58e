/** The log of one instance: what was kept, then what is written. */
import { type FileHandle, open, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import type { LogLine } from '../../../../preload/contract/index.ts';
import { isMissing } from '../../../home/files.ts';
import { limits } from '../../../limits.ts';
import type { LogOptions } from '../../runtime.ts';
import { type Machine, placesOf, serverOf } from '../machine.ts';
import { instanceFiles } from '../places.ts';
import { readInstance, readRun } from '../records.ts';
import { LineReader } from './lines.ts';
import { firstKept } from './rotate.ts';

/** With `follow` it goes on through stops and starts, until the instance is removed or the signal comes. */
export async function* instanceLogs(
  machine: Machine,
  stack: string,
  service: string,
  options: LogOptions,
): AsyncGenerator<readonly LogLine[]> {
  const folder = placesOf(machine, stack).instance(service);
  const record = await readInstance(folder);
  if (!record) return;
  const server = await serverOf(machine, record.spec);
  const run = await readRun(folder);
  const reader = new LineReader(service, server.parseLine, run?.startedAt ?? Date.now());
  const since = options.since ?? Number.NEGATIVE_INFINITY;
  for await (const lines of allLines(folder, reader, options)) {
    const wanted = lines.filter(({ time }) => time >= since);
    if (wanted.length > 0) yield wanted;
  }
}

async function* allLines(folder: string, reader: LineReader, { tail, follow, signal }: LogOptions): AsyncGenerator<readonly LogLine[]> {
  const files = instanceFiles(folder);
  const old = await openLog(files.oldLog);
  let current = await openLog(files.log);
  try {
    const from = await startOf(old, current, tail);
    if (old) {
      yield* readOn(old, from.old, reader, signal);
      yield reader.end();
    }
    let position = from.current;
    for (;;) {
      if (current) {
        for await (const lines of readOn(current, position, reader, signal, (at) => (position = at))) yield lines;
      }
      if (!follow || signal.aborted) break;
      const next = await replaced(files.log, current);
      if (next) {
        // The server that wrote the old file has ended: nothing follows in it but what was written since the last look.
        if (current) yield* readOn(current, position, reader, signal);
        yield reader.end();
        await current?.close();
        current = next;
        position = 0;
        continue;
      }
      if (!(await readInstance(folder))) break;
      await pause(limits.nativeLogPoll, undefined, { signal }).catch(() => undefined);
    }
    if (!signal.aborted) yield reader.end();
  } finally {
    await Promise.all([old?.close(), current?.close()]);
  }
}

/** Lines from an offset to the end as it is now. @param at is told each offset read up to */
async function* readOn(
  file: FileHandle,
  from: number,
  reader: LineReader,
  signal: AbortSignal,
  at?: (offset: number) => void,
): AsyncGenerator<LogLine[]> {
  let position = from;
  while (!signal.aborted) {
    const { buffer, bytesRead } = await file.read(Buffer.allocUnsafe(limits.nativeLogChunk), 0, limits.nativeLogChunk, position);
    if (bytesRead === 0) return;
    position += bytesRead;
    at?.(position);
    const lines = reader.read(buffer.subarray(0, bytesRead));
    if (lines.length > 0) yield lines;
  }
}

/** Where to begin in each file, for all that is kept or for the last lines. */
async function startOf(
  old: FileHandle | undefined,
  current: FileHandle | undefined,
  tail: number | undefined,
): Promise<{ old: number; current: number }> {
  if (tail === undefined) return { old: old ? await keptFrom(old) : 0, current: current ? await keptFrom(current) : 0 };
  const inCurrent = current ? await tailFrom(current, tail) : { offset: 0, missing: tail };
  const inOld = old ? await tailFrom(old, inCurrent.missing) : { offset: 0 };
  return { old: inOld.offset, current: inCurrent.offset };
}

/** The first whole line that is kept. */
async function keptFrom(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  const first = firstKept(size);
  if (first === 0) return 0;
  const { buffer, bytesRead } = await file.read(Buffer.alloc(limits.logLineBytes), 0, limits.logLineBytes, first);
  return first + buffer.subarray(0, bytesRead).indexOf('\n') + 1;
}

/** Reads backwards until it has seen the last `count` lines begin. @returns how many more lines were asked for than the file has */
async function tailFrom(file: FileHandle, count: number): Promise<{ offset: number; missing: number }> {
  const { size } = await file.stat();
  if (count <= 0) return { offset: size, missing: 0 };
  const first = await keptFrom(file);
  let seen = 0;
  for (let end = size; end > first; ) {
    const begin = Math.max(first, end - limits.nativeLogChunk);
    const { buffer } = await file.read(Buffer.alloc(end - begin), 0, end - begin, begin);
    for (let index = buffer.lastIndexOf('\n'); index >= 0; index = index === 0 ? -1 : buffer.lastIndexOf('\n', index - 1)) {
      const afterBreak = begin + index + 1;
      // The break at the very end ends the last line, it does not begin one.
      if (afterBreak === size) continue;
      if (++seen === count) return { offset: afterBreak, missing: 0 };
    }
    end = begin;
  }
  return { offset: first, missing: size > first ? count - seen - 1 : count };
}

/** The file that stands at the path now, when it is another than the open one. */
async function replaced(path: string, current: FileHandle | undefined): Promise<FileHandle | undefined> {
  const [there, open] = await Promise.all([stat(path).catch(() => undefined), current?.stat()]);
  return there && there.ino !== open?.ino ? openLog(path) : undefined;
}

async function openLog(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
