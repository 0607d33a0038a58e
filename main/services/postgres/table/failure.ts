import pg from 'pg';
import { NoodleError } from '../../../errors.ts';
import type { TableShape } from './shape.ts';

/** What the server says against a filter or a change, as a person is told of it. */
export function tableFailure(shape: Pick<TableShape, 'schema' | 'table'>): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof pg.DatabaseError)) throw error;
    const column = error.column ? ` (column ${error.column})` : '';
    throw new NoodleError(
      {
        code: 'query-failed',
        what: `${error.message.charAt(0).toUpperCase()}${error.message.slice(1)} (${error.code})`,
        why: error.detail ?? `In ${shape.schema}.${shape.table}${column}.`,
        todo: error.hint,
      },
      { cause: error },
    );
  };
}
