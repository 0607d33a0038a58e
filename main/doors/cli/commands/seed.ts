import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import { confirm } from '../confirm.ts';
import { runPrinted } from '../events.ts';
import type { GlobalOptions } from '../main.ts';
import { result } from '../result.ts';
import { withStack } from '../session.ts';

export async function seed(options: { scale: string; seed: string }, globals: GlobalOptions): Promise<void> {
  const scale = scaleOf(options.scale);
  const number = seedOf(options.seed);
  await withStack(globals, async (stack, signal) => {
    if (!globals.yes) {
      const loaded = (await stack.seedState(signal)).filter((state) => state.scale !== null);
      const losses = loaded.map(
        ({ service, counts }) => `${service}: ${counts.map(({ name, rows }) => `${rows.toLocaleString('en')} ${name}`).join(', ')}`,
      );
      await confirm(`Delete these and load scale ${scale}?`, losses, globals, signal);
    }
    const ms = await runPrinted(globals.json, signal, (run) => stack.seed({ scale, seed: number }, run));
    result(globals, ms, `loaded at scale ${scale} with seed ${number}`);
  });
}

export async function reset(options: { snapshot: boolean }, globals: GlobalOptions): Promise<void> {
  await withStack(globals, async (stack, signal) => {
    if (!globals.yes) await confirm(`Delete all data of ${stack.name} and fill it anew?`, await stack.losses('reset'), globals, signal);
    const ms = await runPrinted(globals.json, signal, (run) => stack.reset({ snapshot: options.snapshot }, run));
    result(globals, ms, `${stack.name} is new`);
  });
}

export function scaleOf(text: string): number {
  const scale = Number(text);
  if (text.trim() !== '' && Number.isFinite(scale) && scale > 0 && scale <= limits.seedScaleMax) return scale;
  throw new NoodleError({
    code: 'bad-argument',
    what: `"${text}" is no scale.`,
    todo: `Give a number above 0 and at most ${limits.seedScaleMax}; 1 is about 5,000 jobs.`,
  });
}

export function seedOf(text: string): number {
  const seed = Number(text);
  if (text.trim() !== '' && Number.isInteger(seed) && seed >= 0 && seed < 2 ** 31) return seed;
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no seed.`, todo: 'Give a whole number from 0 to 2147483647.' });
}
