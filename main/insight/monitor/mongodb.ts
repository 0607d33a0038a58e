import { abortable } from '../../services/connect.ts';
import type { Connection } from '../../services/kind.ts';
import { openMongodb } from '../../services/mongodb/client.ts';
import { type Gauges, numbers } from './gauges.ts';

interface ServerStatus {
  readonly connections?: { readonly current?: unknown };
  readonly opcounters?: Readonly<Record<string, unknown>>;
  readonly mem?: { readonly resident?: unknown };
  readonly network?: { readonly bytesIn?: unknown; readonly bytesOut?: unknown };
}

/** What a server does not count (FerretDB tells few of these) is left out. */
export async function mongodbGauges(connection: Connection, signal: AbortSignal): Promise<Gauges> {
  const client = await abortable(openMongodb(connection, signal), signal);
  return {
    async gauges(stop) {
      const [status, sizes] = await abortable(
        Promise.all([
          client.database.command({ serverStatus: 1 }).catch(() => ({})) as Promise<ServerStatus>,
          client.database.command({ dbStats: 1 }),
        ]),
        stop,
      );
      const { opcounters = {} } = status;
      const resident = Number(status.mem?.resident);
      return numbers({
        collections: sizes.collections,
        documents: sizes.objects,
        data_size: sizes.dataSize,
        storage_size: sizes.storageSize,
        index_size: sizes.indexSize,
        connections: status.connections?.current,
        inserts: opcounters.insert,
        queries: opcounters.query,
        updates: opcounters.update,
        deletes: opcounters.delete,
        commands: opcounters.command,
        memory: Number.isFinite(resident) ? resident * 2 ** 20 : undefined,
        bytes_in: status.network?.bytesIn,
        bytes_out: status.network?.bytesOut,
      });
    },
    close: () => client.close(),
  };
}
