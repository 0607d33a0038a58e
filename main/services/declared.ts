/** Migrations of stores without a language for them: YAML (or JSON, which is YAML too) of a known shape. */
import { LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { NoodleError } from '../errors.ts';
import type { Migration } from './seed-target.ts';

/**
 * The migration's content as the schema has it.
 * @throws NoodleError migration-failed naming file and line of everything that is wrong
 */
export function readDeclared<T>(migration: Migration, schema: z.ZodType<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(migration.content, { lineCounter: lines });
  const at = (offset: number | undefined) => `${migration.file}:${offset === undefined ? 1 : lines.linePos(offset).line}`;
  if (document.errors.length > 0) {
    throw invalid(
      migration,
      document.errors.map((error) => `${at(error.pos[0])}: ${error.message.split('\n')[0]}`),
    );
  }
  const result = schema.safeParse(document.toJS());
  if (result.success) return result.data;
  throw invalid(
    migration,
    result.error.issues.map((issue) => {
      // The thing itself, or the nearest thing around it that is in the file.
      let path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path;
      while (path.length > 0 && !document.hasIn(path)) path = path.slice(0, -1);
      const node = document.getIn(path, true) as { readonly range?: readonly number[] } | undefined;
      return `${at(node?.range?.[0])}: ${issue.path.join('.')}: ${issue.message}`;
    }),
  );
}

function invalid(migration: Migration, problems: readonly string[]): NoodleError {
  return new NoodleError({
    code: 'migration-failed',
    what: `Migration ${migration.id} cannot be read.`,
    why: problems.join('\n'),
    todo: 'Mend the file and run the same command again.',
  });
}
