/**
 * The engine's multiplexed stream (Docker Engine API, "Stream format" of ContainerAttach):
 * frames of an 8-byte header (stream, three zeros, payload length as big-endian uint32) and a payload.
 */

/** A payload, or the part of one that this chunk held. Positional, because it is called once a log line. */
export type FrameSink = (stream: 'stdout' | 'stderr', bytes: Buffer, start: number, end: number, isFirst: boolean, isLast: boolean) => void;

const headerLength = 8;

/** Takes chunks cut anywhere; hands payloads on in place, without copying or keeping them. */
export class FrameReader {
  readonly #header = Buffer.alloc(headerLength);
  #headerFilled = 0;
  #stream: 'stdout' | 'stderr' = 'stdout';
  /** Bytes of the current payload still to come. */
  #left = 0;
  #isFirst = true;

  read(bytes: Buffer, sink: FrameSink): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left === 0) {
        at = this.#readHeader(bytes, at);
        continue;
      }
      const end = Math.min(at + this.#left, bytes.length);
      this.#left -= end - at;
      sink(this.#stream, bytes, at, end, this.#isFirst, this.#left === 0);
      this.#isFirst = false;
      at = end;
    }
  }

  #readHeader(bytes: Buffer, at: number): number {
    if (this.#headerFilled === 0 && bytes.length - at >= headerLength) {
      this.#begin(bytes, at);
      return at + headerLength;
    }
    const copied = bytes.copy(this.#header, this.#headerFilled, at, at + headerLength - this.#headerFilled);
    this.#headerFilled += copied;
    if (this.#headerFilled === headerLength) {
      this.#headerFilled = 0;
      this.#begin(this.#header, 0);
    }
    return at + copied;
  }

  #begin(header: Buffer, at: number): void {
    this.#stream = header[at] === 2 ? 'stderr' : 'stdout';
    this.#left = header.readUInt32BE(at + 4);
    this.#isFirst = true;
  }
}
