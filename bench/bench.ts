/** What a bench is. It stands apart from run.ts, whose top level awaits the benches that import this. */
import type { Comparison, Figure } from './measure.ts';

export interface Bench {
  /** @returns what was measured. @throws Skip when this machine lacks something */
  run(rounds: number): Promise<readonly (({ kind: 'comparison' } & Comparison) | ({ kind: 'figure' } & Figure))[]>;
}

/** Why a measurement could not be made here. */
export class Skip extends Error {}
