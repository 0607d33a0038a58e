import { createInterface } from 'node:readline/promises';
import { NoodleError } from '../../errors.ts';
import type { GlobalOptions } from './main.ts';

/** Asks before something is lost. @throws NoodleError confirmation-needed where nobody can answer, cancelled on no */
export async function confirm(question: string, losses: readonly string[], options: GlobalOptions, signal: AbortSignal): Promise<void> {
  if (options.yes || losses.length === 0) return;
  const told = losses.map((loss) => `  ${loss}`).join('\n');
  if (!process.stdin.isTTY || options.json) {
    throw new NoodleError({
      code: 'confirmation-needed',
      what: 'This deletes data, and nobody is here to be asked.',
      why: `It would delete:\n${told}`,
      todo: 'Give --yes if that is meant.',
    });
  }
  process.stderr.write(`This deletes:\n${told}\n`);
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(`${question} [y/N] `, { signal });
    if (/^y(es)?$/i.test(answer.trim())) return;
  } finally {
    prompt.close();
  }
  throw new NoodleError({ code: 'cancelled', what: 'Nothing was deleted.' });
}
