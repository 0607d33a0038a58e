/** The schema of a database as pg_dump tells it: what rows need to be there before them, and what is made once they are. */
import { NoodleError } from '../../../errors.ts';
import { limits } from '../../../limits.ts';
import type { ServiceTools } from '../../../runtime/tools.ts';
import type { Connection } from '../../kind.ts';

export interface SchemaText {
  readonly before: string;
  readonly after: string;
}

/** @throws NoodleError tool-missing, tool-failed */
export async function readSchema(tools: ServiceTools, connection: Connection, port: number, signal: AbortSignal): Promise<SchemaText> {
  const section = async (name: 'pre-data' | 'post-data') => {
    const { host, port: reached } = await tools.address(port);
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of tools.run({
      argv: ['pg_dump', '--schema-only', `--section=${name}`, ...left, '--encoding=UTF8', '--lock-wait-timeout=30000'],
      env: {
        PGHOST: host,
        PGPORT: String(reached),
        PGUSER: connection.parts.user ?? '',
        PGPASSWORD: connection.parts.password ?? '',
        PGDATABASE: connection.parts.database ?? '',
        ...secured(connection),
        PGOPTIONS: '-c default_transaction_read_only=on',
        PGAPPNAME: 'noodlebox',
      },
      signal,
      doing: `read the schema of ${connection.parts.database}`,
    })) {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > limits.bundleSchemaBytes)
        throw new NoodleError({ code: 'too-large', what: 'The schema is larger than a bundle can hold.' });
    }
    return withoutPsql(Buffer.concat(chunks).toString('utf8'));
  };
  const [before, after] = await Promise.all([section('pre-data'), section('post-data')]);
  return { before, after };
}

/** As libpq names what `tlsOptions` says: https://www.postgresql.org/docs/17/libpq-ssl.html */
function secured({ tls }: Connection): Readonly<Record<string, string>> {
  if (!tls) return {};
  const mode = ({ name: 'verify-full', authority: 'verify-ca', nothing: 'require' } as const)[tls.check];
  return { PGSSLMODE: mode, ...(tls.authority ? { PGSSLROOTCERT: tls.authority.file } : {}) };
}

/** Roles, grants and what talks to other servers mean nothing elsewhere; extensions are made by their names. */
const left = ['--no-owner', '--no-privileges', '--no-publications', '--no-subscriptions', '--no-security-labels', '--no-tablespaces', '--exclude-extension=*'] as const; // biome-ignore format: one line

/** pg_dump fences its text with `\restrict` and `\unrestrict`, which only psql knows. They stand at its beginning and end. */
export function withoutPsql(text: string): string {
  return text.replace(/^(--[^\n]*\n|\n)*\\restrict [A-Za-z0-9]+\n/, '').replace(/\n\\unrestrict [A-Za-z0-9]+\s*$/, '\n');
}
