/** Puts the engine's log bytes together to lines. Works on the bytes as they lie in the chunk; makes one string and one object a line. */
import type { LogLevel, LogLine } from '../../../../preload/contract/index.ts';
import { FrameReader } from './frames.ts';
import { StampReader, stampRoom } from './stamp.ts';
import { UnfinishedLine } from './unfinished.ts';

const newline = 0x0a;
const nothing = Buffer.alloc(0);

export interface LineSettings {
  readonly service: string;
  /** A terminal's stream is not multiplexed. */
  readonly tty: boolean;
  readonly level: ((text: string) => LogLevel | undefined) | undefined;
}

/** Feed it chunks with `read`; `take` gives the lines so far. */
export class LineReader {
  readonly #settings: LineSettings;
  readonly #frames = new FrameReader();
  readonly #stamps = new StampReader();
  readonly #unfinished = { stdout: new UnfinishedLine(), stderr: new UnfinishedLine() };
  #lines: LogLine[] = [];
  #lastStamp: { readonly bytes: Buffer; readonly start: number } | undefined;

  constructor(settings: LineSettings) {
    this.#settings = settings;
  }

  get count(): number {
    return this.#lines.length;
  }

  /** The engine's stamp of the newest line begun, as written. */
  get lastStamp(): string | undefined {
    return this.#lastStamp?.bytes.toString('latin1', this.#lastStamp.start, this.#lastStamp.start + stampRoom).split(' ', 1)[0];
  }

  read(chunk: Buffer): void {
    if (this.#settings.tty) this.#readTerminal(chunk);
    else this.#frames.read(chunk, this.#readPayload);
  }

  /** A line cut off by the end of the stream counts as a line. */
  end(): void {
    for (const stream of ['stdout', 'stderr'] as const) {
      if (this.#unfinished[stream].isEmpty) continue;
      if (this.#settings.tty) this.#finishStamped(nothing, 0, 0);
      else this.#finish(stream, nothing, 0, 0);
    }
  }

  take(): readonly LogLine[] {
    const taken = this.#lines;
    this.#lines = [];
    return taken;
  }

  /**
   * A frame begins with a stamp. The engine cuts lines over 16 KiB into several frames, each with
   * its own stamp and only the last with a newline: the stamps in between are no part of the line.
   */
  readonly #readPayload = (
    stream: LogLine['stream'],
    bytes: Buffer,
    start: number,
    end: number,
    isFirst: boolean,
    isLast: boolean,
  ): void => {
    const unfinished = this.#unfinished[stream];
    const whole = isFirst && isLast && unfinished.isEmpty;
    if (!whole && unfinished.awaitsStamp(isFirst)) this.#readSplitStamp(stream, bytes, start, end, isLast);
    else this.#readLines(stream, bytes, isFirst ? this.#stamp(unfinished, bytes, start, end) : start, end);
  };

  /** A stamp cut by the end of a chunk: gather the frame's head until it is whole. */
  #readSplitStamp(stream: LogLine['stream'], bytes: Buffer, start: number, end: number, isLast: boolean): void {
    const unfinished = this.#unfinished[stream];
    const head = unfinished.gather(bytes, start, end, isLast);
    if (head) this.#readLines(stream, head, this.#stamp(unfinished, head, 0, head.length), head.length);
  }

  #stamp(unfinished: UnfinishedLine, bytes: Buffer, start: number, end: number): number {
    const text = this.#stamps.read(bytes, start, end);
    if (text > start) this.#lastStamp = { bytes, start };
    if (unfinished.isEmpty) unfinished.time = this.#stamps.time;
    return text;
  }

  #readLines(stream: LogLine['stream'], bytes: Buffer, start: number, end: number): void {
    let at = start;
    for (let cut = bytes.indexOf(newline, at); cut >= 0 && cut < end; cut = at < end ? bytes.indexOf(newline, at) : -1) {
      this.#finish(stream, bytes, at, cut);
      at = cut + 1;
    }
    if (at < end) this.#unfinished[stream].add(bytes, at, end);
  }

  /** A terminal's bytes: a stamp begins each line. */
  #readTerminal(bytes: Buffer): void {
    let at = 0;
    for (let cut = bytes.indexOf(newline, at); cut >= 0; cut = bytes.indexOf(newline, at)) {
      this.#finishStamped(bytes, at, cut);
      at = cut + 1;
    }
    if (at < bytes.length) this.#unfinished.stdout.add(bytes, at, bytes.length);
  }

  #finishStamped(bytes: Buffer, start: number, end: number): void {
    const unfinished = this.#unfinished.stdout;
    const line = unfinished.close(bytes, start, end);
    const head = Buffer.from(line.slice(0, stampRoom));
    const text = line.slice(this.#stamp(unfinished, head, 0, head.length));
    this.#push('stdout', unfinished.time, text);
  }

  #finish(stream: LogLine['stream'], bytes: Buffer, start: number, end: number): void {
    const unfinished = this.#unfinished[stream];
    this.#push(stream, unfinished.time, unfinished.close(bytes, start, end));
  }

  #push(stream: LogLine['stream'], time: number, text: string): void {
    const { service, level } = this.#settings;
    this.#lines.push({ service, time, stream, level: level?.(text) ?? 'info', text });
  }
}
