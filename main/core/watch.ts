import { setTimeout as sleep } from 'node:timers/promises';
import type { StackStatus, StatsPoint, TaskEvent } from '../../preload/contract/models.ts';
import { asNoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import type { Observed, ProbeResult } from '../runtime/runtime.ts';
import type { StackContext } from './context.ts';
import type { StatusOptions } from './core.ts';
import { readFacts, runOf, seenReady } from './facts.ts';
import { composeStatus, type Overlay } from './status.ts';

/** Pause (ms) between two statuses told; and the longest silence before all is looked at again. */
const pace = 250;
const relist = 5_000;
/** A check that passed is not run again within this time (ms): it costs the server work, and some log every one. */
const passedFor = 15_000;

/** Keeps an eye on a stack: its status on demand or as it changes, and the latest CPU and memory. */
export class StackWatch {
  private readonly context: StackContext;
  private readonly overlays = new Map<string, Overlay>();
  private readonly samples = new Map<string, StatsPoint[]>();
  /** When each service's check passed last, and in which run of its instance. */
  private readonly passed = new Map<string, { readonly run: string; readonly at: number }>();
  private followers = 0;
  private sampling: AbortController | undefined;
  private wake = Promise.withResolvers<void>();

  constructor(context: StackContext) {
    this.context = context;
  }

  async status(signal?: AbortSignal, { usage: measured = true }: StatusOptions = {}): Promise<StackStatus> {
    const { runtime, definition, core, name } = this.context;
    const [seen, facts] = await Promise.all([runtime.observe(definition, signal), readFacts(core.paths.facts(name))]);
    const observed = seenReady(seen, facts);
    const measure = () => (this.sampling ? this.latest() : this.sampleOnce(observed));
    const [probes, usage] = await Promise.all([this.probe(observed, signal), measured ? measure() : new Map()]);
    return composeStatus({ context: this.context, observed, probes, facts, usage, overlay: this.overlays });
  }

  async *follow(signal: AbortSignal): AsyncGenerator<StackStatus> {
    const stop = new AbortController();
    const ended = AbortSignal.any([signal, stop.signal]);
    this.begin();
    void this.hints(ended);
    try {
      while (!signal.aborted) {
        const { promise } = this.wake;
        yield await this.status(signal);
        await sleep(pace, undefined, { signal });
        await Promise.race([promise, sleep(relist, undefined, { signal })]);
      }
    } catch (error) {
      if (!signal.aborted) throw asNoodleError(error);
    } finally {
      stop.abort();
      this.end();
    }
  }

  stats(): Readonly<Record<string, readonly StatsPoint[]>> {
    return Object.fromEntries(this.samples);
  }

  /** A running task knows more of a service than can be observed. */
  overlay(event: TaskEvent): void {
    if (event.type === 'service') {
      this.overlays.set(event.service, { during: 'task', state: event.state, reasons: event.reasons });
      // What ended well or badly is seen by looking; only a failure's reason is kept.
      if (event.state === 'healthy') this.overlays.delete(event.service);
      if (event.state === 'unhealthy') this.overlays.set(event.service, { during: 'failure', reasons: event.reasons });
      this.wakeUp();
    }
  }

  taskEnded(): void {
    for (const [service, overlay] of this.overlays) if (overlay.during === 'task') this.overlays.delete(service);
    this.wakeUp();
  }

  /** The check is run here where the runtime's own verdict does not tell (yet). */
  private async probe(observed: Observed, signal?: AbortSignal): Promise<ReadonlyMap<string, ProbeResult>> {
    const { runtime, definition, name } = this.context;
    const probes = new Map<string, ProbeResult>();
    const unsure = observed.instances.filter(({ state, health }) => state === 'running' && (health === 'none' || health === 'starting'));
    await Promise.all(
      unsure.map(async (instance) => {
        const { service } = instance;
        const spec = definition.services[service];
        if (!spec || (!spec.healthcheck && !spec.kind)) return;
        const run = runOf(instance);
        const last = this.passed.get(service);
        if (last?.run === run && Date.now() - last.at < passedFor) {
          probes.set(service, { state: 'ready' });
          return;
        }
        const limit = AbortSignal.timeout(limits.probeTimeout);
        const result = await runtime
          .probe(name, spec, signal ? AbortSignal.any([signal, limit]) : limit)
          .catch((error: unknown): ProbeResult => ({ state: 'not-ready', message: (error as Error).message }));
        if (result.state === 'ready') this.passed.set(service, { run, at: Date.now() });
        probes.set(service, result);
      }),
    );
    return probes;
  }

  private latest(): ReadonlyMap<string, StatsPoint> {
    const latest = [...this.samples].flatMap(([service, points]) => {
      const last = points.at(-1);
      return last && Date.now() - last.time < 3 * limits.statsInterval ? [[service, last] as const] : [];
    });
    return new Map(latest);
  }

  private async sampleOnce(observed: Observed): Promise<ReadonlyMap<string, { cpu: number; memory: number }>> {
    const usage = new Map<string, { cpu: number; memory: number }>();
    if (!observed.instances.some(({ state }) => state === 'running')) return usage;
    const abort = new AbortController();
    const timer = setTimeout(() => abort.abort(), 1_500 + limits.statsInterval);
    try {
      for await (const samples of this.context.runtime.stats(this.context.name, abort.signal)) {
        for (const { service, cpu, memory } of samples) usage.set(service, { cpu, memory });
        break;
      }
    } catch {
      // Usage is worth nothing to an error: the status tells what it knows without it.
    } finally {
      clearTimeout(timer);
      abort.abort();
    }
    return usage;
  }

  private begin(): void {
    this.followers++;
    if (this.sampling) return;
    this.sampling = new AbortController();
    void this.sample(this.sampling.signal);
  }

  private end(): void {
    this.followers--;
    if (this.followers > 0) return;
    this.sampling?.abort();
    this.sampling = undefined;
  }

  private async sample(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const samples of this.context.runtime.stats(this.context.name, signal)) {
          for (const { service, cpu, memory } of samples) {
            const points = this.samples.get(service) ?? [];
            points.push({ time: Date.now(), cpu, memory });
            if (points.length > limits.statsKept) points.shift();
            this.samples.set(service, points);
          }
          this.wakeUp();
        }
      } catch {
        // An engine that is gone is told by the status; sampling goes on when it is back.
      }
      await sleep(limits.statsInterval, undefined, { signal }).catch(() => {});
    }
  }

  private async hints(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        for await (const _ of this.context.runtime.changes(this.context.name, signal)) this.wakeUp();
      } catch {
        // The next round of `follow` tells what is wrong.
      }
      await sleep(limits.statsInterval, undefined, { signal }).catch(() => {});
    }
  }

  private wakeUp(): void {
    this.wake.resolve();
    this.wake = Promise.withResolvers<void>();
  }
}
