import { randomUUID } from 'node:crypto';
import { basename } from 'node:path';
import type { Bundle, Core, RunOptions, Tasks } from '../core/core.ts';
import { asNoodleError, NoodleError } from '../errors.ts';
import type { ShelvedFile } from '../home/shelf.ts';
import { limits } from '../limits.ts';
import { type Implementer, type Parts, untilClosed } from './parts.ts';

export function bundlesRouter(os: Implementer['bundles'], parts: Parts, core: Core, tasks: Tasks) {
  const plans = new Plans();
  const keysOf = ({ passphrase, identities }: { readonly passphrase: string | null; readonly identities: readonly string[] }) => ({
    ...(passphrase === null ? {} : { passphrase }),
    identities,
  });
  const look = (stack: string, title: string, file: string, gather: (run: RunOptions) => Promise<Bundle>) => {
    const plan = randomUUID();
    const task = tasks.start('export', stack, title, async (run) => {
      const bundle = await gather(run);
      // Whoever cancelled it does not ask for it any more.
      if (run.signal.aborted) await bundle.discard();
      run.signal.throwIfAborted();
      plans.keep(plan, { stack, file, bundle });
    });
    return { task, plan };
  };
  return os.router({
    plan: os.plan.handler(async ({ input: { stack: name, ...request } }) => {
      const stack = await parts.stack(name);
      return look(name, 'Looking at what a bundle would hold', `${name}.noodle`, (run) => stack.bundle(request, run));
    }),
    pull: os.pull.handler(({ input: { stack, servers, ...request } }) =>
      look(stack, 'Looking at what a bundle of other servers would hold', 'pulled.noodle', (run) =>
        core.bundles.pull(servers, request, run),
      ),
    ),
    preview: os.preview.handler(({ input }) => plans.must(input.plan).bundle.about),
    export: os.export.handler(({ input: { plan, lock } }) => {
      const { stack, file: name, bundle } = plans.must(plan);
      const file = { name, type: 'application/octet-stream' };
      return parts.export(stack, 'Writing a bundle', file, async ({ path }, work) => void (await bundle.write(path, lock, work)));
    }),
    forget: os.forget.handler(({ input }) => plans.forget(input.plan)),
    inspect: os.inspect.handler(async ({ input, signal }) =>
      named(await parts.upload(input.file), (path) => core.bundles.inspect(path, keysOf(input), signal ?? untilClosed)),
    ),
    import: os.import.handler(async ({ input }) => {
      const file = await parts.upload(input.file);
      const to = { stack: input.name, runtime: input.runtime, compose: input.compose ?? undefined, install: true };
      return tasks.start('bundle', input.stack, `Making ${input.name} of a bundle`, async (run) => {
        await named(file, (path) => core.bundles.import({ file: path, keys: keysOf(input) }, to, run));
      });
    }),
  });
}

/** Whoever sent a file knows it by its own name, and not by that of its place on the shelf. */
async function named<T>({ name, path }: ShelvedFile, act: (path: string) => Promise<T>): Promise<T> {
  try {
    return await act(path);
  } catch (error) {
    const { problem } = asNoodleError(error);
    const said = (text: string | undefined) => text?.replaceAll(basename(path), () => name);
    throw new NoodleError({ ...problem, what: said(problem.what)!, why: said(problem.why), todo: said(problem.todo) }, { cause: error });
  }
}

interface Plan {
  readonly stack: string;
  /** What the file will be called. */
  readonly file: string;
  readonly bundle: Bundle;
}

/** What windows have looked at and may have written: what they saw is what the file holds. */
class Plans {
  readonly #kept = new Map<string, Plan & { readonly timer: NodeJS.Timeout }>();

  keep(id: string, plan: Plan): void {
    const timer = setTimeout(() => void this.forget(id).catch(() => {}), limits.shelfLife);
    timer.unref();
    this.#kept.set(id, { ...plan, timer });
  }

  /** @throws NoodleError not-found */
  must(id: string): Plan {
    const found = this.#kept.get(id);
    if (found) return found;
    throw new NoodleError({
      code: 'not-found',
      what: 'What was gathered for this bundle is no longer there.',
      why: 'It is not done, was let go of, or is older than an hour.',
      todo: 'Look again.',
    });
  }

  async forget(id: string): Promise<void> {
    const found = this.#kept.get(id);
    if (!found) return;
    this.#kept.delete(id);
    clearTimeout(found.timer);
    await found.bundle.discard();
  }
}
