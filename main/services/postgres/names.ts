import { limits } from '../../limits.ts';
import type { SessionName } from '../kind.ts';
import { namesQuery } from './catalog/queries.ts';
import type { PostgresClient } from './client.ts';

export async function tableNames(client: PostgresClient, text: string, signal: AbortSignal): Promise<SessionName[]> {
  const rows = await client.query<{ schema: string; name: string; is_view: boolean }>(namesQuery, [text, limits.lookupNames], signal);
  return rows.map(({ schema, name, is_view }) => ({
    what: is_view ? 'view' : 'table',
    name: schema === 'public' ? name : `${schema}.${name}`,
    search: { schema, table: name },
  }));
}
