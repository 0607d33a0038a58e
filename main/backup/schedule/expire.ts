/** What a job has made and what of it is too old: pure. */
export interface Made {
  readonly id: string;
  /** ms since the epoch */
  readonly at: number;
}

/**
 * Too old by the job's rule; the newest that holds the data of a service is never one, however old it is: a store that has
 * not run since is in no later one.
 * @param there the services that each holds which is there and whole, by id
 */
export function expired(
  made: readonly Made[],
  there: ReadonlyMap<string, readonly string[]>,
  keepDays: number,
  now: number,
): readonly Made[] {
  const held = new Set<string>();
  return made
    .filter(({ id }) => there.has(id))
    .sort((a, b) => b.at - a.at)
    .filter(({ id, at }, index) => {
      const services = there.get(id)!;
      const last = index === 0 || services.some((service) => !held.has(service));
      for (const service of services) held.add(service);
      return !last && now - at > keepDays * day;
    })
    .reverse();
}

const day = 86_400_000;
