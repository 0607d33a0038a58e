/** Cuts what a server sends into its messages. Rows are handed on as the bytes they came in, many at once: reading ten million of them makes no ten million objects. */

export const dataRow = 0x44; // 'D'

export interface Received {
  /** Whole DataRow messages one after another. The bytes are only lent: copy what is kept. */
  rows(bytes: Buffer, count: number): void;
  /** Any other message, without its type and length. */
  message(type: string, body: Buffer): void;
}

const headLength = 5;

export class MessageReader {
  readonly #to: Received;
  /** The beginning of a message whose rest has not come yet. */
  #held: Buffer[] = [];
  #heldLength = 0;

  constructor(to: Received) {
    this.#to = to;
  }

  take(chunk: Buffer): void {
    const bytes = this.#whole(chunk);
    if (bytes === undefined) return;
    let at = 0;
    /** Where the rows that were passed over begin. */
    let rows = 0;
    let count = 0;
    const end = bytes.length;
    while (end - at >= headLength) {
      const next = at + 1 + bytes.readUInt32BE(at + 1);
      if (next > end) break;
      if (bytes[at] === dataRow) {
        count++;
      } else {
        if (count > 0) this.#to.rows(bytes.subarray(rows, at), count);
        count = 0;
        rows = next;
        this.#to.message(String.fromCharCode(bytes[at]!), bytes.subarray(at + headLength, next));
      }
      at = next;
    }
    if (count > 0) this.#to.rows(bytes.subarray(rows, at), count);
    if (at < end) this.#hold(bytes.subarray(at));
  }

  /** The chunk with what was held before it; undefined while a message of it is still not whole: a large one is put together once, not at every chunk. */
  #whole(chunk: Buffer): Buffer | undefined {
    if (this.#heldLength === 0) return chunk;
    this.#hold(chunk);
    const head = this.#held[0]!.length >= headLength ? this.#held[0]! : Buffer.concat(this.#held);
    if (head.length < headLength || this.#heldLength < 1 + head.readUInt32BE(1)) return undefined;
    const bytes = Buffer.concat(this.#held, this.#heldLength);
    this.#held = [];
    this.#heldLength = 0;
    return bytes;
  }

  #hold(bytes: Buffer): void {
    this.#held.push(bytes);
    this.#heldLength += bytes.length;
  }
}
