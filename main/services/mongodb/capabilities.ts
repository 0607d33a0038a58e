import type { Db, Document } from 'mongodb';
import { isServerError, serverCode, serverCodes } from './errors.ts';

/** What this server can do, as it answered itself: mongod can do all, its stand-ins lack some. */
export interface Capabilities {
  readonly changeStreams: boolean;
  readonly transactions: boolean;
  readonly validators: boolean;
  /** Aggregation stages of those asked for that it knows. */
  readonly stages: ReadonlySet<string>;
}

/** A collection that is never made: asking about it changes nothing. */
const nowhere = 'noodlebox_capability_probe';

const stagesAsked: Readonly<Record<string, Document>> = {
  $lookup: { $lookup: { from: nowhere, localField: 'a', foreignField: 'b', as: 'c' } },
  $sample: { $sample: { size: 1 } },
  $facet: { $facet: { all: [{ $match: {} }] } },
};

/** Asks the server by doing each thing where it can leave no trace. @throws the driver's network errors */
export async function askCapabilities(database: Db, signal?: AbortSignal): Promise<Capabilities> {
  const names = Object.keys(stagesAsked);
  const [changeStreams, validators, inReplicaSet, ...known] = await Promise.all([
    accepts(() => openAndClose(database, signal)),
    // mongod looks for the collection first and does not find it; a server without validators refuses the command itself.
    accepts(() => database.command({ collMod: nowhere, validator: {} }, { signal })),
    isMember(database, signal),
    ...names.map((name) => accepts(() => database.collection(nowhere).aggregate([stagesAsked[name]!], { signal }).toArray())),
  ]);
  // Only members of a replica set have transactions: there is no oplog without one.
  return { changeStreams, transactions: inReplicaSet, validators, stages: new Set(names.filter((_, index) => known[index])) };
}

async function isMember(database: Db, signal: AbortSignal | undefined): Promise<boolean> {
  const ask = (command: Document) => database.command(command, { signal }).then(({ setName }) => typeof setName === 'string');
  return ask({ hello: 1 }).catch((error: unknown) => {
    if (serverCode(error) !== serverCodes.commandNotFound) throw error;
    return ask({ isMaster: 1 });
  });
}

/** The lacks, in words for people. */
export function lacksOf(capabilities: Capabilities): readonly string[] {
  const lacks = [];
  if (!capabilities.changeStreams) lacks.push('change streams');
  if (!capabilities.transactions) lacks.push('transactions');
  if (!capabilities.validators) lacks.push('validators');
  for (const stage of Object.keys(stagesAsked)) if (!capabilities.stages.has(stage)) lacks.push(stage);
  return lacks;
}

/** True when the server did it or only missed the collection, false when it refused; an error that is not the server's is thrown. */
async function accepts(act: () => Promise<unknown>): Promise<boolean> {
  try {
    await act();
    return true;
  } catch (error) {
    if (!isServerError(error)) throw error;
    return serverCode(error) === serverCodes.namespaceNotFound;
  }
}

async function openAndClose(database: Db, signal: AbortSignal | undefined): Promise<void> {
  const open = { aggregate: nowhere, pipeline: [{ $changeStream: {} }], cursor: {} };
  // Its id goes back as the long that it came as.
  const { cursor } = await database.command(open, { signal, promoteLongs: false });
  await database.command({ killCursors: nowhere, cursors: [cursor.id] }, { signal });
}
