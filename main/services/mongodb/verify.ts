import type { Document } from 'mongodb';
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
    const ferretdb = ferretdbOf(build);
    const program = ferretdb ?? 'This server';
    return {
      version: versionOf(build),
      notes: lacks.length > 0 ? [`${program} has no ${lacks.join(', ')}.`] : [],
    };
  } finally {
    void client.close().catch(() => {});
  }
}

/** @param build what `buildInfo` answered */
export function versionOf(build: Document): string {
  const ferretdb = ferretdbOf(build);
  return ferretdb ? `${ferretdb} (speaks MongoDB ${build.version})` : String(build.version);
}

function ferretdbOf({ ferretdbVersion }: Document): string | undefined {
  return ferretdbVersion ? `FerretDB ${String(ferretdbVersion).replace(/^v/, '')}` : undefined;
}
