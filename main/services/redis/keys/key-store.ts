/** Very many keys in little memory: bytes after bytes in blocks, and a table that knows each only once. */
const blockBytes = 4 * 2 ** 20;

export class KeyStore {
  readonly #blocks: Buffer[] = [];
  #used = blockBytes;
  /** Of each key: its block, and where in it. */
  #block = new Uint16Array(1024);
  #from = new Uint32Array(1024);
  #length = new Uint16Array(1024);
  #gone = new Uint8Array(1024);
  #hash = new Uint32Array(1024);
  /** Open addressing: key number + 1, 0 where free. */
  #table = new Uint32Array(4096);
  #size = 0;

  /** Keys ever added; their numbers are 0 to this. */
  get size(): number {
    return this.#size;
  }

  /** @returns the key's number, or -1 when it was there already. At most 64 KiB long. */
  add(source: Buffer, from: number, to: number): number {
    const hash = hashOf(source, from, to);
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (let held = this.#table[slot]!; held !== 0; held = this.#table[slot]!) {
      const key = held - 1;
      if (this.#hash[key] === hash && this.#equals(key, source, from, to)) {
        if (this.#gone[key] === 0) return -1;
        this.#gone[key] = 0;
        return key;
      }
      slot = (slot + 1) & mask;
    }
    const key = this.#append(source, from, to, hash);
    this.#table[slot] = key + 1;
    if (this.#size * 2 > this.#table.length) this.#grow();
    return key;
  }

  /** The number of a key that is there; -1 for one that is not. */
  find(key: Buffer): number {
    const hash = hashOf(key, 0, key.length);
    const mask = this.#table.length - 1;
    let slot = hash & mask;
    for (let held = this.#table[slot]!; held !== 0; held = this.#table[slot]!) {
      if (this.#hash[held - 1] === hash && this.#equals(held - 1, key, 0, key.length)) return this.#gone[held - 1] === 0 ? held - 1 : -1;
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  remove(key: number): void {
    this.#gone[key] = 1;
  }

  has(key: number): boolean {
    return this.#gone[key] === 0;
  }

  /** The key's bytes; a view, not a copy. */
  bytes(key: number): Buffer {
    const from = this.#from[key]!;
    return this.#blocks[this.#block[key]!]!.subarray(from, from + this.#length[key]!);
  }

  length(key: number): number {
    return this.#length[key]!;
  }

  /** Order of two keys by their bytes from an offset on. */
  compare(a: number, b: number, offset: number): number {
    const blockA = this.#blocks[this.#block[a]!]!;
    const blockB = this.#blocks[this.#block[b]!]!;
    const startA = this.#from[a]! + offset;
    const startB = this.#from[b]! + offset;
    const lengthA = this.#length[a]! - offset;
    const lengthB = this.#length[b]! - offset;
    const shared = lengthA < lengthB ? lengthA : lengthB;
    for (let at = 0; at < shared; at++) {
      const difference = blockA[startA + at]! - blockB[startB + at]!;
      if (difference !== 0) return difference;
    }
    return lengthA - lengthB;
  }

  #equals(key: number, source: Buffer, from: number, to: number): boolean {
    if (this.#length[key] !== to - from) return false;
    const block = this.#blocks[this.#block[key]!]!;
    const start = this.#from[key]!;
    for (let at = 0; at < to - from; at++) if (block[start + at] !== source[from + at]) return false;
    return true;
  }

  #append(source: Buffer, from: number, to: number, hash: number): number {
    const length = to - from;
    if (this.#used + length > blockBytes) {
      this.#blocks.push(Buffer.allocUnsafeSlow(blockBytes));
      this.#used = 0;
    }
    if (this.#size === this.#from.length) this.#widen();
    const key = this.#size++;
    source.copy(this.#blocks.at(-1)!, this.#used, from, to);
    this.#block[key] = this.#blocks.length - 1;
    this.#from[key] = this.#used;
    this.#length[key] = length;
    this.#hash[key] = hash;
    this.#used += length;
    return key;
  }

  #widen(): void {
    const wider = this.#from.length * 2;
    this.#block = grown(this.#block, new Uint16Array(wider));
    this.#from = grown(this.#from, new Uint32Array(wider));
    this.#length = grown(this.#length, new Uint16Array(wider));
    this.#gone = grown(this.#gone, new Uint8Array(wider));
    this.#hash = grown(this.#hash, new Uint32Array(wider));
  }

  #grow(): void {
    const table = new Uint32Array(this.#table.length * 4);
    const mask = table.length - 1;
    for (let key = 0; key < this.#size; key++) {
      let slot = this.#hash[key]! & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = key + 1;
    }
    this.#table = table;
  }
}

function grown<T extends { set(from: T): void }>(from: T, to: T): T {
  to.set(from);
  return to;
}

/** FNV-1a, with a last mix so that the low bits are good ones. */
function hashOf(source: Buffer, from: number, to: number): number {
  let hash = 0x811c9dc5;
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ source[at]!, 0x01000193);
  hash ^= hash >>> 15;
  hash = Math.imul(hash, 0x2c1b3c6d);
  return (hash ^ (hash >>> 12)) >>> 0;
}
