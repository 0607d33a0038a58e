/** Line protocol from a file of any size: a batch in memory at a time, wrong lines left out and told. */
import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { HttpError } from '@influxdata/influxdb-client';
import type { LinePrecision, LineProblem, WriteReport } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { InfluxHttp } from '../query.ts';
import { checkLine, endOfLine } from './line-protocol.ts';
import { patiently } from './patiently.ts';
import { refusal, sendLines, shortened } from './text.ts';

export interface FileToWrite {
  readonly path: string;
  readonly bytes: number;
}

/** Told of lines that were not written. @param lines how many they are, when the one told stands for several */
type Bad = (line: FileLine, reason: string, lines: number) => void;

interface FileLine {
  readonly line: number;
  readonly text: string;
}

/**
 * @param report changed as the file is read
 * @param onProgress bytes read of the file
 * @throws NoodleError service-unreachable after `limits.connectRetries`, wrong-password; what was written by then stays
 */
export async function writeFile(
  http: InfluxHttp,
  bucket: string,
  file: FileToWrite,
  precision: LinePrecision,
  report: { -readonly [Key in keyof WriteReport]: WriteReport[Key] } & { problems: LineProblem[] },
  onProgress: (read: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const tell = ({ line, text }: FileLine, reason: string, offset: number, length: number) => {
    if (report.problems.length < limits.lineProblems) report.problems.push({ line, offset, length, reason, text: shortened(text) });
  };
  const bad: Bad = (line, reason, lines) => {
    report.bad += lines;
    tell(line, reason, 0, 0);
  };
  let batch: FileLine[] = [];
  let bytes = 0;
  const flush = async () => {
    if (batch.length > 0) report.written += await writeBatch(http, bucket, batch, precision, bad, signal);
    batch = [];
    bytes = 0;
  };
  for await (const line of fileLines(file, onProgress, signal)) {
    signal.throwIfAborted();
    if (line.text.length > limits.lineBytes) {
      bad(line, `This line is longer than ${limits.lineBytes} characters.`, 1);
      continue;
    }
    const verdict = checkLine(line.text, precision);
    if (verdict.kind === 'wrong') {
      report.bad++;
      tell(line, verdict.reason, verdict.offset, verdict.length);
    }
    if (verdict.kind !== 'point') continue;
    batch.push(line);
    bytes += line.text.length;
    if (batch.length >= limits.lineBatch || bytes >= limits.lineBatchBytes) await flush();
  }
  await flush();
  report.done = true;
}

/** Sends a batch; where the server refuses it, halves of it until the lines that it refuses are found. @returns points written */
async function writeBatch(
  http: InfluxHttp,
  bucket: string,
  lines: readonly FileLine[],
  precision: LinePrecision,
  bad: Bad,
  signal: AbortSignal,
): Promise<number> {
  try {
    const text = lines.map(({ text }) => text).join('\n');
    await patiently(() => sendLines(http, bucket, text, precision, signal), signal);
    return lines.length;
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { words, dropped } = refusal(error);
    if (lines.length === 1 || dropped === lines.length) {
      for (const line of lines) bad(line, words, 1);
      return 0;
    }
    // The others have been written. Many that are wrong alike are told as one: each would take a dozen requests to find.
    if (dropped !== undefined && dropped > limits.lineSearch) {
      const [from, to] = [lines[0]!.line, lines.at(-1)!.line];
      bad({ line: from, text: '' }, `${dropped} of the lines ${from} to ${to}: ${words}`, dropped);
      return lines.length - dropped;
    }
    // What was taken of a batch is the same points once more: writing them again changes nothing.
    const half = lines.length >> 1;
    const written = await writeBatch(http, bucket, lines.slice(0, half), precision, bad, signal);
    return written + (await writeBatch(http, bucket, lines.slice(half), precision, bad, signal));
  }
}

async function* fileLines({ path }: FileToWrite, onProgress: (read: number) => void, signal: AbortSignal): AsyncGenerator<FileLine> {
  let rest = '';
  let line = 1;
  for await (const chunk of decoded(path, onProgress, signal)) {
    const text = rest + chunk;
    let from = 0;
    for (;;) {
      const end = endOfLine(text, from, limits.lineBytes);
      // A line that ends with the chunk may go on in the next, unless it is too long already.
      if (end >= text.length || (end + 1 === text.length && text.length - from < limits.lineBytes)) break;
      const content = text.slice(from, end);
      yield { line, text: content };
      line += 1 + newlines(content);
      from = end + 1;
    }
    rest = text.slice(from);
    if (rest.length <= limits.lineBytes * 2) continue;
    // No file of lines: what stands here is told as one that is too long, and is not kept.
    yield { line, text: rest };
    rest = '';
  }
  for (let from = 0; from < rest.length; ) {
    const end = endOfLine(rest, from, limits.lineBytes);
    const content = rest.slice(from, end);
    yield { line, text: content };
    line += 1 + newlines(content);
    from = end + 1;
  }
}

function newlines(text: string): number {
  return text.includes('\n') ? text.split('\n').length - 1 : 0;
}

/** The file's text; gunzipped where it begins as gzip does. */
async function* decoded(path: string, onProgress: (read: number) => void, signal: AbortSignal): AsyncGenerator<string> {
  let read = 0;
  const file = createReadStream(path, { highWaterMark: 1024 * 1024, signal });
  const counted = async function* () {
    for await (const chunk of file as AsyncIterable<Buffer>) {
      read += chunk.length;
      onProgress(read);
      yield chunk;
    }
  };
  const source = counted();
  const first = await source.next();
  if (first.done) return;
  const bytes = (async function* () {
    yield first.value;
    yield* source;
  })();
  const decoder = new TextDecoder();
  const zipped = first.value[0] === 0x1f && first.value[1] === 0x8b;
  const plain: AsyncIterable<Uint8Array> = zipped ? gunzipped(bytes) : bytes;
  for await (const chunk of plain) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

async function* gunzipped(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const { Readable } = await import('node:stream');
  const gunzip = createGunzip();
  const from = Readable.from(source);
  from.on('error', (error) => gunzip.destroy(error));
  try {
    yield* from.pipe(gunzip) as AsyncIterable<Buffer>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('Z_')) {
      throw new NoodleError(
        { code: 'bad-argument', what: 'This file begins as gzip does, and is none.', why: String(error) },
        { cause: error },
      );
    }
    throw error;
  }
}
