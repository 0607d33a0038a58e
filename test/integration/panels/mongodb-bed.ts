/** Both servers that speak MongoDB here, each behind a session of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { MongodbSession } from '../../../main/services/mongodb/session.ts';
import type { DocumentQuery } from '../../../preload/contract/documents.ts';
import { type MongoJavaServer, startMongoJavaServer } from '../../lab/mongo-java-server.ts';
import { type Servers, withServers } from '../../lab/servers.ts';

export const never = new AbortController().signal;
export const quiet = { signal: never, progress: () => {} };

export interface MongoBed {
  /** The session with a server, or the end of this test with the reason why there is none. */
  session(which: 'stack' | 'full', test: Pick<TestContext, 'skip'>): MongodbSession;
  readonly folder: string;
  close(): Promise<void>;
}

/** `stack`: the server of the stack (here FerretDB). `full`: one with change streams, $lookup, $sample and $facet. */
export async function openMongoBed(which: readonly ('stack' | 'full')[] = ['stack', 'full']): Promise<MongoBed> {
  const folder = await mkdtemp(join(tmpdir(), 'noodlebox-documents-'));
  const servers: Servers = await withServers(which.includes('stack') ? ['mongodb'] : []);
  const java: MongoJavaServer | { lack: string } = which.includes('full') ? await startMongoJavaServer() : { lack: 'not asked for' };
  const place = { spool: async () => folder };
  const sessions = {
    stack: servers.connections.mongodb && new MongodbSession(servers.connections.mongodb, place),
    full: 'lack' in java ? undefined : new MongodbSession(java.connection, place),
  };
  const lacks = { stack: servers.lacks.mongodb ?? 'not asked for', full: 'lack' in java ? java.lack : '' };
  return {
    folder,
    session: (name, test) => sessions[name] ?? test.skip(lacks[name]),
    async close() {
      await Promise.all(Object.values(sessions).map((session) => session?.close()));
      if (!('lack' in java)) await java.close();
      await servers.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export const query = (database: string, collection: string, given: Partial<DocumentQuery> = {}): DocumentQuery => ({
  database,
  collection,
  filter: '',
  project: '',
  sort: '',
  collation: '',
  skip: 0,
  limit: 0,
  timeout: 60_000,
  ...given,
});
