/** What a job has made and what of it is too old: pure. */
export interface Made {
  readonly id: string;
  /** ms since the epoch */
  readonly at: number;
}

/** Too old by the job's rule; the newest that is still there is never one, however old it is. @param there ids of what there is, whole */
export function expired(made: readonly Made[], there: ReadonlySet<string>, keepDays: number, now: number): readonly Made[] {
  const whole = made.filter(({ id }) => there.has(id)).sort((a, b) => a.at - b.at);
  return whole.slice(0, -1).filter(({ at }) => now - at > keepDays * day);
}

const day = 86_400_000;
