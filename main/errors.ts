/**
 * The one error type of Noodlebox and the catalogue of its codes.
 *
 * Every error that reaches a person says what happened, why, and what to do.
 */

/** Exit codes of the CLI: 0 done, 1 failed, 2 wrong usage, 3 the environment lacks something. */
export type ExitCode = 0 | 1 | 2 | 3;

/** Every error code, with the exit code the CLI leaves with. */
export const errorCodes = {
  // wrong usage
  'bad-argument': 2,
  'unknown-service': 2,
  'unknown-stack': 2,
  'confirmation-needed': 2,
  // the definition
  'definition-missing': 2,
  'definition-invalid': 2,
  'definition-key-unsupported': 2,
  'variable-missing': 2,
  // the environment
  'no-engine': 3,
  'engine-lost': 1,
  'engine-refused': 1,
  'server-missing': 3,
  'install-refused': 3,
  'install-failed': 1,
  'image-unavailable': 3,
  'port-taken': 3,
  'disk-full': 3,
  // a running stack
  'service-exited': 1,
  'service-unhealthy': 1,
  'service-timeout': 1,
  'service-unreachable': 1,
  'wrong-password': 1,
  'untrusted-server': 1,
  'data-version': 1,
  'stack-busy': 1,
  'not-supported-by-server': 1,
  // what panels and their twins ask of a server
  'query-failed': 1,
  'not-found': 1,
  /** Changed by someone else since it was read. */
  conflict: 1,
  'too-large': 1,
  // seeding
  'migration-changed': 1,
  'migration-missing': 1,
  'migration-failed': 1,
  'seed-failed': 1,
  // snapshots
  'snapshot-damaged': 1,
  // backups and bundles
  'tool-missing': 3,
  'tool-failed': 1,
  'archive-format': 1,
  'archive-damaged': 1,
  'wrong-passphrase': 1,
  // physical backups
  'backup-damaged': 1,
  'wal-gap': 1,
  // the data home
  'home-locked': 1,
  'file-unreadable': 1,
  // long work
  cancelled: 1,
  internal: 1,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof errorCodes;

/** What a person is told of an error. It never holds a secret: pass text through `mask` first. */
export interface Problem {
  readonly code: ErrorCode;
  /** What happened, one sentence. */
  readonly what: string;
  /** Why, as far as is known: a cause in words, or the last lines a server logged. */
  readonly why?: string;
  /** What to do about it. */
  readonly todo?: string;
  /** A command that does it, shown as a button in the window. */
  readonly command?: string;
  /** Where in the text that was given it went wrong: characters from its start. */
  readonly at?: { readonly offset: number; readonly length: number };
}

/** The error every part of the core throws. */
export class NoodleError extends Error {
  override readonly name = 'NoodleError';
  readonly problem: Problem;

  constructor(problem: Problem, options?: ErrorOptions) {
    super(problem.why ? `${problem.what} ${problem.why}` : problem.what, options);
    this.problem = problem;
  }

  get code(): ErrorCode {
    return this.problem.code;
  }

  get exitCode(): ExitCode {
    return errorCodes[this.problem.code];
  }
}

/** Any thrown value as a NoodleError; what is not one yet becomes `internal`, or `cancelled` for an abort. */
export function asNoodleError(thrown: unknown): NoodleError {
  if (thrown instanceof NoodleError) return thrown;
  if (thrown instanceof Error && thrown.name === 'AbortError') {
    return new NoodleError(
      { code: 'cancelled', what: 'Cancelled.', todo: 'Run the same command again to go on from here.' },
      { cause: thrown },
    );
  }
  if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOSPC') {
    return new NoodleError(
      { code: 'disk-full', what: 'The disk is full.', why: thrown.message, todo: 'Free some space, then run the same command again.' },
      { cause: thrown },
    );
  }
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new NoodleError({ code: 'internal', what: message }, { cause: thrown });
}
