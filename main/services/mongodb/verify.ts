import { abortable } from '../connect.ts';
import type { Connection, ServerFacts } from '../kind.ts';
import { askCapabilities, lacksOf } from './capabilities.ts';
import { openMongodb } from './client.ts';

/** Asks as the real user what the server is, and what it lacks of what MongoDB can do. */
export async function verify(connection: Connection, signal: AbortSignal): Promise<ServerFacts> {
  const client = await openMongodb(connection, signal);
  try {
    const [build, capabilities] = await abortable(
      Promise.all([client.database.admin().command({ buildInfo: 1 }, { signal }), askCapabilities(client.database, signal)]),
      signal,
    );
    const lacks = lacksOf(capabilities);
    const program = build.ferretdbVersion ? `FerretDB ${build.ferretdbVersion.replace(/^v/, '')}` : 'This server';
    return {
      version: build.ferretdbVersion ? `${program} (speaks MongoDB ${build.version})` : build.version,
      notes: lacks.length > 0 ? [`${program} has no ${lacks.join(', ')}.`] : [],
    };
  } finally {
    void client.close().catch(() => {});
  }
}
