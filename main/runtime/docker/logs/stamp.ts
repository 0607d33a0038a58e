/** The time before each log line, as the engine writes it: `2026-01-02T03:04:05.678901234Z `. */

/** The fixed form of Docker in UTC; Podman also writes offsets and fewer digits. */
const fixedLength = 30;
/** bytes; no stamp with the space after it is longer */
export const stampRoom = 41;
const space = 0x20;
const utc = 0x5a;
/** `2026-01-02T03:04:` */
const minuteLength = 17;

/** Remembers the minute last read, because nearly every line repeats it. */
export class StampReader {
  readonly #minute = Buffer.alloc(minuteLength);
  #minuteTime = Number.NaN;
  /** ms since the epoch of the stamp last read. */
  time = 0;

  /** Reads the stamp at `start` into `time`; gives where the text after it begins, or `start` when there is no stamp. */
  read(bytes: Buffer, start: number, end: number): number {
    if (end - start > fixedLength && bytes[start + fixedLength] === space && bytes[start + fixedLength - 1] === utc) {
      this.time = this.#minuteAt(bytes, start) + digits(bytes, start + minuteLength, 2) * 1000 + digits(bytes, start + 20, 3);
      return start + fixedLength + 1;
    }
    return this.#readAny(bytes, start, end);
  }

  #minuteAt(bytes: Buffer, start: number): number {
    for (let at = 0; at < minuteLength; at += 1) {
      if (this.#minute[at] !== bytes[start + at]) {
        bytes.copy(this.#minute, 0, start, start + minuteLength);
        this.#minuteTime = Date.parse(`${this.#minute.toString('latin1')}00Z`);
        break;
      }
    }
    return this.#minuteTime;
  }

  #readAny(bytes: Buffer, start: number, end: number): number {
    const head = bytes.toString('latin1', start, Math.min(end, start + stampRoom));
    const cut = head.search(/[ \r\n]/);
    const stamp = cut < 0 ? head : head.slice(0, cut);
    const time = Date.parse(stamp);
    if (!/^\d{4}-\d\d-\d\dT/.test(stamp) || Number.isNaN(time)) return start;
    this.time = time;
    return start + stamp.length + (head[cut] === ' ' ? 1 : 0);
  }
}

/** The stamp at `start` as the engine's `since` takes it, one nanosecond later: `1767323045.678901235`. */
export function justAfter(stamp: string): string | undefined {
  const parts = /^(.+T[\d:]+)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)$/.exec(stamp);
  if (!parts) return undefined;
  const [, seconds, fraction = '', zone] = parts;
  const nanoseconds = BigInt(Date.parse(`${seconds}${zone}`)) * 1_000_000n + BigInt(fraction.padEnd(9, '0')) + 1n;
  return `${nanoseconds / 1_000_000_000n}.${String(nanoseconds % 1_000_000_000n).padStart(9, '0')}`;
}

function digits(bytes: Buffer, at: number, count: number): number {
  let value = 0;
  for (let next = at; next < at + count; next += 1) value = value * 10 + ((bytes[next] ?? 0x30) - 0x30);
  return value;
}
