/**
 * Random numbers by key: what is made for (seed, stream, index) depends on nothing else, so any batch
 * can be made alone and made again. xoshiro128** (Blackman and Vigna, https://prng.di.unimi.it) for the
 * numbers, the finaliser of MurmurHash3 to spread its keys.
 */

/** What numbers are drawn for: each kind of entity has a stream of its own. */
export type Stream = number;

/** A stream's key, from its name and the data's seed. */
export function streamOf(seed: number, name: string): Stream {
  let hash = mix(seed ^ 0x9e3779b9);
  for (let at = 0; at < name.length; at++) hash = mix(hash ^ name.charCodeAt(at) ^ (at << 8));
  return hash;
}

/** A bijection of the 32-bit numbers that leaves no pattern: MurmurHash3's fmix32. */
export function mix(value: number): number {
  let x = value | 0;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** One source of numbers, set anew for each thing that is made. */
export class Random {
  private a = 0;
  private b = 0;
  private c = 0;
  private d = 0;

  /** Begins the numbers of one item. */
  at(stream: Stream, index: number): this {
    this.a = mix(stream + Math.imul(index, 0x9e3779b1));
    this.b = mix(this.a ^ 0x6c078965);
    this.c = mix(this.b ^ index);
    this.d = mix(this.c ^ stream) | 1; // never all zero
    return this;
  }

  /** 0 … 2³² − 1 */
  bits(): number {
    const five = Math.imul(this.b, 5);
    const result = Math.imul((five << 7) | (five >>> 25), 9) >>> 0;
    const t = this.b << 9;
    this.c ^= this.a;
    this.d ^= this.b;
    this.b ^= this.c;
    this.a ^= this.d;
    this.c ^= t;
    this.d = (this.d << 11) | (this.d >>> 21);
    return result;
  }

  /** 0 ≤ x < 1 */
  share(): number {
    return this.bits() / 0x1_0000_0000;
  }

  /** A whole number, 0 ≤ x < below. */
  below(below: number): number {
    return Math.floor(this.share() * below);
  }

  /** A whole number, from ≤ x ≤ to. */
  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  chance(share: number): boolean {
    return this.share() < share;
  }

  pick<T>(pool: readonly T[]): T {
    return pool[this.below(pool.length)]!;
  }

  /** Mostly near `typical`, now and then many times as much: how times and sizes are spread. */
  skewed(typical: number): number {
    return typical * Math.exp((this.share() + this.share() + this.share() - 1.5) * 1.6);
  }
}

const hex = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/**
 * A valid UUID (version 4 in form). No two indexes of a stream give the same one:
 * its first 32 bits are a bijection of the index.
 */
export function uuid(stream: Stream, index: number): string {
  const a = mix(index ^ stream);
  const b = mix(a ^ 0x243f6a88 ^ index);
  const c = mix(b ^ stream);
  const d = mix(c ^ 0x13198a2e ^ index);
  return `${word(a)}-${half(b >>> 16)}-${half((b & 0x0fff) | 0x4000)}-${half(((c >>> 16) & 0x3fff) | 0x8000)}-${half(c & 0xffff)}${word(d)}`;
}

function half(value: number): string {
  return hex[value >>> 8]! + hex[value & 255]!;
}

function word(value: number): string {
  return half(value >>> 16) + half(value & 0xffff);
}
