import { readText, writeFileAtomic } from '../home/files.ts';
import type { Observed, ObservedInstance } from '../runtime/runtime.ts';

/**
 * What was learned of a running instance by asking its server. It holds for that one run of the
 * instance only, so it can be kept on disk and lost at any time.
 */
export interface Facts {
  /** Which run of which instance: see `runOf`. */
  readonly run: string;
  readonly version: string;
  readonly notes: readonly string[];
  /** Checksum of the migrations that were found applied; null when seeding was not asked for. */
  readonly seeds: string | null;
}

export type FactsByService = Readonly<Record<string, Facts>>;

export function runOf(instance: ObservedInstance): string {
  return `${instance.id}@${instance.startedAt ?? 0}`;
}

/** Unreadable facts count as none. */
export async function readFacts(path: string): Promise<FactsByService> {
  try {
    const value: unknown = JSON.parse((await readText(path)) ?? '{}');
    return typeof value === 'object' && value !== null ? (value as FactsByService) : {};
  } catch {
    return {};
  }
}

export async function writeFacts(path: string, facts: FactsByService): Promise<void> {
  await writeFileAtomic(path, `${JSON.stringify(facts, null, 2)}\n`, 0o600);
}

/** What an engine still calls starting, because its own first check is yet to come, is ready when it has answered us in this run. */
export function seenReady(observed: Observed, facts: FactsByService): Observed {
  const instances = observed.instances.map((instance) =>
    instance.health === 'starting' && facts[instance.service]?.run === runOf(instance)
      ? { ...instance, health: 'healthy' as const }
      : instance,
  );
  return { ...observed, instances };
}

/** Several services learn at once: one after another they write. */
let learning: Promise<void> = Promise.resolve();
/** @param path of the facts of one stack */
export function learn(path: string, service: string, update: (known: Facts | undefined) => Facts | undefined): Promise<void> {
  learning = learning
    .catch(() => {})
    .then(async () => {
      const all = await readFacts(path);
      const updated = update(all[service]);
      if (updated) await writeFacts(path, { ...all, [service]: updated });
    });
  return learning;
}
