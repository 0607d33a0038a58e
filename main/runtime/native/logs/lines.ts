import type { LogLevel, LogLine } from '../../../../preload/contract/index.ts';
import { limits } from '../../../limits.ts';

type ParseLine = (line: string) => { readonly time?: number; readonly level?: LogLevel };

/** Cuts bytes into lines, and lines into what the contract says of them. */
export class LineReader {
  private readonly service: string;
  private readonly parse: ParseLine;
  private rest: Buffer = Buffer.alloc(0);
  private time: number;
  private level: LogLevel = 'info';

  /** @param startTime ms; for lines before the first that carries a time */
  constructor(service: string, parse: ParseLine, startTime: number) {
    this.service = service;
    this.parse = parse;
    this.time = startTime;
  }

  read(chunk: Buffer): LogLine[] {
    const end = chunk.lastIndexOf(newline);
    if (end < 0) {
      this.keep(chunk);
      return [];
    }
    const whole = this.rest.length > 0 ? Buffer.concat([this.rest, chunk.subarray(0, end)]) : chunk.subarray(0, end);
    this.rest = Buffer.alloc(0);
    const texts = whole.toString('utf8').split('\n');
    this.keep(Buffer.from(chunk.subarray(end + 1)));
    return texts.map((text) => this.line(text));
  }

  /** What stands after the last line break. */
  end(): LogLine[] {
    const text = this.rest.toString('utf8');
    this.rest = Buffer.alloc(0);
    return text === '' ? [] : [this.line(text)];
  }

  /** A line without an end is kept up to its limit; `line` marks it as cut when its end comes. */
  private keep(part: Buffer): void {
    if (this.rest.length > limits.logLineBytes) return;
    this.rest = this.rest.length > 0 ? Buffer.concat([this.rest, part]) : part;
  }

  private line(raw: string): LogLine {
    const whole = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const text = whole.length > limits.logLineBytes ? `${whole.slice(0, limits.logLineBytes)}… (cut)` : whole;
    const { time, level } = this.parse(text);
    // A line that says neither belongs to the one before: a stack trace, a statement over several lines.
    if (time !== undefined) {
      this.time = time;
      this.level = level ?? 'info';
    } else if (level !== undefined) this.level = level;
    return { service: this.service, time: this.time, stream: 'stdout', level: this.level, text };
  }
}

const newline = 0x0a;
