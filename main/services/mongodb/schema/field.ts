/** What is known of the values of one field, in bounded room however many come. */
import type { SchemaType } from '../../../../preload/contract/documents.ts';
import { limits } from '../../../limits.ts';

/** Steps of a histogram. */
const steps = 20;
const textShown = 100;

export interface SeenValue {
  readonly type: string;
  /** As it is shown; cut. */
  readonly text: string;
  /** What it is ordered by: a number, a time in ms; null for types without order worth telling. */
  readonly order: number | null;
}

export class TypeStats {
  count = 0;
  readonly #values = new Map<string, number>();
  #many = false;
  #least: SeenValue | undefined;
  #most: SeenValue | undefined;
  /** A uniform sample of the orders (Vitter's algorithm R). */
  readonly #sample: number[] = [];
  #ordered = 0;

  see(value: SeenValue): void {
    this.count++;
    const text = value.text.length > textShown ? `${value.text.slice(0, textShown)}…` : value.text;
    const known = this.#values.get(text);
    if (known !== undefined || this.#values.size < limits.documentSchemaValues) this.#values.set(text, (known ?? 0) + 1);
    else this.#many = true;
    if (value.order === null || Number.isNaN(value.order)) return;
    if (this.#least === undefined || value.order < this.#least.order!) this.#least = { ...value, text };
    if (this.#most === undefined || value.order > this.#most.order!) this.#most = { ...value, text };
    this.#keep(value.order);
  }

  told(type: string): SchemaType {
    const values = [...this.#values].sort((a, b) => b[1] - a[1]).slice(0, 10);
    return {
      type,
      count: this.count,
      least: this.#least?.text ?? null,
      most: this.#most?.text ?? null,
      distinct: this.#many ? null : this.#values.size,
      values: values.map(([text, count]) => ({ text, count })),
      histogram: this.#histogram(),
    };
  }

  #keep(order: number): void {
    this.#ordered++;
    if (this.#sample.length < limits.documentSchemaNumbers) this.#sample.push(order);
    else {
      const at = Math.floor(Math.random() * this.#ordered);
      if (at < limits.documentSchemaNumbers) this.#sample[at] = order;
    }
  }

  #histogram(): SchemaType['histogram'] {
    const [from, to] = [this.#least?.order, this.#most?.order];
    if (from === undefined || to === undefined || from === null || to === null || !(to > from) || !Number.isFinite(to - from)) return null;
    const counts = new Array<number>(steps).fill(0);
    for (const order of this.#sample) {
      const step = Math.min(steps - 1, Math.floor(((order - from) / (to - from)) * steps));
      counts[step] = counts[step]! + 1;
    }
    return { from, to, counts };
  }
}
