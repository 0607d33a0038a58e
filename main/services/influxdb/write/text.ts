/** Line protocol that was typed: checked as a whole, and written as a whole or not at all. */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { HttpError } from '@influxdata/influxdb-client';
import type { LineCheck, LinePrecision, LineProblem, WriteReport } from '../../../../preload/contract/index.ts';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { InfluxHttp } from '../query.ts';
import { messageOf } from '../query-error.ts';
import { checkLine, endOfLine } from './line-protocol.ts';

export interface NumberedLine {
  /** From 1. */
  readonly line: number;
  /** Characters from the start of the text. */
  readonly offset: number;
  readonly text: string;
}

export function* linesOf(text: string): Generator<NumberedLine> {
  let line = 1;
  for (let from = 0; from < text.length; ) {
    const end = endOfLine(text, from, limits.lineBytes);
    const content = text.slice(from, end);
    yield { line, offset: from, text: content };
    line += 1 + (content.match(/\n/g)?.length ?? 0);
    from = end + 1;
  }
}

/** Every wrong line with its place, up to `limits.lineProblems`. */
export function checkText(text: string, precision: LinePrecision): LineCheck {
  const problems: LineProblem[] = [];
  let points = 0;
  for (const { line, offset, text: content } of linesOf(text)) {
    const verdict = checkLine(content, precision);
    if (verdict.kind === 'point') points++;
    if (verdict.kind !== 'wrong' || problems.length === limits.lineProblems) continue;
    const { reason, length } = verdict;
    problems.push({ line, offset: offset + verdict.offset, length, reason, text: shortened(content) });
  }
  return { points, problems };
}

/** @throws NoodleError bad-argument with the place of the first wrong line, query-failed for what the server refuses */
export async function writeText(
  http: InfluxHttp,
  bucket: string,
  text: string,
  precision: LinePrecision,
  signal: AbortSignal,
): Promise<WriteReport> {
  const { points, problems } = checkText(text, precision);
  const [first] = problems;
  if (first) {
    throw new NoodleError({
      code: 'bad-argument',
      what: `Line ${first.line}: ${first.reason}`,
      todo: 'Mend it and write again: nothing has been written.',
      at: { offset: first.offset, length: first.length },
    });
  }
  if (points === 0)
    throw new NoodleError({ code: 'bad-argument', what: 'There is no point here.', todo: 'Write measurement,tag=value field=1' });
  try {
    await sendLines(http, bucket, text, precision, signal);
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    const { words, dropped } = refusal(error);
    throw new NoodleError(
      {
        code: 'query-failed',
        what: words,
        why: dropped === undefined ? undefined : `${points - dropped} of ${points} points were written.`,
        todo: 'Mend the lines that it names and write them again.',
      },
      { cause: error },
    );
  }
  return { written: points, bad: 0, problems: [], done: true };
}

const compress = promisify(gzip);

/** @throws HttpError when the server refuses lines */
export async function sendLines(
  http: InfluxHttp,
  bucket: string,
  text: string,
  precision: LinePrecision,
  signal: AbortSignal | undefined,
): Promise<void> {
  await http.send('/api/v2/write', { bucket, precision }, new Uint8Array(await compress(text, { level: 1 })), signal);
}

/** What the server says of lines that it refused, and how many points of the batch it left out; undefined: all of them. */
export function refusal(error: HttpError): { readonly words: string; readonly dropped: number | undefined } {
  const message = messageOf(error);
  // At its very end: names of fields and measurements stand before it, and may be anything.
  const dropped = / dropped=(\d+)( for database: \w+ for retention policy: \w+)?$/.exec(message);
  const words = message
    .slice(0, dropped?.index)
    .replace(/^failure writing points to database: /, '')
    .replace(/^partial write: /, '');
  return { words: `${words[0]?.toUpperCase() ?? ''}${words.slice(1)}.`, dropped: dropped ? Number(dropped[1]) : undefined };
}

/** A line as it is told in a list. */
export function shortened(line: string): string {
  return line.length <= 200 ? line : `${line.slice(0, 200)}…`;
}
