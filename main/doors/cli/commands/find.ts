import { once } from 'node:events';
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { GlobalOptions } from '../main.ts';
import { withKnownStack } from '../session.ts';

interface FindOptions {
  readonly project?: string;
  readonly sort?: string;
  readonly collation?: string;
  readonly limit?: string;
  readonly skip?: string;
  readonly db?: string;
  readonly service?: string;
  readonly timeout?: string;
  readonly canonical: boolean;
  readonly count: boolean;
}

/** Documents as Extended JSON, one a line; with `--json` between objects that say what they are. */
export async function find(collection: string, filter: string | undefined, options: FindOptions, globals: GlobalOptions): Promise<void> {
  const limit = wholeNumber(options.limit ?? '0', '--limit');
  const skip = wholeNumber(options.skip ?? '0', '--skip');
  const timeout = options.timeout === undefined ? limits.documentQueryTimeout : wholeNumber(options.timeout, '--timeout') * 1_000;
  if (timeout < 1 || timeout > limits.documentQueryTimeoutMost) {
    throw new NoodleError({ code: 'bad-argument', what: `A query may take 1 to ${limits.documentQueryTimeoutMost / 1_000} seconds.` });
  }
  if (collection === '') throw new NoodleError({ code: 'bad-argument', what: 'Name a collection.' });
  await withKnownStack(globals, async (stack, signal) => {
    const service = stack.serviceOfKind('mongodb', options.service);
    const session = await stack.session('mongodb', service);
    const query = {
      database: options.db ?? session.database,
      collection,
      filter: filter ?? '',
      project: options.project ?? '',
      sort: options.sort ?? '',
      collation: options.collation ?? '',
      skip,
      limit,
      timeout,
    };
    const began = performance.now();
    if (options.count) {
      const count = await session.count({ ...query, exact: true }, signal);
      process.stdout.write(globals.json ? `${JSON.stringify({ type: 'count', count })}\n` : `${count}\n`);
      if (globals.json) done(began, 1);
      return;
    }
    let documents = 0;
    let text = '';
    const write = async () => {
      // Never more in memory than the reader takes.
      if (!process.stdout.write(text)) await once(process.stdout, 'drain', { signal });
      text = '';
    };
    const form = globals.json || options.canonical ? 'canonical' : 'relaxed';
    const reader = { gone: false };
    process.stdout.once('error', () => {
      reader.gone = true;
    });
    try {
      for await (const document of session.stream(query, form, signal)) {
        documents++;
        text += globals.json ? `{"type":"document","document":${document}}\n` : `${document}\n`;
        if (text.length >= writeAt) await write();
      }
    } catch (error) {
      // A reader that has seen enough (`| head`) is no error; Ctrl-C is.
      if (reader.gone) return;
      throw error;
    }
    if (text !== '') await write();
    if (globals.json) done(began, documents);
  });
}

/** Characters written at once. */
const writeAt = 64 * 1024;

function done(began: number, documents: number): void {
  process.stdout.write(`${JSON.stringify({ type: 'result', ok: true, took: Math.round(performance.now() - began), documents })}\n`);
}

function wholeNumber(text: string, option: string): number {
  const number = Number(text);
  if (Number.isInteger(number) && number >= 0 && number < 2 ** 31 && text.trim() !== '') return number;
  throw new NoodleError({ code: 'bad-argument', what: `"${text}" is no number for ${option}.`, todo: 'Give a whole number, 0 for all.' });
}
