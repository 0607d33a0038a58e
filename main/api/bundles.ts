import { randomUUID } from 'node:crypto';
import type { BundleAbout } from '../../preload/contract/bundles.ts';
import type { TaskEvent } from '../../preload/contract/models.ts';
import type { Core, RunOptions, Tasks } from '../core/core.ts';
import { NoodleError } from '../errors.ts';
import { limits } from '../limits.ts';
import { type Implementer, type Parts, untilClosed, type Work } from './parts.ts';

export function bundlesRouter(os: Implementer['bundles'], parts: Parts, core: Core, tasks: Tasks) {
  /** What was looked at and not written. */
  const previews = new Map<string, { readonly about: BundleAbout; readonly at: number }>();
  const keep = (plan: string, about: BundleAbout) => {
    for (const [id, { at }] of previews) if (Date.now() - at > limits.shelfLife) previews.delete(id);
    previews.set(plan, { about, at: Date.now() });
  };
  const keysOf = ({ passphrase, identities }: { readonly passphrase: string | null; readonly identities: readonly string[] }) => ({
    ...(passphrase === null ? {} : { passphrase }),
    identities,
  });
  return os.router({
    plan: os.plan.handler(async ({ input: { stack: name, ...request } }) => {
      const stack = await parts.stack(name);
      const plan = randomUUID();
      const task = tasks.start('export', name, 'Looking at what a bundle would hold', async (run) => {
        const bundle = await stack.bundle(request, run);
        await bundle.discard();
        keep(plan, bundle.about);
      });
      return { task, plan };
    }),
    preview: os.preview.handler(({ input }) => {
      const found = previews.get(input.plan);
      if (found) return found.about;
      throw new NoodleError({ code: 'not-found', what: 'This preview is not there.', why: 'It is not done, or older than an hour.', todo: 'Look again.' }); // biome-ignore format: one line
    }),
    export: os.export.handler(async ({ input: { stack: name, lock, ...request } }) => {
      const stack = await parts.stack(name);
      const title = request.ids
        ? `Bundle of ${request.ids.length === 1 ? request.ids[0] : `${request.ids.length} ids`}`
        : 'Bundle of everything';
      const file = { name: `${name}.noodle`, type: 'application/octet-stream' };
      return parts.export(name, title, file, async ({ path }, work) => {
        const run = runOf(work);
        const bundle = await stack.bundle(request, run);
        try {
          await bundle.write(path, lock, run);
        } finally {
          await bundle.discard();
        }
      });
    }),
    inspect: os.inspect.handler(async ({ input, signal }) => {
      const { path } = await parts.upload(input.file);
      return core.bundles.inspect(path, keysOf(input), signal ?? untilClosed);
    }),
    import: os.import.handler(async ({ input }) => {
      const { path } = await parts.upload(input.file);
      const to = { stack: input.stack, runtime: input.runtime, install: true };
      return tasks.start('import', input.stack, `Making ${input.stack} of a bundle`, async (run) => {
        await core.bundles.import({ file: path, keys: keysOf(input) }, to, run);
      });
    }),
  });
}

function runOf({ signal, progress }: Work): RunOptions {
  return {
    signal,
    onEvent(event: TaskEvent) {
      if (event.type === 'progress' && event.progress.kind === 'rows')
        progress(event.progress.current, event.progress.total, event.progress.label);
    },
  };
}
