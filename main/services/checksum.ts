import { createHash } from 'node:crypto';

/** A checksum of many things that is the same in whatever order they come: the sum of their hashes, modulo 2^128. */
export class UnorderedChecksum {
  #sum = 0n;

  add(...parts: readonly (string | Uint8Array)[]): void {
    const hash = createHash('md5');
    for (const part of parts) {
      // With its length, so that what belongs to one part is not taken for the next one's.
      hash.update(`${part.length}:`).update(part);
    }
    this.#sum = BigInt.asUintN(128, this.#sum + BigInt(`0x${hash.digest('hex')}`));
  }

  toString(): string {
    return this.#sum.toString(16).padStart(32, '0');
  }
}
