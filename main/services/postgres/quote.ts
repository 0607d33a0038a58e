import { NoodleError } from '../../errors.ts';

/**
 * An identifier as SQL takes it, quoted; dots are part of the name, so qualify with `quoteQualified`.
 * @throws NoodleError bad-argument for an empty name or one with NUL, which PostgreSQL cannot hold
 */
export function quoteIdentifier(name: string): string {
  if (name === '' || name.includes('\0')) {
    throw new NoodleError({ code: 'bad-argument', what: `${JSON.stringify(name)} cannot be a name in PostgreSQL.` });
  }
  return `"${name.replaceAll('"', '""')}"`;
}

/** `"schema"."table"` */
export function quoteQualified(...names: readonly string[]): string {
  return names.map(quoteIdentifier).join('.');
}
