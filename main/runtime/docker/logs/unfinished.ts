/** A line whose end has not come. */
import { limits } from '../../../limits.ts';
import { stampRoom } from './stamp.ts';

const carriageReturn = 0x0d;
const nothing = Buffer.alloc(0);

/** Holds never more than `limits.logLineBytes` of it, and counts the rest. */
export class UnfinishedLine {
  /** ms since the epoch */
  time = 0;
  #parts: Buffer[] = [];
  #size = 0;
  #dropped = 0;
  #head: Buffer | undefined;

  get isEmpty(): boolean {
    return this.#size === 0;
  }

  /** A frame came in pieces, and its stamp is being gathered or has to be. */
  awaitsStamp(isFirst: boolean): boolean {
    if (isFirst) this.#head = nothing;
    return this.#head !== undefined;
  }

  /** The frame's bytes so far, once they are sure to hold its whole stamp. */
  gather(bytes: Buffer, start: number, end: number, isLast: boolean): Buffer | undefined {
    const head = Buffer.concat([this.#head ?? nothing, bytes.subarray(start, end)]);
    const isEnough = isLast || head.length >= stampRoom;
    this.#head = isEnough ? undefined : head;
    return isEnough ? head : undefined;
  }

  /** Copies, because a part kept would keep its whole chunk. */
  add(bytes: Buffer, start: number, end: number): void {
    const kept = Math.max(0, Math.min(end - start, limits.logLineBytes - this.#size));
    this.#dropped += end - start - kept;
    if (kept > 0) this.#parts.push(Buffer.from(bytes.subarray(start, start + kept)));
    this.#size += kept;
  }

  /** The line with its last bytes, without its end, cut with a mark where it is too long; the next one begins. */
  close(bytes: Buffer, start: number, end: number): string {
    if (this.isEmpty) return lineText(bytes, start, end, 0);
    this.add(bytes, start, end);
    const line = Buffer.concat(this.#parts);
    const dropped = this.#dropped;
    this.#parts = [];
    this.#size = 0;
    this.#dropped = 0;
    return lineText(line, 0, line.length, dropped);
  }
}

function lineText(bytes: Buffer, start: number, end: number, dropped: number): string {
  const stop = end > start && bytes[end - 1] === carriageReturn ? end - 1 : end;
  const kept = Math.min(stop, start + limits.logLineBytes);
  const text = bytes.toString('utf8', start, kept);
  const lost = dropped + stop - kept;
  return lost > 0 ? `${text.replace(/\uFFFD+$/, '')} … [${lost} bytes cut]` : text;
}
