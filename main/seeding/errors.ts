import type { ServiceKindName } from '../../preload/contract/index.ts';
import { NoodleError } from '../errors.ts';

/**
 * How servers say that their disk is full: PostgreSQL by SQLSTATE 53100, MongoDB by code 14031
 * (OutOfDiskSpace), Redis by MISCONF, all others in the words of the system or of SQLite.
 */
const fullDiskWords = /no space left on device|not enough space|disk is full|disk full|ENOSPC|OutOfDiskSpace/i;
const fullDiskCodes: readonly unknown[] = ['53100', 'ENOSPC', 14031];

/** What stopped a seeding, for people. What is a NoodleError already stays as it is, unless the disk is behind it. */
export function seedError(error: unknown, kind: ServiceKindName): NoodleError {
  const full = fullDisk(error);
  if (full !== undefined) {
    return new NoodleError(
      {
        code: 'disk-full',
        what: `${kind} could not be seeded: its disk is full.`,
        why: full,
        todo: 'Free some space and seed again: it goes on where it stopped.',
        command: 'noodlebox seed',
      },
      { cause: error },
    );
  }
  if (error instanceof NoodleError) return error;
  return new NoodleError(
    {
      code: 'seed-failed',
      what: `${kind} could not be seeded.`,
      why: error instanceof Error ? error.message : String(error),
      todo: 'Seed again: it goes on where it stopped. The log of the service may say more.',
      command: 'noodlebox seed',
    },
    { cause: error },
  );
}

/** The words of the error, or of what caused it, when they tell of a full disk. */
function fullDisk(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const code = 'code' in error ? error.code : undefined;
  const body = 'body' in error && typeof error.body === 'string' ? error.body : '';
  if (fullDiskCodes.includes(code) || fullDiskWords.test(error.message)) return error.message;
  if (fullDiskWords.test(body)) return body;
  return fullDisk(error.cause);
}
