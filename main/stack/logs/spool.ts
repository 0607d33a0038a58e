/**
 * Log lines on disk, with a small index in memory: about 18 bytes a line, whatever its length.
 * Lines stand in segments of a fixed number; when there are too many, the oldest segment goes.
 */
import { type FileHandle, mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LogLevel, type LogLine, logLevels } from '../../../preload/contract/models.ts';
import { limits } from '../../limits.ts';

const segmentLines = 50_000;

interface Segment {
  readonly path: string;
  readonly file: FileHandle;
  /** Where each line ends in the file, in bytes. */
  readonly ends: Float64Array;
  readonly times: Float64Array;
  /** Position in `services`. */
  readonly serviceOf: Uint8Array;
  /** Level (low bits) and stream (bit 4). */
  readonly marks: Uint8Array;
  lines: number;
  bytes: number;
}

/** Which lines a filter lets through, by what the index knows; the text is looked at in the file. */
export interface LineFilter {
  readonly services: ReadonlySet<string>;
  readonly levels: ReadonlySet<LogLevel>;
  /** Lower case; empty lets all through. */
  readonly text: string;
}

export class LogSpool {
  private readonly folder: string;
  private readonly services: string[] = [];
  private readonly segments: Segment[] = [];
  /** Segments let go so far. */
  private gone = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<LogSpool> {
    return new LogSpool(await mkdtemp(join(tmpdir(), 'noodlebox-log-')));
  }

  /** Index of the oldest line still kept. */
  get first(): number {
    return this.gone * segmentLines;
  }

  /** Lines ever appended: the index after the newest. */
  get total(): number {
    const last = this.segments.at(-1);
    return last ? (this.gone + this.segments.length - 1) * segmentLines + last.lines : this.first;
  }

  async append(batch: readonly LogLine[]): Promise<void> {
    for (let from = 0; from < batch.length; ) {
      const segment = await this.openSegment();
      const to = Math.min(batch.length, from + segmentLines - segment.lines);
      const texts: Buffer[] = [];
      let end = segment.bytes;
      for (let at = from; at < to; at++) {
        const line = batch[at]!;
        const text = Buffer.from(line.text);
        const row = segment.lines + at - from;
        end += text.length;
        segment.ends[row] = end;
        segment.times[row] = line.time;
        segment.serviceOf[row] = this.serviceNumber(line.service);
        segment.marks[row] = logLevels.indexOf(line.level) | (line.stream === 'stderr' ? 16 : 0);
        texts.push(text);
      }
      await segment.file.write(Buffer.concat(texts), 0, end - segment.bytes, segment.bytes);
      // Only now, so that a reader never sees lines whose text is not there yet.
      segment.bytes = end;
      segment.lines += to - from;
      from = to;
    }
  }

  /** Lines by index; what has been let go is left out. */
  async read(indexes: readonly number[]): Promise<(LogLine & { index: number })[]> {
    const lines: (LogLine & { index: number })[] = [];
    for (const index of indexes) {
      const found = this.locate(index);
      if (!found) continue;
      const { segment, row } = found;
      const start = row === 0 ? 0 : segment.ends[row - 1]!;
      const text = Buffer.alloc(segment.ends[row]! - start);
      await segment.file.read(text, 0, text.length, start);
      const mark = segment.marks[row]!;
      lines.push({
        index,
        service: this.services[segment.serviceOf[row]!]!,
        time: segment.times[row]!,
        stream: mark & 16 ? 'stderr' : 'stdout',
        level: logLevels[mark & 15]!,
        text: text.toString(),
      });
    }
    return lines;
  }

  /** Indexes from `from` up to `to` (exclusive) that pass, a segment at a time, so that others get their turn. */
  async *matching(filter: LineFilter, from: number, to: number): AsyncGenerator<readonly number[]> {
    for (let at = Math.max(from, this.first); at < to; ) {
      const found = this.locate(at);
      if (!found) {
        at = Math.max(at + 1, this.first);
        continue;
      }
      const { segment, row } = found;
      const base = at - row;
      const until = Math.min(segment.lines, to - base);
      const candidates = this.candidates(segment, filter, row, until);
      const rows = filter.text === '' || candidates.length === 0 ? candidates : await withText(segment, candidates, filter.text);
      yield rows.map((passed) => base + passed);
      at = base + until;
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.segments.map((segment) => segment.file.close()));
    await rm(this.folder, { recursive: true, force: true });
  }

  private candidates(segment: Segment, filter: LineFilter, from: number, to: number): number[] {
    const serviceOk = this.services.map((name) => filter.services.size === 0 || filter.services.has(name));
    const levelOk = logLevels.map((level) => filter.levels.size === 0 || filter.levels.has(level));
    const rows: number[] = [];
    for (let row = from; row < to; row++) {
      if (serviceOk[segment.serviceOf[row]!] && levelOk[segment.marks[row]! & 15]) rows.push(row);
    }
    return rows;
  }

  private locate(index: number): { segment: Segment; row: number } | undefined {
    const segment = this.segments[Math.floor(index / segmentLines) - this.gone];
    const row = index % segmentLines;
    return segment && row < segment.lines ? { segment, row } : undefined;
  }

  private async openSegment(): Promise<Segment> {
    const last = this.segments.at(-1);
    if (last && last.lines < segmentLines) return last;
    const path = join(this.folder, `${this.gone + this.segments.length}.log`);
    const segment: Segment = {
      path,
      file: await open(path, 'wx+', 0o600),
      ends: new Float64Array(segmentLines),
      times: new Float64Array(segmentLines),
      serviceOf: new Uint8Array(segmentLines),
      marks: new Uint8Array(segmentLines),
      lines: 0,
      bytes: 0,
    };
    this.segments.push(segment);
    if (this.segments.length * segmentLines > limits.logSpoolLines) {
      const oldest = this.segments.shift()!;
      this.gone++;
      await oldest.file.close();
      await rm(oldest.path, { force: true });
    }
    return segment;
  }

  private serviceNumber(service: string): number {
    const known = this.services.indexOf(service);
    return known >= 0 ? known : this.services.push(service) - 1;
  }
}

async function withText(segment: Segment, rows: readonly number[], text: string): Promise<number[]> {
  const start = rows[0] === 0 ? 0 : segment.ends[rows[0]! - 1]!;
  const bytes = Buffer.alloc(segment.ends[rows.at(-1)!]! - start);
  await segment.file.read(bytes, 0, bytes.length, start);
  return rows.filter((row) => {
    const from = row === 0 ? 0 : segment.ends[row - 1]!;
    return bytes
      .toString('utf8', from - start, segment.ends[row]! - start)
      .toLowerCase()
      .includes(text);
  });
}
