/** A growing list of key numbers, sorted when asked. */
import { setImmediate as turn } from 'node:timers/promises';
import { limits } from '../../../limits.ts';

export class KeyList {
  #items = new Uint32Array(4);
  #count = 0;
  /** So many from the start are in order. */
  #sorted = 0;
  #removals = 0;

  get length(): number {
    return this.#count;
  }

  get isSorted(): boolean {
    return this.#sorted === this.#count;
  }

  push(item: number): void {
    if (this.#count === this.#items.length) {
      const wider = new Uint32Array(this.#items.length * 2);
      wider.set(this.#items);
      this.#items = wider;
    }
    this.#items[this.#count++] = item;
  }

  at(index: number): number {
    return this.#items[index]!;
  }

  /** Keeps those that pass, in their order. */
  keep(passes: (item: number) => boolean): void {
    let kept = 0;
    let sorted = 0;
    for (let at = 0; at < this.#count; at++) {
      const item = this.#items[at]!;
      if (!passes(item)) continue;
      this.#items[kept++] = item;
      if (at < this.#sorted) sorted = kept;
    }
    this.#removals++;
    this.#count = kept;
    this.#sorted = sorted;
  }

  /** @returns whether it was there */
  remove(item: number): boolean {
    const at = this.#items.subarray(0, this.#count).indexOf(item);
    if (at < 0) return false;
    this.#items.copyWithin(at, at + 1, this.#count);
    this.#removals++;
    this.#count--;
    if (at < this.#sorted) this.#sorted--;
    return true;
  }

  /** Sorts at once what is short enough for that. */
  sortNow(compare: (a: number, b: number) => number): void {
    if (this.isSorted || this.#count > limits.cacheSortAtOnce) return;
    this.#items.subarray(0, this.#count).sort(compare);
    this.#sorted = this.#count;
  }

  /** Sorts any number in slices: other work gets its turn in between. What is pushed meanwhile stays behind, unsorted. */
  async sort(compare: (a: number, b: number) => number, signal?: AbortSignal): Promise<void> {
    if (this.isSorted) return;
    const count = this.#count;
    const removals = this.#removals;
    let from: Uint32Array = this.#items.slice(0, count);
    let to: Uint32Array = new Uint32Array(count);
    const run = 2048;
    let work = 0;
    const breathe = async (done: number) => {
      work += done;
      if (work < limits.cacheSlice) return;
      work = 0;
      await turn();
      signal?.throwIfAborted();
    };
    for (let at = 0; at < count; at += run) {
      from.subarray(at, Math.min(count, at + run)).sort(compare);
      await breathe(run * 8);
    }
    for (let width = run; width < count; width *= 2) {
      for (let at = 0; at < count; at += width * 2) {
        const middle = Math.min(count, at + width);
        const end = Math.min(count, at + width * 2);
        let left = at;
        let right = middle;
        for (let out = at; out < end; ) {
          const stop = Math.min(end, out + limits.cacheSlice);
          for (; out < stop; out++) {
            const takeLeft = left < middle && (right >= end || compare(from[left]!, from[right]!) <= 0);
            to[out] = takeLeft ? from[left++]! : from[right++]!;
          }
          await breathe(stop - at > limits.cacheSlice ? limits.cacheSlice : stop - at);
        }
      }
      [from, to] = [to, from];
    }
    if (this.#removals !== removals) return; // something was removed meanwhile: the next sort will do
    this.#items.set(from, 0);
    this.#sorted = count;
  }
}
