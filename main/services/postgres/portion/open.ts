import { limits } from '../../../limits.ts';
import type { Connection } from '../../kind.ts';
import type { PortionOptions, PortionSource } from '../../portion.ts';
import { readSchema } from './schema.ts';
import { openPortionSource } from './source.ts';

/** PostgreSQL's own port: where its programs reach it beside the server. */
const port = 5432;

export async function openSource(connection: Connection, { signal, foreign, tools }: PortionOptions): Promise<PortionSource> {
  return openPortionSource(connection, {
    signal,
    statementTimeout: foreign ? limits.pullStatementTimeout : 0,
    schema: (stop) => readSchema(tools, connection, port, stop),
  });
}
