import { NoodleError } from '../../../errors.ts';
import { isNetworkError, unreachable } from '../../connect.ts';
import type { Connection } from '../../kind.ts';
import { isDriverNetworkError, serverCode, serverCodes } from '../errors.ts';

/** https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml */
export const codes = {
  ...serverCodes,
  namespaceExists: 48,
  timeLimit: 50,
  cursorNotFound: 43,
  invalidOptions: 72,
  notValid: 121,
  notImplemented: 238,
  duplicateKey: 11_000,
  interrupted: 11_601,
  unknownStage: 40_324,
} as const;

const unsupported = new Set<number>([codes.commandNotFound, codes.notImplemented, codes.unknownStage]);

/** What the server or the driver said, in our words. */
export function failure(error: unknown, connection: Connection): NoodleError {
  if (error instanceof NoodleError) return error;
  if (isNetworkError(error) || isDriverNetworkError(error)) return unreachable('MongoDB', connection, error);
  const message = error instanceof Error ? error.message : String(error);
  const code = serverCode(error);
  if (code === undefined) return new NoodleError({ code: 'query-failed', what: sentence(message) }, { cause: error });
  if (unsupported.has(code) || /not (yet )?implemented|not supported/i.test(message)) {
    return new NoodleError(
      { code: 'not-supported-by-server', what: 'This server cannot do that.', why: sentence(message) },
      { cause: error },
    );
  }
  return new NoodleError({ ...told(code, message), ...details(error) }, { cause: error });
}

function told(code: number, message: string) {
  switch (code) {
    case codes.timeLimit:
      return {
        code: 'query-failed' as const,
        what: 'The server gave up: it took longer than it may.',
        why: sentence(message),
        todo: 'Allow it more time, or narrow the filter.',
      };
    case codes.duplicateKey:
      return { code: 'conflict' as const, what: 'There is a document with this unique key already.', why: sentence(message) };
    case codes.notValid:
      return { code: 'query-failed' as const, what: 'The collection’s validation refuses this document.', why: sentence(message) };
    case codes.interrupted:
      return { code: 'cancelled' as const, what: 'Cancelled on the server.' };
    default:
      return { code: 'query-failed' as const, what: sentence(message) };
  }
}

/** Which rule of a validator was broken. */
function details(error: unknown): { why?: string } {
  const info = error instanceof Error && 'errInfo' in error ? (error.errInfo as { details?: unknown } | undefined)?.details : undefined;
  return info ? { why: JSON.stringify(info).slice(0, 2_000) } : {};
}

function sentence(message: string): string {
  const text = message.trim().slice(0, 2_000);
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** The same error with the place of what the server complained of, where the text holds it: `unknown operator: $foo`. */
export function placed(error: unknown, part: string, text: string): unknown {
  if (!(error instanceof NoodleError) || error.problem.at !== undefined) return error;
  const said = `${error.problem.what} ${error.problem.why ?? ''}`;
  // What stands in quotes is what is meant; else the last that is named: `$group accumulator "$nope"`, `unknown operator: $nope`.
  const words = [...said.matchAll(/(["'`]?)(\$[A-Za-z]\w*)\1/g)].map(([, quote, word]) => ({ word: word!, meant: quote !== '' })).reverse();
  for (const { word } of [...words.filter(({ meant }) => meant), ...words]) {
    const offset = wordIn(text, word);
    if (offset >= 0) return within(new NoodleError({ ...error.problem, at: { offset, length: word.length } }, { cause: error }), part);
  }
  return error;
}

function wordIn(text: string, word: string): number {
  const match = new RegExp(`\\${word}(?![\\w$])`).exec(text);
  return match ? match.index : -1;
}

/** Says which of several texts an error with a place is of. */
export function within(error: unknown, part: string): unknown {
  if (!(error instanceof NoodleError) || error.problem.at === undefined) return error;
  return new NoodleError({ ...error.problem, what: `${part}: ${error.problem.what}` }, { cause: error });
}

/** Reads one of several texts. */
export function reading<T>(part: string, text: string, read: (text: string) => T): T {
  try {
    return read(text);
  } catch (error) {
    throw within(error, part);
  }
}
